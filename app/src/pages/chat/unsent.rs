//! Messages on their way up. They outlive the page: what was not told to be stored is sent again by the next one, under
//! the same id.

use common::{MessageId, api::Reason, chat::RoomId};
use serde::{Deserialize, Serialize};

use super::guard::Guard;
use crate::ports::Browser;

const KEPT: &str = "pulseboard.chat.unsent";

/// A message that this page has to send.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Unsent {
    pub(super) id: MessageId,
    pub(super) room: RoomId,
    pub(super) name: String,
    pub(super) text: String,
    #[serde(skip)]
    pub(super) state: SendState,
    /// Dropping it gives up sending.
    #[serde(skip)]
    pub(super) guard: Option<Guard>,
}

/// The progress of sending a message.
#[derive(Clone, PartialEq, Default)]
pub(super) enum SendState {
    #[default]
    Sending,
    /// Stored; it stands here until the room tells it.
    Sent,
    /// Not taken, and why.
    Failed(Reason),
}

/// Reads those that this browser keeps.
pub(super) fn kept(browser: &Browser) -> Vec<Unsent> {
    browser.storage.kept(KEPT).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// Keeps one message more, or one less: other tabs keep theirs in the same place.
pub(super) fn keep(browser: &Browser, id: &MessageId, unsent: Option<&Unsent>) {
    let mut all = kept(browser);
    all.retain(|one| one.id != *id);
    all.extend(unsent.cloned());
    let text = serde_json::to_string(&all).ok().filter(|_| !all.is_empty());
    browser.storage.keep(KEPT, text.as_deref());
}
