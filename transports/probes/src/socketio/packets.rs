//! The meaning of Socket.IO packets in the live protocol.

use common::frame::ServerFrame;
use serde_json::{Value, json};

use crate::probe::{Ask, Refused};

/// The handshake's object.
pub fn auth(ask: &Ask) -> String {
    let mut auth = json!({ "topics": ask.topics, "snapshot": ask.snapshot });
    if let Some(since) = &ask.since {
        auth["since"] = json!(since);
    }
    auth.to_string()
}

/// A `connect_error`.
pub fn refused(error: &str) -> Refused {
    let error: Value = serde_json::from_str(error).expect("JSON");
    let status = error["data"]["status"].as_u64().expect("a status");
    let body = json!({ "code": error["data"]["code"], "message": error["message"] }).to_string();
    Refused { status: status.try_into().expect("a status"), body }
}

/// An event in the main namespace.
pub fn frame(packet: &str) -> ServerFrame {
    let args = packet.strip_prefix("42").unwrap_or_else(|| panic!("{packet} is not an event"));
    // Read as it stands: a `Value` would not keep the publisher's bytes.
    let args: Vec<Box<serde_json::value::RawValue>> = serde_json::from_str(args).expect("a list");
    let name: String = serde_json::from_str(args[0].get()).expect("a name");
    let json = match name.as_str() {
        "event" => {
            let fields = args[1].get().strip_prefix('{').expect("an object");
            format!(r#"{{"type":"event","cursor":{},{fields}"#, args[2].get())
        }
        "heartbeat" => format!(r#"{{"type":"heartbeat","cursor":{}}}"#, args[1].get()),
        name => {
            let kind = if name == "refused" { "error" } else { name };
            let fields = args[1].get().strip_prefix('{').expect("an object");
            format!(r#"{{"type":"{kind}",{fields}"#)
        }
    };
    let last = args.last().expect("arguments").get();
    let place: Result<common::Cursor, _> = serde_json::from_str(last);
    assert!(place.is_ok() || !last.starts_with('"'), "a client would take {last} for its place");
    ServerFrame::from_json(&json).expect("a frame")
}
