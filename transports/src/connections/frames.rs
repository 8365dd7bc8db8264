//! The frames of one connection, sent to a follower as Server-Sent Events.

use std::{sync::Arc, time::Duration};

use access::Principal;
use axum::response::Response;
use bytes::Bytes;
use common::{frame::ErrorCode, limit::LimitName};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, timeout},
};

use super::{
    frame_tap::{FrameTap, TappedFrame},
    text,
};
use crate::{
    conn::{ConnectionTakeover, Socket, linger_close},
    gate::{ApiRejection, FOLLOWERS},
    live::Live,
    sse,
    wire::{coded, end},
};

/// The time without a frame after which a comment is written, so that a follower who has gone is noticed.
const SILENCE: Duration = Duration::from_secs(15);
/// The rights of a follower are looked at this often.
const LOOK: Duration = Duration::from_millis(500);
/// The time for which a follower may take nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// The reason for which a connection cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FollowError {
    /// There is no connection of this number: 404.
    #[error("there is no connection {0}")]
    Unknown(u64),
    /// The limit of followers is reached: 429.
    #[error("as many connections are followed as may be at once")]
    TooMany,
}

impl From<FollowError> for ApiRejection {
    fn from(why: FollowError) -> Self {
        let message = why.to_string();
        match why {
            FollowError::Unknown(_) => Self::new(ErrorCode::NotFound, message),
            FollowError::TooMany => Self::limit_reached(LimitName::FollowedConnections, FOLLOWERS, message),
        }
    }
}

impl Live {
    /// Follows what stands on a connection from now on.
    ///
    /// # Errors
    /// When there is no such connection, or too many are followed.
    pub fn follow(&self, id: u64) -> Result<FrameTap, FollowError> {
        let stats = self.admission.find(id).ok_or(FollowError::Unknown(id))?;
        let places = Arc::clone(self.admission.followers());
        let place = places.try_acquire_owned().map_err(|_| FollowError::TooMany)?;
        Ok(FrameTap::new(&stats, place, self.hub.clock()))
    }
}

impl FrameTap {
    /// Answers with what is followed, until one of both has gone.
    pub async fn stream(self, takeover: ConnectionTakeover) -> Response {
        let chunked = takeover.chunked();
        let first = coded(chunked, Bytes::from_static(b": from now on\n"));
        let principal = Arc::clone(&takeover.principal);
        let run = move |io, head| FrameStream { follow: self, io, chunked, principal }.run(head);
        takeover.stream(sse::TYPE, first, run).await
    }
}

struct FrameStream {
    follow: FrameTap,
    io: Socket,
    chunked: bool,
    /// On whose behalf it is followed.
    principal: Arc<Principal>,
}

impl FrameStream {
    async fn run(mut self, head: Bytes) {
        let mut block = head;
        let mut discarded = [0; 256];
        let mut wrote_at = Instant::now();
        while block.is_empty() || write(&mut self.io, &block).await {
            if !block.is_empty() {
                wrote_at = Instant::now();
            }
            block = tokio::select! {
                next = timeout(LOOK, self.follow.next()) => match next {
                    _ if self.principal.is_revoked() => return self.end().await,
                    Ok(Some(item)) => coded(self.chunked, encode(&item)),
                    Ok(None) => return self.end().await,
                    Err(_) if wrote_at.elapsed() >= SILENCE => coded(self.chunked, sse::COMMENT),
                    Err(_) => Bytes::new(),
                },
                heard = self.io.read(&mut discarded) => match heard {
                    // A pipelined request, which will not be answered: this one does not end.
                    Ok(1..) => Bytes::new(),
                    _ => return,
                },
            };
        }
    }

    async fn end(self) {
        let ended = coded(self.chunked, Bytes::from_static(b"event: ended\ndata: {}\n\n"));
        linger_close(self.io, [ended, end(self.chunked)].concat().into()).await;
    }
}

async fn write(io: &mut Socket, block: &[u8]) -> bool {
    let writing = async {
        io.write_all(block).await?;
        io.flush().await
    };
    matches!(timeout(PATIENCE, writing).await, Ok(Ok(())))
}

fn encode(item: &TappedFrame) -> Bytes {
    match item {
        TappedFrame::Frame(frame) => format!("data: {}\n\n", text::of_frame(&**frame)),
        TappedFrame::Missed(count) => format!("event: missed\ndata: {{\"count\":{count}}}\n\n"),
    }
    .into()
}
