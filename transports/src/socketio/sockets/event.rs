//! An event or an acknowledgement of a namespace, with its arguments as the JSON they came in.

use bytes::Bytes;
use common::json::Json;
use serde_json::value::{RawValue, Value};

use super::packet::BadPacket;

/// An event with its arguments. Where one of them stands for an attachment, it is `{"_placeholder":true,"num":N}`.
#[derive(Debug, Clone, Default)]
pub struct Event {
    /// The event's name.
    pub name: String,
    /// The arguments behind the name.
    pub args: Vec<Box<RawValue>>,
    /// The bytes that belong to the arguments.
    pub attachments: Vec<Bytes>,
}

/// Names that the official clients keep for themselves.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// The arguments of an event or an answer.
pub(super) fn read_args(payload: &str) -> Result<Vec<Box<RawValue>>, BadPacket> {
    serde_json::from_str(payload).map_err(|_| BadPacket)
}

/// An event's name, which is its first argument.
pub(super) fn take_name(args: &mut Vec<Box<RawValue>>) -> Result<String, BadPacket> {
    if args.is_empty() {
        return Err(BadPacket);
    }
    let first = args.remove(0);
    let name = match serde_json::from_str(first.get()) {
        Ok(Json(Value::String(name))) => name,
        Ok(Json(Value::Number(number))) => number.to_string(),
        _ => return Err(BadPacket),
    };
    if RESERVED.contains(&name.as_str()) { Err(BadPacket) } else { Ok(name) }
}

/// Reports that every placeholder stands for one of so many attachments.
pub(super) fn placeholders_fit(payload: &str, attachments: usize) -> bool {
    serde_json::from_str(payload).is_ok_and(|Json(value)| fit(&value, attachments as u64))
}

fn fit(value: &Value, attachments: u64) -> bool {
    match value {
        Value::Array(items) => items.iter().all(|item| fit(item, attachments)),
        Value::Object(fields) if fields.get("_placeholder") == Some(&Value::Bool(true)) => {
            fields.get("num").and_then(Value::as_u64).is_some_and(|number| number < attachments)
        }
        Value::Object(fields) => fields.values().all(|field| fit(field, attachments)),
        _ => true,
    }
}

/// The arguments as a payload, behind `name` where there is one.
pub(super) fn write_args(name: Option<&str>, args: &[Box<RawValue>]) -> String {
    let mut payload = String::from("[");
    if let Some(name) = name {
        payload.push_str(&serde_json::to_string(name).unwrap_or_default());
    }
    for arg in args {
        if payload.len() > 1 {
            payload.push(',');
        }
        payload.push_str(arg.get());
    }
    payload.push(']');
    payload
}
