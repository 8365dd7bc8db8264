//! The bytes that a client sends while its request waits for an answer.

use std::{
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, ReadBuf};

use super::socket::Socket;

/// The most bytes that a client may send ahead while it waits.
const EARLY: usize = 4096;

/// Ready when the client has left. What it sends ahead is kept, within reason.
pub(super) fn poll_early(socket: &mut Socket, early: &mut Vec<u8>, cx: &mut Context<'_>) -> Poll<()> {
    while early.len() < EARLY {
        match poll_next(socket, early, cx) {
            Poll::Ready(Some(())) => {}
            Poll::Ready(None) => return Poll::Ready(()),
            Poll::Pending => return Poll::Pending,
        }
    }
    Poll::Pending
}

/// Ready with whether something came.
pub(super) fn poll_next(socket: &mut Socket, into: &mut Vec<u8>, cx: &mut Context<'_>) -> Poll<Option<()>> {
    let mut space = [MaybeUninit::uninit(); EARLY];
    let mut buffer = ReadBuf::uninit(&mut space);
    match std::task::ready!(Pin::new(socket).poll_read(cx, &mut buffer)) {
        Ok(()) if !buffer.filled().is_empty() => {
            into.extend_from_slice(buffer.filled());
            Poll::Ready(Some(()))
        }
        Ok(()) | Err(_) => Poll::Ready(None),
    }
}
