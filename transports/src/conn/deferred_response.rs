//! Requests that wait for their answers outside of hyper.

use std::{
    future::{poll_fn, ready},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use axum::http::StatusCode;
use bytes::Bytes;
use fanout::Clock;
use futures_util::future::BoxFuture;
use tokio::{io::AsyncWriteExt, time::timeout};

use super::{
    buffered_response::{BufferedResponse, PATIENCE, PollSession},
    early_bytes::{poll_early, poll_next},
    linger_close::linger_close,
    poll_connection::{self, Ended},
    request_cache::CachedRequest,
    socket::Socket,
};
use crate::gate::Permit;

/// Answers a poll by its query: the one that hyper read, and then those on the same connection that differ in nothing
/// but their query. Each keeps the permit of the one before.
pub type PollHandler =
    Box<dyn Fn(Option<&str>, Option<Permit>) -> BoxFuture<'static, BufferedResponse> + Send>;

/// The response of a request that has left hyper, and the handler of the next ones on its connection.
pub(super) struct DeferredResponse {
    /// Its answer.
    pub(super) answer: BoxFuture<'static, BufferedResponse>,
    /// The handler of the next requests, and the request that they have to equal.
    pub(super) again: Option<(CachedRequest, PollHandler)>,
    /// The connection is kept after the response.
    pub(super) keep: bool,
    /// The time for which the connection is kept for the next request.
    pub(super) idle: Duration,
    /// The clock of its `Date`.
    pub(super) clock: Arc<dyn Clock>,
}

/// Waits, writes the answer, and the next one's; gives the socket back when its client asks for something else.
pub(super) async fn wait(mut socket: Socket, waiting: DeferredResponse) -> Option<Socket> {
    let DeferredResponse { mut answer, mut again, keep, idle, clock } = waiting;
    let mut early = Vec::new();
    loop {
        let answered = poll_fn(|cx| match answer.as_mut().poll(cx) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending => poll_early(&mut socket, &mut early, cx).map(|()| None),
        });
        let answered = answered.await?;
        // A stopping server has no next answer.
        let keep = keep && answered.status != StatusCode::SERVICE_UNAVAILABLE;
        let written = answered.encode(keep, &*clock);
        let mut session = answered.session;
        let mut permit = answered.permit;
        let stats = match &session {
            Some(session) => Some(Arc::clone(session.stats())),
            None => permit.as_ref().map(|permit| Arc::clone(permit.stats())),
        };
        timeout(PATIENCE, write(&mut socket, &written)).await.ok()?.ok()?;
        if let Some(stats) = &stats {
            stats.record_written(written.len(), || 0);
        }
        drop(written);
        if !keep {
            linger_close(socket, Bytes::new()).await;
            return None;
        }
        if early.is_empty()
            && let Some((known, ask)) = again.take()
        {
            match session.take() {
                Some(polls) => {
                    let ended = poll_connection::run(socket, known, polls, idle).await?;
                    let Ended { socket: back, known, permit: held, early: read, answer: last } = ended;
                    (socket, early, permit) = (back, read, Some(held));
                    again = Some((known, ask));
                    if let Some(last) = last {
                        answer = Box::pin(ready(BufferedResponse { permit, ..last }));
                        continue;
                    }
                }
                None => again = Some((known, ask)),
            }
        }
        permit = permit.or_else(|| session.map(PollSession::into_permit));
        if early.is_empty() {
            // The connection is kept without hyper: between two polls it costs its socket.
            match timeout(idle, poll_fn(|cx| poll_next(&mut socket, &mut early, cx))).await {
                Ok(next) => next?,
                Err(_) => {
                    linger_close(socket, Bytes::new()).await;
                    return None;
                }
            }
        }
        let next =
            again.as_ref().and_then(|(known, ask)| known.query(&early).map(|query| ask(Some(query), permit)));
        match next {
            Some(next) => answer = next,
            None => return Some(socket.with_early(early.into()).with_stats(stats)),
        }
        early.clear();
    }
}

async fn write(socket: &mut Socket, bytes: &[u8]) -> std::io::Result<()> {
    socket.write_all(bytes).await?;
    socket.flush().await
}
