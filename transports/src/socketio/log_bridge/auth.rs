//! The payload of a client's CONNECT packet.

use common::{Cursor, Topic, frame::ErrorCode};
use serde::Deserialize;

use super::recovery::Pid;
use crate::gate::ApiRejection;

/// The payload of a client's CONNECT packet.
#[derive(Debug, Default)]
pub(super) struct Auth {
    pub(super) topics: Vec<Topic>,
    pub(super) since: Option<Cursor>,
    pub(super) snapshot: Vec<Topic>,
    /// The name in an earlier connection.
    pub(super) pid: Option<Pid>,
    /// The position that it has seen there.
    pub(super) offset: Option<Cursor>,
}

/// The fields of ours; others are the client's own business.
#[derive(Debug, Default, Deserialize)]
struct Fields {
    topics: Option<Vec<String>>,
    rooms: Option<Vec<String>>,
    since: Option<String>,
    snapshot: Option<Snapshot>,
    pid: Option<String>,
    offset: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Snapshot {
    OfAll(bool),
    Of(Vec<String>),
}

impl Auth {
    /// Reads the JSON object of a handshake in the namespace of this kind, or in the main one.
    pub(super) fn read(json: Option<&str>, kind: Option<&str>) -> Result<Self, ApiRejection> {
        let fields: Fields = match json {
            Some(json) => serde_json::from_str(json)
                .map_err(|error| ApiRejection::new(ErrorCode::BadRequest, error.to_string()))?,
            None => Fields::default(),
        };
        let rooms = rooms(fields.rooms.unwrap_or_default(), kind)?;
        let mut topics = topics(fields.topics.unwrap_or_default(), kind)?;
        topics.extend(rooms);
        let snapshot = match fields.snapshot {
            None | Some(Snapshot::OfAll(false)) => Vec::new(),
            Some(Snapshot::OfAll(true)) => topics.clone(),
            Some(Snapshot::Of(names)) => self::topics(names, kind)?,
        };
        Ok(Self {
            topics,
            since: fields.since.map(|text| cursor(&text)).transpose()?,
            snapshot,
            pid: fields.pid.as_deref().and_then(Pid::read),
            offset: fields.offset.map(|text| cursor(&text)).transpose()?,
        })
    }
}

/// Topics by their names. In a kind's namespace there are no others than that kind's.
pub(super) fn topics(names: Vec<String>, kind: Option<&str>) -> Result<Vec<Topic>, ApiRejection> {
    names.iter().map(|name| topic(name, kind)).collect()
}

/// Topics by what is behind their kind.
pub(super) fn rooms(names: Vec<String>, kind: Option<&str>) -> Result<Vec<Topic>, ApiRejection> {
    let Some(kind) = kind else {
        return match names.is_empty() {
            true => Ok(Vec::new()),
            false => Err(ApiRejection::new(ErrorCode::BadTopic, "this namespace has topics, not rooms")),
        };
    };
    names.iter().map(|name| topic(&format!("{kind}/{name}"), Some(kind))).collect()
}

fn topic(name: &str, kind: Option<&str>) -> Result<Topic, ApiRejection> {
    let topic: Topic = name.parse().map_err(|error: common::topic::BadTopic| {
        ApiRejection::new(ErrorCode::BadTopic, error.to_string())
    })?;
    belongs(&topic, kind)?;
    Ok(topic)
}

/// Checks that a topic belongs to the namespace.
pub(super) fn belongs(topic: &Topic, kind: Option<&str>) -> Result<(), ApiRejection> {
    if kind.is_none_or(|kind| kind == topic.kind()) {
        return Ok(());
    }
    let message = format!("the topic {topic} is not of this namespace");
    Err(ApiRejection::new(ErrorCode::UnknownTopic, message))
}

fn cursor(text: &str) -> Result<Cursor, ApiRejection> {
    text.parse().map_err(|error: common::cursor::BadCursor| {
        ApiRejection::new(ErrorCode::BadCursor, error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_topics_of_the_namespaces_kind() {
        let auth = Auth::read(Some(r#"{"rooms":["lobby","a/b"],"token":1}"#), Some("chat")).expect("read");
        assert_eq!(auth.topics.iter().map(Topic::as_str).collect::<Vec<_>>(), ["chat/lobby", "chat/a/b"]);
        let code =
            |json, kind| Auth::read(Some(json), kind).map(|_| ()).map_err(|refusal| refusal.error().code);
        assert_eq!(code(r#"{"rooms":["a"]}"#, None), Err(ErrorCode::BadTopic));
        assert_eq!(code(r#"{"topics":["host/a"]}"#, Some("chat")), Err(ErrorCode::UnknownTopic));
        assert_eq!(code(r#"{"topics":["Host"]}"#, None), Err(ErrorCode::BadTopic));
        assert_eq!(code(r#"{"topics":"host"}"#, None), Err(ErrorCode::BadRequest));
        assert_eq!(code(r#"{"since":"x"}"#, None), Err(ErrorCode::BadCursor));
        assert_eq!(code(r#"{"pid":"made up","offset":"1-1"}"#, None), Ok(()));
    }
}
