//! Closing a connection so that the peer reads the last bytes.

use std::{
    future::poll_fn,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    time::timeout,
};

use super::socket::Socket;

/// The time within which a peer has to read the last bytes.
pub(crate) const LINGER: Duration = Duration::from_secs(2);

/// Writes `last`, closes the way out and waits until the peer has left.
pub async fn linger_close(mut io: Socket, last: Bytes) {
    let said = timeout(LINGER, async {
        io.write_all(&last).await?;
        io.shutdown().await?;
        let mut discarded = [0; 256];
        while io.read(&mut discarded).await? > 0 {}
        std::io::Result::Ok(())
    });
    if !matches!(said.await, Ok(Ok(()))) {
        tracing::debug!("a client left before it heard why it was turned away");
    }
}

/// Closes a WebSocket. Its peer answers a close frame with its own before our half is closed (RFC 6455 §5.5.1): some
/// peers read no further once it is.
pub async fn linger_close_websocket(mut io: Socket, last: Bytes) {
    let closing = timeout(LINGER, async {
        io.write_all(&last).await?;
        io.flush().await?;
        poll_fn(|cx| poll_read_until(&mut io, cx, ends_with_close)).await;
        std::io::Result::Ok(())
    });
    if !matches!(closing.await, Ok(Ok(()))) {
        tracing::debug!("a WebSocket did not answer its close frame");
    }
    linger_close(io, Bytes::new()).await;
}

/// Ready when `enough` says so of what was read, or when nothing more comes.
pub(crate) fn poll_read_until(
    io: &mut Socket,
    cx: &mut Context<'_>,
    mut enough: impl FnMut(&[u8]) -> bool,
) -> Poll<()> {
    let mut space = [MaybeUninit::uninit(); 4096];
    loop {
        let mut heard = ReadBuf::uninit(&mut space);
        match ready!(Pin::new(&mut *io).poll_read(cx, &mut heard)) {
            Ok(()) if !heard.filled().is_empty() => {
                if enough(heard.filled()) {
                    return Poll::Ready(());
                }
            }
            Ok(()) | Err(_) => return Poll::Ready(()),
        }
    }
}

/// Reports whether what a client sent ends with a close frame, for when what came before it is not decoded any more. A client's
/// frames are masked, and control frames have up to 125 bytes.
pub(crate) fn ends_with_close(bytes: &[u8]) -> bool {
    (0..=125_usize).any(|length| {
        let from = bytes.len().checked_sub(length + 6);
        from.is_some_and(|from| bytes[from] == 0x88 && usize::from(bytes[from + 1]) == 0x80 | length)
    })
}

/// Closes the way out, once, and is ready when the peer has closed its own: a socket that is dropped with unread input resets
/// the connection, and the peer may lose the last bytes.
pub(crate) fn poll_linger_close(io: &mut Socket, shut: &mut bool, cx: &mut Context<'_>) -> Poll<()> {
    if !*shut {
        *shut = true;
        if ready!(Pin::new(&mut *io).poll_shutdown(cx)).is_err() {
            return Poll::Ready(());
        }
    }
    let mut space = [MaybeUninit::uninit(); 4096];
    loop {
        let mut discarded = ReadBuf::uninit(&mut space);
        match ready!(Pin::new(&mut *io).poll_read(cx, &mut discarded)) {
            Ok(()) if !discarded.filled().is_empty() => {}
            Ok(()) | Err(_) => return Poll::Ready(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ends_with_close;

    #[test]
    fn a_masked_close_frame_is_known_at_the_end_of_what_came() {
        let empty = [0x88, 0x80, 1, 2, 3, 4];
        let with_code = [0x88, 0x82, 1, 2, 3, 4, 5, 6];
        assert!(ends_with_close(&empty) && ends_with_close(&with_code));
        assert!(ends_with_close(&[&[0x81, 0x80, 0, 0, 0, 0][..], &with_code].concat()));
        assert!(!ends_with_close(&with_code[..7]) && !ends_with_close(&[]) && !ends_with_close(&[0x88, 0]));
        assert!(!ends_with_close(&[&with_code[..], &[0x89, 0x80, 1, 2, 3, 4]].concat()));
    }
}
