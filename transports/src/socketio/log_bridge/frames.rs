//! A frame of the live protocol as an event: named after its type, its other fields as the one argument.

use common::{Cursor, frame::ServerFrame};
use serde_json::{
    Map,
    value::{RawValue, Value, to_raw_value},
};

use crate::socketio::sockets::Event;

/// Encodes any frame but a publication. A heartbeat's one argument is its cursor, which clients take for their
/// position.
pub(super) fn event(frame: &ServerFrame) -> Event {
    if let ServerFrame::Heartbeat { cursor } = frame {
        return Event { name: "heartbeat".into(), args: raw(cursor), ..Event::default() };
    }
    let (name, fields) = parts(frame);
    // `error` is what emitters take for a failure of their own.
    let name = if name == "error" { "refused".into() } else { name };
    Event { name, args: raw(&fields), ..Event::default() }
}

/// Encodes a frame as the answer to a request.
pub(super) fn answer(frame: &ServerFrame) -> Vec<Box<RawValue>> {
    let (name, fields) = parts(frame);
    if matches!(name.as_str(), "error" | "rejected") {
        raw(&Map::from_iter([("error".to_owned(), Value::Object(fields))]))
    } else {
        raw(&fields)
    }
}

/// A heartbeat's argument.
pub(super) fn heartbeat(cursor: Cursor) -> String {
    format!(r#"["heartbeat","{cursor}"]"#)
}

fn parts(frame: &ServerFrame) -> (String, Map<String, Value>) {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(frame) else { return Default::default() };
    let name = match fields.remove("type") {
        Some(Value::String(name)) => name,
        _ => String::new(),
    };
    (name, fields)
}

fn raw(value: &impl serde::Serialize) -> Vec<Box<RawValue>> {
    to_raw_value(value).into_iter().collect()
}
