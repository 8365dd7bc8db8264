//! Frames from the server, the same on every transport.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{
        DeserializeOwned, Error, MapAccess, Visitor,
        value::{self, StrDeserializer},
    },
};
use serde_json::value::RawValue;

use crate::{
    Cursor, Topic,
    api::ApiError,
    limit::Limit,
    message::{Receipt, Rejection},
};

/// The verdict on the time that a client was away; its connection's first frame has it, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The client came without a cursor: there is nothing to resume.
    New,
    /// Everything since its cursor follows.
    Resumed,
    /// Something since its cursor is gone; `gap` frames say what and why.
    Gap,
}

/// The reason for which a part of the log cannot be delivered any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// The topic's retention has dropped entries after the cursor.
    Evicted,
    /// The cursor belongs to an earlier life of this log: the server has restarted since.
    Restarted,
    /// The cursor was never issued by this log: it is from another server, or made up.
    Foreign,
    /// The stream has ended and is forgotten, or there never was one of this name: nothing will come.
    Gone,
}

/// The reason for which the server ends a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ByeReason {
    /// The server is stopping or restarting.
    Shutdown,
    /// A limit on connections is reached.
    TooManyConnections,
    /// The log holds as many topics as it may.
    LogFull,
    /// Someone has asked the server to end it, or its client has gone without closing.
    Ended,
    /// The connection has been open for as long as a one-way connection stays. Nothing is wrong; connect again at
    /// once.
    Renew,
    /// The session has ended, its account has changed, or its token was deleted: nothing more is told before the client has signed in
    /// anew.
    SignedOut,
}

/// One publication as a client receives it. `data` is the publisher's JSON, untouched.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// The position in the log: give it back to resume after it.
    pub cursor: Cursor,
    /// The stream it belongs to.
    pub topic: Topic,
    /// The payload.
    pub data: Box<RawValue>,
}

/// A frame that the server may send.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame of every connection.
    Welcome {
        /// The truth about the time away.
        verdict: Verdict,
        /// The head of the log at this moment, for information: it does not move the client's cursor.
        head: Cursor,
        /// The longest silence between two frames, in milliseconds.
        heartbeat_ms: u64,
    },
    /// A publication.
    Event(Event),
    /// Entries of these topics are gone; what is left of them follows.
    Gap {
        /// The reason.
        reason: GapReason,
        /// The topics.
        topics: Vec<Topic>,
    },
    /// All entries of this connection's topics are delivered up to `cursor`. It is sent when caught up and, at the
    /// latest, every `heartbeat_ms` of silence.
    Heartbeat {
        /// The new place to resume from.
        cursor: Cursor,
    },
    /// Topics were added; what the log has for them follows.
    Subscribed {
        /// The topics that are new on this connection.
        topics: Vec<Topic>,
    },
    /// The answer to a `ping`.
    Pong {
        /// The ping's number.
        id: u32,
    },
    /// A message is in the log, and stored if its topic is.
    Sent(Receipt),
    /// A message was not taken.
    Rejected(Rejection),
    /// A request could not be met; the connection stays.
    Error(ApiError),
    /// The connection ends now, on purpose.
    Bye {
        /// The reason.
        reason: ByeReason,
        /// Come back after this many milliseconds.
        retry_ms: u64,
    },
}

/// A text that is not a server frame.
#[derive(Debug, thiserror::Error)]
pub enum BadFrame {
    /// The text is no JSON object, or has a field twice.
    #[error("not a frame: {0}")]
    Json(#[from] serde_json::Error),
    /// The type is known and a field that it needs is missing or of another form, or the type is not known.
    #[error("a frame of type {0:?} is unknown or lacks a field")]
    Incomplete(String),
}

impl ServerFrame {
    /// Reads a frame. `data` is taken as it stands, not parsed into a tree.
    ///
    /// # Errors
    /// When the text is not JSON or not a frame of this protocol.
    pub fn from_json(text: &str) -> Result<Self, BadFrame> {
        let fields: Fields<'_> = serde_json::from_str(text)?;
        let kind: String = fields.field("type").unwrap_or_default();
        fields.frame(&kind).ok_or(BadFrame::Incomplete(kind))
    }
}

/// The fields of a frame as they stand in its text. Each is read when it is known what it is: serde's own reader of such a type
/// has code for every field of every frame, which a page would have to download.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Fields<'a> {
    fn frame(&self, kind: &str) -> Option<ServerFrame> {
        Some(match kind {
            "welcome" => ServerFrame::Welcome {
                verdict: self.str_field("verdict")?,
                head: self.str_field("head")?,
                heartbeat_ms: self.field("heartbeat_ms")?,
            },
            "event" => ServerFrame::Event(Event {
                cursor: self.str_field("cursor")?,
                topic: self.str_field("topic")?,
                data: self.raw_field("data")?.to_owned(),
            }),
            "gap" => ServerFrame::Gap { reason: self.str_field("reason")?, topics: self.field("topics")? },
            "heartbeat" => ServerFrame::Heartbeat { cursor: self.str_field("cursor")? },
            "subscribed" => ServerFrame::Subscribed { topics: self.field("topics")? },
            "pong" => ServerFrame::Pong { id: self.field::<u64>("id")?.try_into().ok()? },
            "sent" => {
                ServerFrame::Sent(Receipt { id: self.str_field("id")?, cursor: self.str_field("cursor")? })
            }
            "rejected" => ServerFrame::Rejected(Rejection {
                id: self.str_field("id")?,
                error: self.error()?,
                retry_ms: self.field("retry_ms"),
            }),
            "error" => ServerFrame::Error(self.error()?),
            "bye" => {
                ServerFrame::Bye { reason: self.str_field("reason")?, retry_ms: self.field("retry_ms")? }
            }
            _ => return None,
        })
    }

    /// Reads an error. A limit of a later version is left out.
    fn error(&self) -> Option<ApiError> {
        let limit = || Some(Limit { name: self.str_field("limit")?, max: self.field("max")? });
        Some(ApiError { code: self.str_field("code")?, message: self.field("message")?, limit: limit() })
    }

    fn raw_field(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
    }

    fn field<T: Deserialize<'a>>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.raw_field(name)?.get()).ok()
    }

    /// Reads a field whose value is a JSON string.
    fn str_field<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let str_field: String = self.field(name)?;
        T::deserialize(StrDeserializer::<value::Error>::new(&str_field)).ok()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Object).map(Self)
    }
}

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a frame")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Self::Value::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom("a field stands there twice"));
            }
            fields.push((name, value));
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_code::ErrorCode;
    use crate::{Epoch, Seq, limit::LimitName};

    #[test]
    fn every_frame_reads_back_as_it_was_written() {
        let cursor = Cursor::new(Epoch(0x19a), Seq(7));
        let topics: Vec<Topic> = vec!["chat/lobby".parse().expect("a topic")];
        let data = RawValue::from_string(r#"{"a":[1,2]}"#.into()).expect("JSON");
        let frames = [
            ServerFrame::Welcome { verdict: Verdict::Resumed, head: cursor, heartbeat_ms: 15_000 },
            ServerFrame::Event(Event { cursor, topic: topics[0].clone(), data }),
            ServerFrame::Gap { reason: GapReason::Evicted, topics: topics.clone() },
            ServerFrame::Heartbeat { cursor },
            ServerFrame::Subscribed { topics },
            ServerFrame::Pong { id: 3 },
            ServerFrame::Sent(Receipt { id: "12345678".parse().expect("an id"), cursor }),
            ServerFrame::Rejected(Rejection {
                id: "12345678".parse().expect("an id"),
                error: ApiError::limit_reached(LimitName::MessagesPerSecond, 50, "slower".into()),
                retry_ms: Some(250),
            }),
            ServerFrame::Error(ApiError::new(ErrorCode::BadTopic, "no".into())),
            ServerFrame::Error(ApiError::limit_reached(LimitName::Topics, 5_000, "full".into())),
            ServerFrame::Bye { reason: ByeReason::Shutdown, retry_ms: 900 },
        ];
        for frame in frames {
            let text = serde_json::to_string(&frame).expect("frames are JSON");
            let back = ServerFrame::from_json(&text).expect(&text);
            assert_eq!(serde_json::to_string(&back).expect("frames are JSON"), text);
        }
    }

    #[test]
    fn unknown_and_incomplete_frames_are_refused() {
        for text in [
            "",
            "{}",
            "[]",
            r#"{"type":"nap"}"#,
            r#"{"type":"heartbeat"}"#,
            r#"{"type":"gap","reason":"x","topics":[]}"#,
            r#"{"type":"pong","id":4294967296}"#,
            r#"{"type":"pong","id":3,"id":4}"#,
            r#"{"type":"heartbeat","cursor":7}"#,
        ] {
            assert!(ServerFrame::from_json(text).is_err(), "{text}");
        }
    }
}
