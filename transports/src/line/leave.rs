//! Ending a line, so that the other end hears the last of it.

use std::{
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

/// How long a peer may take to hear it.
pub(crate) const LINGER: Duration = Duration::from_secs(2);

/// Writes `last`, closes the way out and waits until the peer has left.
pub async fn leave(mut io: Socket, last: Bytes) {
    let said = timeout(LINGER, async {
        io.write_all(&last).await?;
        io.shutdown().await?;
        let mut unheard = [0; 256];
        while io.read(&mut unheard).await? > 0 {}
        std::io::Result::Ok(())
    });
    if !matches!(said.await, Ok(Ok(()))) {
        tracing::debug!("a client left before it heard why it was turned away");
    }
}

/// Closes the way out, once, and is ready when the peer has closed its own: a socket that is dropped with unread input resets
/// the connection, and the peer may lose the last bytes.
pub(crate) fn poll_hang_up(io: &mut Socket, shut: &mut bool, cx: &mut Context<'_>) -> Poll<()> {
    if !*shut {
        *shut = true;
        if ready!(Pin::new(&mut *io).poll_shutdown(cx)).is_err() {
            return Poll::Ready(());
        }
    }
    let mut space = [MaybeUninit::uninit(); 4096];
    loop {
        let mut unheard = ReadBuf::uninit(&mut space);
        match ready!(Pin::new(&mut *io).poll_read(cx, &mut unheard)) {
            Ok(()) if !unheard.filled().is_empty() => {}
            Ok(()) | Err(_) => return Poll::Ready(()),
        }
    }
}
