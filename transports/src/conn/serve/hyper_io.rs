//! The socket as hyper sees it.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use crate::conn::{
    linger_close::{LINGER, poll_linger_close},
    socket::Socket,
    takeover::TakeoverSlot,
};

/// A socket that tells its driver what hyper does with it, and that is shut gently.
pub(super) struct HyperIo {
    socket: Socket,
    slot: TakeoverSlot,
    shut: bool,
    lingers: Option<Pin<Box<Sleep>>>,
}

impl HyperIo {
    pub(super) fn new(socket: Socket, slot: TakeoverSlot) -> Self {
        Self { socket, slot, shut: false, lingers: None }
    }

    pub(super) fn into_socket(self) -> Socket {
        self.socket
    }
}

impl AsyncRead for HyperIo {
    /// A client that has closed only its own half still reads (RFC 9112 §9.6), so hyper gets the end of input when
    /// everything is answered.
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(cx, into))?;
        if into.filled().len() > before {
            self.slot.activity().bytes_read();
        } else if into.remaining() > 0 && self.slot.hold_eof() {
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for HyperIo {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.slot.activity().write_pending();
        let written = ready!(Pin::new(&mut self.socket).poll_write(cx, bytes));
        self.slot.activity().bytes_written();
        Poll::Ready(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.slot.activity().write_pending();
        let written = ready!(Pin::new(&mut self.socket).poll_write_vectored(cx, slices));
        self.slot.activity().bytes_written();
        Poll::Ready(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    /// hyper flushes only when it has written all that it holds.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.socket).poll_flush(cx))?;
        self.slot.activity().flushed();
        Poll::Ready(Ok(()))
    }

    /// Closes the way out and waits for the peer to close its own, within limits: a socket that is dropped with unread input
    /// resets the connection, and the peer may lose the answer (RFC 9112 §9.6).
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { socket, shut, lingers, .. } = &mut *self;
        let lingers = lingers.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + LINGER)));
        if lingers.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        poll_linger_close(socket, shut, cx).map(Ok)
    }
}
