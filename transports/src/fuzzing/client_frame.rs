//! Frames as the WebSocket hears them, and messages as they are posted.

use std::fmt::Debug;

use common::{Message, frame::ClientFrame};
use serde::{Serialize, de::DeserializeOwned};

/// What is read and written is read as the same; and a message is the same message on either way up.
pub fn client_frame(bytes: &[u8]) {
    if let Ok(frame) = serde_json::from_slice::<ClientFrame>(bytes) {
        reads_back(&frame);
    }
    let Ok(message) = serde_json::from_slice::<Message>(bytes) else { return };
    reads_back(&message);
    let Some(fields) = bytes.trim_ascii().strip_prefix(b"{") else { return };
    let frame = [br#"{"type":"send","#, fields].concat();
    let frame = serde_json::from_slice::<ClientFrame>(&frame);
    assert_eq!(frame.expect("a message that can be posted can be sent"), ClientFrame::Send(message));
}

pub(crate) fn reads_back<W: Serialize + DeserializeOwned + PartialEq + Debug>(word: &W) {
    let text = serde_json::to_vec(word).expect("what was read can be written");
    let again = serde_json::from_slice::<W>(&text).expect("and read again");
    assert_eq!(&again, word);
}
