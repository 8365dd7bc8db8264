//! Packets as text.

use common::{
    Cursor, Topic,
    frame::{ClientFrame, Event, ServerFrame},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::browser::Ask;

/// Asks for the main namespace.
pub(super) fn connect(ask: &Ask) -> String {
    #[derive(Serialize)]
    struct Auth<'a> {
        topics: &'a [Topic],
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<Cursor>,
        snapshot: &'a [Topic],
    }
    let auth = Auth { topics: &ask.topics, since: ask.since, snapshot: &ask.snapshot };
    format!("40{}", serde_json::to_string(&auth).unwrap_or_default())
}

/// A frame as an event: its type is the name, the rest of it the argument.
pub(super) fn request(frame: &ClientFrame) -> Option<String> {
    let text = serde_json::to_string(frame).ok()?;
    let (name, fields) = text.strip_prefix(r#"{"type":""#)?.split_once(r#"","#)?;
    Some(format!(r#"42["{name}",{{{fields}]"#))
}

/// An event as a frame.
pub(super) fn frame(event: &str) -> Option<ServerFrame> {
    let parts: Vec<&RawValue> = serde_json::from_str(event).ok()?;
    let (name, arg) = (parts.first()?.get(), parts.get(1)?.get());
    let name = name.trim_matches('"');
    match name {
        "event" => {
            let Block { topic, data } = serde_json::from_str(arg).ok()?;
            let cursor = serde_json::from_str(parts.get(2)?.get()).ok()?;
            Some(ServerFrame::Event(Event { cursor, topic, data }))
        }
        "heartbeat" => Some(ServerFrame::Heartbeat { cursor: serde_json::from_str(arg).ok()? }),
        name => {
            let name = if name == "refused" { "error" } else { name };
            let fields = arg.strip_prefix('{')?;
            ServerFrame::from_json(&format!(r#"{{"type":"{name}",{fields}"#)).ok()
        }
    }
}

#[derive(Deserialize)]
struct Block {
    topic: Topic,
    data: Box<RawValue>,
}
