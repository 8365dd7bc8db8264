//! An answer that says nothing for as long as it was asked to: whatever ends it earlier stands between the two.

use std::time::Duration;

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::OwnedSemaphorePermit,
};
use tokio_util::sync::CancellationToken;
use transports::line::{LAST_CHUNK, Socket, chunk, leave};

/// Its first words, so that the head of the answer is on its way, and its last.
const FIRST: &str = ": silence follows\n\n";
const LAST: &str = "event: over\ndata: {}\n\n";

pub(super) struct Silence {
    pub(super) long: Duration,
    /// Whether its body is written in chunks.
    pub(super) chunked: bool,
    pub(super) stop: CancellationToken,
    /// Given back when it is over.
    pub(super) _place: OwnedSemaphorePermit,
}

impl Silence {
    /// What it begins with.
    pub(super) fn first(&self) -> Bytes {
        self.coded(FIRST)
    }

    /// Says nothing until its time is over, the client has left or the server stops.
    pub(super) async fn keep(self, mut io: Socket, head: Bytes) {
        let written = async {
            io.write_all(&head).await?;
            io.flush().await
        };
        if written.await.is_err() {
            return;
        }
        let last = tokio::select! {
            () = tokio::time::sleep(self.long) => self.coded(LAST),
            () = self.stop.cancelled() => Bytes::new(),
            () = gone(&mut io) => return,
        };
        let end = if self.chunked { LAST_CHUNK } else { b"" };
        leave(io, [&last[..], end].concat().into()).await;
    }

    fn coded(&self, text: &'static str) -> Bytes {
        if self.chunked { chunk(text.as_bytes()) } else { Bytes::from_static(text.as_bytes()) }
    }
}

/// Resolves when the client has left. What it says meanwhile nobody has asked for.
async fn gone(io: &mut Socket) {
    let mut unheard = [0; 256];
    loop {
        match io.read(&mut unheard).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}
