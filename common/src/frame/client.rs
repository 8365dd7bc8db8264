//! Frames from the client. Two-way transports carry them; one-way ones have `POST /live/send` for messages.

use serde::{Deserialize, Serialize};

use crate::{ClientMessage, Cursor, Topic};

/// A frame that a client may send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Adds topics to this connection. Without `since`, a `Latest` topic answers with its present value and a
    /// `Log` topic goes on from now.
    Subscribe {
        /// The topics to add; ones already there are left as they are.
        topics: Vec<Topic>,
        /// Resume these topics from here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Cursor>,
        /// Begin with all that the log still holds of these topics.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        snapshot: bool,
    },
    /// Takes topics away from this connection.
    Unsubscribe {
        /// The topics to take away; unknown ones are ignored.
        topics: Vec<Topic>,
    },
    /// Asks for a `pong` with the same `id`: a round trip that a browser's script can time.
    Ping {
        /// Any number; it comes back in the `pong`.
        id: u32,
    },
    /// Lets at least `ms` pass between two tellings, for a reader who does not look: topics that keep their newest entry only tell
    /// that, and the others all, later. 0 ends it; more than the heartbeat is as much as that.
    Pace {
        /// Milliseconds.
        ms: u32,
    },
    /// Sends a message to a topic; answered by `sent` or `rejected`.
    Send(ClientMessage),
}
