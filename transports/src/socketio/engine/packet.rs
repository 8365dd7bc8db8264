//! One packet: a digit that says its kind, and what it carries.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;

/// A message of the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Bytes),
}

impl Message {
    /// Returns the length, bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }

    /// Reports that the message is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A packet of either direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnginePacket {
    /// The first of a connection, with its terms as JSON.
    Open(String),
    /// The connection ends.
    Close,
    /// Asks for a pong with the same text.
    Ping(String),
    /// The answer.
    Pong(String),
    /// A message for the application.
    Message(Message),
    /// The new carrier counts from here on.
    Upgrade,
    /// The packet says nothing: it ends a poll.
    Noop,
}

/// A text that is not a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Engine.IO packet")]
pub struct BadEnginePacket;

impl EnginePacket {
    /// Reads a packet that is text, as it stands in a WebSocket's text frame.
    ///
    /// # Errors
    /// When its kind is unknown, or one that carries nothing carries something.
    pub fn from_text(mut text: String) -> Result<Self, BadEnginePacket> {
        let kind = *text.as_bytes().first().ok_or(BadEnginePacket)?;
        if !kind.is_ascii_digit() {
            return Err(BadEnginePacket);
        }
        text.drain(..1);
        Ok(match kind {
            b'0' => Self::Open(text),
            b'2' => Self::Ping(text),
            b'3' => Self::Pong(text),
            b'4' => Self::Message(Message::Text(text)),
            b'1' if text.is_empty() => Self::Close,
            b'5' if text.is_empty() => Self::Upgrade,
            b'6' if text.is_empty() => Self::Noop,
            _ => return Err(BadEnginePacket),
        })
    }

    /// Reads a packet as it stands in a payload: text, or `b` and base64 for a binary message.
    ///
    /// # Errors
    /// As [`EnginePacket::from_text`], and when the base64 is none.
    pub fn from_payload(text: &str) -> Result<Self, BadEnginePacket> {
        match text.strip_prefix('b') {
            Some(coded) => {
                let bytes = STANDARD.decode(coded).map_err(|_| BadEnginePacket)?;
                Ok(Self::Message(Message::Binary(bytes.into())))
            }
            None => Self::from_text(text.to_owned()),
        }
    }

    /// The packet as text: as it stands in a payload and, but for binary messages, in a text frame.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Open(terms) => format!("0{terms}"),
            Self::Close => "1".into(),
            Self::Ping(text) => format!("2{text}"),
            Self::Pong(text) => format!("3{text}"),
            Self::Message(Message::Text(text)) => format!("4{text}"),
            Self::Message(Message::Binary(bytes)) => format!("b{}", STANDARD.encode(bytes)),
            Self::Upgrade => "5".into(),
            Self::Noop => "6".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_packet() -> impl Strategy<Value = EnginePacket> {
        prop_oneof![
            ".*".prop_map(EnginePacket::Open),
            ".*".prop_map(EnginePacket::Ping),
            ".*".prop_map(EnginePacket::Pong),
            ".*".prop_map(|text| EnginePacket::Message(Message::Text(text))),
            prop::collection::vec(any::<u8>(), 0..200)
                .prop_map(|bytes| EnginePacket::Message(Message::Binary(bytes.into()))),
            Just(EnginePacket::Close),
            Just(EnginePacket::Upgrade),
            Just(EnginePacket::Noop),
        ]
    }

    proptest! {
        #[test]
        fn every_packet_reads_back_as_itself(packet in any_packet()) {
            prop_assert_eq!(EnginePacket::from_payload(&packet.to_text()), Ok(packet));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            if let Ok(packet) = EnginePacket::from_payload(&text) {
                prop_assert_eq!(packet.to_text(), text);
            }
        }
    }

    #[test]
    fn what_is_not_a_packet_is_refused() {
        for text in ["", "abc", "7", "9x", "1x", "5probe", "6\u{0}", "é", "b*", "bAQ", "bAQIDBA", "-1"] {
            assert_eq!(EnginePacket::from_payload(text), Err(BadEnginePacket), "{text:?}");
        }
    }
}
