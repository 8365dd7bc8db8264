//! Packets as text.

use common::{
    Cursor, Topic,
    frame::{ClientFrame, ServerFrame},
};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::browser::{self, SubscribeRequest};

/// Asks for the main namespace.
pub(super) fn connect(ask: &SubscribeRequest) -> String {
    #[derive(Serialize)]
    struct AuthPayload<'a> {
        topics: &'a [Topic],
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<Cursor>,
        snapshot: &'a [Topic],
    }
    let auth = AuthPayload { topics: &ask.topics, since: ask.since, snapshot: &ask.snapshot };
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
    let parts: Vec<Box<RawValue>> = serde_json::from_str(event).ok()?;
    let part = |at: usize| parts.get(at).map(|part| part.get());
    let (name, arg) = (part(0)?.trim_matches('"'), part(1)?);
    match name {
        "event" => browser::frame(name, &format!(r#""cursor":{},"#, part(2)?), arg),
        "heartbeat" => browser::frame(name, "", &format!(r#"{{"cursor":{arg}}}"#)),
        "refused" => browser::frame("error", "", arg),
        name => browser::frame(name, "", arg),
    }
}
