//! The pipe from a connection's pump to the body of an HTTP/2 response. A stream of HTTP/2 is not a socket; the pipe
//! makes it look like one: bytes that the pump writes become the body, and a read returns nothing but the end.

use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::connections::ConnectionStats;

/// The most bytes that wait for the flow-control window. What has no window is not taken from the log.
const CAPACITY: usize = 64 * 1024;

/// The end that the pump writes to.
#[derive(Debug)]
pub(super) struct Pipe(Arc<Mutex<PipeState>>);

/// The end that HTTP/2 reads from; dropped when the stream is closed or reset.
#[derive(Debug)]
pub(super) struct PipeBody(Arc<Mutex<PipeState>>);

#[derive(Debug, Default)]
struct PipeState {
    queue: VecDeque<Bytes>,
    bytes: usize,
    /// Counts what waits, for as long as something may be written.
    stats: Option<Arc<ConnectionStats>>,
    /// True once nothing more will be written.
    finished: bool,
    /// True once nobody reads any more.
    abandoned: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
    listener: Option<Waker>,
}

/// Both ends.
pub(super) fn pipe() -> (Pipe, PipeBody) {
    let state = Arc::default();
    (Pipe(Arc::clone(&state)), PipeBody(state))
}

impl Pipe {
    /// Has what waits be counted there.
    pub(super) fn count(&self, stats: &Arc<ConnectionStats>) {
        self.0.lock().stats = Some(Arc::clone(stats));
    }
}

impl PipeState {
    fn counted(&self) {
        if let Some(stats) = &self.stats {
            stats.record_piped(self.bytes);
        }
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut state = self.0.lock();
        if state.abandoned || state.finished {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let some = bytes.len().min(CAPACITY.saturating_sub(state.bytes));
        if some == 0 && !bytes.is_empty() {
            state.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        state.queue.push_back(Bytes::copy_from_slice(&bytes[..some]));
        state.bytes += some;
        state.counted();
        wake(&mut state.reader);
        Poll::Ready(Ok(some))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.0.lock();
        state.finished = true;
        wake(&mut state.reader);
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Pipe {
    /// Ready, with nothing, when the stream is gone.
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut state = self.0.lock();
        if state.abandoned {
            return Poll::Ready(Ok(()));
        }
        state.listener = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.finished = true;
        state.stats = None;
        wake(&mut state.reader);
    }
}

impl Body for PipeBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let mut state = self.0.lock();
        if let Some(next) = state.queue.pop_front() {
            state.bytes -= next.len();
            state.counted();
            wake(&mut state.writer);
            return Poll::Ready(Some(Ok(Frame::data(next))));
        }
        if state.finished {
            return Poll::Ready(None);
        }
        state.reader = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for PipeBody {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.abandoned = true;
        state.queue.clear();
        wake(&mut state.writer);
        wake(&mut state.listener);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::poll_fn;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn what_is_written_is_the_body_and_a_full_pipe_waits() {
        let (mut pipe, mut body) = pipe();
        let writing = tokio::spawn(async move {
            pipe.write_all(&vec![7; 3 * CAPACITY]).await.expect("there is a reader");
            pipe.shutdown().await.expect("closed");
            pipe
        });
        let mut read = 0;
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            let data = frame.expect("never fails").into_data().expect("data");
            assert!(data.len() <= CAPACITY);
            read += data.len();
        }
        assert_eq!(read, 3 * CAPACITY);
        drop(writing.await.expect("written"));
    }

    #[tokio::test]
    async fn a_stream_that_is_reset_ends_the_pump() {
        let (mut pipe, body) = pipe();
        let mut none = [0; 8];
        let ((), heard) = tokio::join!(async { drop(body) }, pipe.read(&mut none));
        assert_eq!(heard.expect("an end"), 0);
        let refused = pipe.write(b"x").await.expect_err("nobody reads");
        assert_eq!(refused.kind(), io::ErrorKind::BrokenPipe);
    }
}
