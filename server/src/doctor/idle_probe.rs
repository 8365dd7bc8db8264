//! An answer that says nothing for as long as it was asked to: whatever ends it earlier stands between the two.

use std::time::Duration;

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::OwnedSemaphorePermit,
};
use tokio_util::sync::CancellationToken;
use transports::conn::{Socket, coded, end, linger_close};

/// Its first words, so that the head of the answer is on its way, and its last.
const FIRST: &[u8] = b": silence follows\n";
const LAST: &[u8] = b"event: over\ndata: {}\n\n";

pub(super) struct IdleProbe {
    pub(super) long: Duration,
    /// True if the body is chunked.
    pub(super) chunked: bool,
    pub(super) stop: CancellationToken,
    /// Given back when it is over.
    pub(super) _place: OwnedSemaphorePermit,
}

impl IdleProbe {
    /// Returns the first bytes of the body.
    pub(super) fn first(&self) -> Bytes {
        coded(self.chunked, Bytes::from_static(FIRST))
    }

    /// Says nothing until its time is over, the client has left or the server stops.
    pub(super) async fn keep(self, mut io: Socket, head: Bytes) {
        let last = tokio::select! {
            () = tokio::time::sleep(self.long) => coded(self.chunked, Bytes::from_static(LAST)),
            () = self.stop.cancelled() => Bytes::new(),
            () = say(&mut io, &head) => return,
        };
        linger_close(io, [last, end(self.chunked)].concat().into()).await;
    }
}

/// Says this and no more, and resolves when the client has left. What it says meanwhile nobody has asked for.
async fn say(io: &mut Socket, head: &[u8]) {
    let mut unheard = [0; 256];
    let said = async {
        io.write_all(head).await?;
        io.flush().await?;
        while io.read(&mut unheard).await? > 0 {}
        std::io::Result::Ok(())
    };
    if let Err(error) = said.await {
        tracing::debug!(%error, "a client left in the middle of a silence");
    }
}
