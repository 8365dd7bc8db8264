//! Reading of a client's requests in its namespace: `subscribe`, `unsubscribe`, `ping`, `send`.

use common::{
    frame::{ClientFrame, ErrorCode},
    json::Json,
};
use serde_json::{Map, Value};

use super::auth;
use crate::{gate::ApiRejection, socketio::sockets::Event};

/// An event is a frame of the live protocol: its name is the type, its argument has the other fields.
pub(super) fn read(kind: Option<&str>, event: Event) -> Result<ClientFrame, ApiRejection> {
    let bad = |message: String| ApiRejection::new(ErrorCode::BadFrame, message);
    if !event.attachments.is_empty() || event.args.len() > 1 {
        return Err(bad(format!("{} takes one argument, a JSON object", event.name)));
    }
    let mut fields: Map<String, Value> = match event.args.first().map(|arg| serde_json::from_str(arg.get())) {
        Some(Ok(Json(Value::Object(fields)))) => fields,
        Some(Ok(_)) => return Err(bad(format!("{} takes a JSON object", event.name))),
        Some(Err(error)) => return Err(bad(error.to_string())),
        None => Map::new(),
    };
    if let Some(rooms) = fields.remove("rooms") {
        let rooms: Vec<String> = serde_json::from_value(rooms).map_err(|error| bad(error.to_string()))?;
        let named = auth::rooms(rooms, kind)?;
        let named = named.into_iter().map(|topic| Value::String(topic.to_string()));
        match fields.entry("topics").or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(topics) => topics.extend(named),
            _ => return Err(bad("topics is a list".into())),
        }
    }
    if let Some(Value::String(room)) = fields.remove("room") {
        let named = auth::rooms(vec![room], kind)?;
        fields.extend(named.into_iter().map(|topic| ("topic".to_owned(), Value::String(topic.to_string()))));
    }
    fields.insert("type".into(), Value::String(event.name));
    let frame = serde_json::from_value(Value::Object(fields)).map_err(|error| bad(error.to_string()))?;
    let named = match &frame {
        ClientFrame::Subscribe { topics, .. } | ClientFrame::Unsubscribe { topics } => topics.as_slice(),
        ClientFrame::Send(message) => std::slice::from_ref(&message.topic),
        ClientFrame::Ping { .. } | ClientFrame::Pace { .. } => &[],
    };
    named.iter().try_for_each(|topic| auth::belongs(topic, kind))?;
    Ok(frame)
}
