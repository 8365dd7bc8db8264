//! Saying one last thing on a line.

use std::time::Duration;

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::socket::Socket;

/// How long a peer may take to hear it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes `last`, closes the way out and waits until the peer has left.
pub async fn leave(mut io: Socket, last: Bytes) {
    let said = timeout(PATIENCE, async {
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
