//! Keeps the chat's state in this browser, so that it outlives the page.

use common::{
    Cursor, MessageId,
    chat::{RoomId, SenderId},
};
use serde::{Deserialize, Serialize};

use crate::ports::Browser;

/// There is none in a browser that has never chatted.
pub(super) const KEPT: &str = "pulseboard.chat";

/// The tab that changes something last writes it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    pub(super) client: Option<MessageId>,
    pub(super) name: String,
    pub(super) sender: Option<SenderId>,
    pub(super) open: bool,
    pub(super) here: Option<RoomId>,
    /// Those that are followed, and up to where they were read.
    pub(super) rooms: Vec<(RoomId, Option<Cursor>)>,
}

/// Returns true if the panel was open when this was written. Read without a reader of JSON, which comes with the rest:
/// within a text the marks would be escaped.
pub(super) fn was_open(kept: &str) -> bool {
    kept.contains(r#""open":true"#)
}

impl Memory {
    pub(super) fn of(browser: &Browser) -> Self {
        browser.storage.kept(KEPT).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_open_is_told_from_what_people_are_called() {
        let kept = |open, name: &str| {
            let memory = Memory { open, name: name.to_owned(), ..Memory::default() };
            serde_json::to_string(&memory).expect("JSON")
        };
        assert!(was_open(&kept(true, "Kim")));
        assert!(!was_open(&kept(false, "Kim")));
        assert!(!was_open(&kept(false, r#"","open":true,""#)));
    }
}
