//! A packet as text: type, attachments, namespace, id and payload, `51-/chat,7["event",…]`.

use std::{borrow::Cow, fmt::Write};

/// The namespace that goes without saying.
pub const MAIN: &str = "/";

/// The types of packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PacketKind {
    /// Asks for a namespace, or grants it.
    Connect,
    /// Leaves one.
    Disconnect,
    /// An event.
    Event,
    /// The answer to an event.
    Ack,
    /// A namespace is not granted.
    ConnectError,
}

/// A packet. Those with attachments are followed by as many binary messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The type.
    pub kind: PacketKind,
    /// The namespace; begins with `/`.
    pub namespace: Cow<'a, str>,
    /// The number under which an event is answered.
    pub id: Option<u64>,
    /// The number of binary messages that follow.
    pub attachments: usize,
    /// JSON.
    pub payload: Option<Cow<'a, str>>,
}

/// A text that is not a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a Socket.IO packet")]
pub struct BadPacket;

/// The longest namespace, bytes.
const NAMESPACE_LONGEST: usize = 256;

impl<'a> Packet<'a> {
    /// A packet without number and attachments.
    pub fn new(kind: PacketKind, namespace: &'a str, payload: Option<Cow<'a, str>>) -> Self {
        Self { kind, namespace: namespace.into(), id: None, attachments: 0, payload }
    }

    /// Reads a packet. Whether its payload is JSON is for the one who reads that.
    ///
    /// # Errors
    /// When it has no known kind, or a part that its kind must not have.
    pub fn read(text: &'a str) -> Result<Self, BadPacket> {
        let digit = *text.as_bytes().first().ok_or(BadPacket)?;
        let (kind, binary) = match digit {
            b'0' => (PacketKind::Connect, false),
            b'1' => (PacketKind::Disconnect, false),
            b'2' => (PacketKind::Event, false),
            b'3' => (PacketKind::Ack, false),
            b'4' => (PacketKind::ConnectError, false),
            b'5' => (PacketKind::Event, true),
            b'6' => (PacketKind::Ack, true),
            _ => return Err(BadPacket),
        };
        let mut rest = &text[1..];
        let mut attachments = 0;
        if binary {
            let (count, behind) = rest.split_once('-').ok_or(BadPacket)?;
            attachments = usize::try_from(number(count)?).map_err(|_| BadPacket)?;
            rest = behind;
        }
        let mut namespace = MAIN;
        if rest.starts_with('/') {
            (namespace, rest) = rest.split_once(',').unwrap_or((rest, ""));
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (id, payload) = rest.split_at(digits);
        let id = if id.is_empty() { None } else { Some(number(id)?) };
        let payload = (!payload.is_empty()).then_some(Cow::Borrowed(payload));
        let numbered = matches!(kind, PacketKind::Event | PacketKind::Ack);
        let bare = kind == PacketKind::Disconnect;
        let needs_payload = matches!(kind, PacketKind::Event | PacketKind::Ack | PacketKind::ConnectError);
        let wrong = (id.is_some() && !numbered)
            || (id.is_none() && kind == PacketKind::Ack)
            || (payload.is_some() && bare)
            || (payload.is_none() && needs_payload)
            // No JSON begins so, and without the main namespace's name before it, it would be one.
            || payload.as_deref().is_some_and(|payload| payload.starts_with('/'))
            || namespace.len() > NAMESPACE_LONGEST;
        if wrong {
            return Err(BadPacket);
        }
        Ok(Self { kind, namespace: namespace.into(), id, attachments, payload })
    }

    /// The packet as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let payload = self.payload.as_deref().unwrap_or_default();
        let mut text = String::with_capacity(payload.len() + self.namespace.len() + 16);
        let binary = self.attachments > 0;
        text.push(match (self.kind, binary) {
            (PacketKind::Connect, _) => '0',
            (PacketKind::Disconnect, _) => '1',
            (PacketKind::Event, false) => '2',
            (PacketKind::Ack, false) => '3',
            (PacketKind::ConnectError, _) => '4',
            (PacketKind::Event, true) => '5',
            (PacketKind::Ack, true) => '6',
        });
        let mut written = Ok(());
        if binary {
            written = write!(text, "{}-", self.attachments);
        }
        if self.namespace != MAIN {
            text.extend([&self.namespace, ","]);
        }
        if let Some(id) = self.id {
            written = written.and_then(|()| write!(text, "{id}"));
        }
        debug_assert!(written.is_ok(), "a String takes everything");
        text.push_str(payload);
        text
    }
}

/// Digits alone: `parse` would take a sign, too.
fn number(text: &str) -> Result<u64, BadPacket> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadPacket);
    }
    text.parse().map_err(|_| BadPacket)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_event() -> impl Strategy<Value = Packet<'static>> {
        let namespace = prop_oneof![Just("/".to_owned()), "/[a-z/]{1,9}"];
        let payload = prop_oneof![Just("[\"a\",1]".to_owned()), "\\[\"[a-z,/0-9-]{0,9}\"\\]"];
        (namespace, prop::option::of(any::<u64>()), 0..11usize, payload).prop_map(
            |(namespace, id, attachments, payload)| Packet {
                kind: PacketKind::Event,
                namespace: namespace.into(),
                id,
                attachments,
                payload: Some(payload.into()),
            },
        )
    }

    proptest! {
        #[test]
        fn every_event_reads_back_as_itself(event in any_event()) {
            let text = event.to_text();
            prop_assert_eq!(Packet::read(&text), Ok(event));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9/,\\-\\[\\]\"a{}]{0,30}|.*") {
            if let Ok(packet) = Packet::read(&text) {
                let again = packet.to_text();
                prop_assert_eq!(Packet::read(&again), Ok(packet));
            }
        }
    }

    #[test]
    fn the_forms_of_the_protocols_own_description_are_read() {
        let read = |text: &'static str| Packet::read(text).expect("a packet");
        assert_eq!(read("0"), Packet::new(PacketKind::Connect, "/", None));
        assert_eq!(
            read("0/admin,{\"token\":1}"),
            Packet::new(PacketKind::Connect, "/admin", Some("{\"token\":1}".into()))
        );
        assert_eq!(read("0/admin"), Packet::new(PacketKind::Connect, "/admin", None));
        assert_eq!(read("1/admin,"), Packet::new(PacketKind::Disconnect, "/admin", None));
        let ack = Packet { id: Some(12), ..Packet::new(PacketKind::Ack, "/admin", Some("[]".into())) };
        assert_eq!(read("3/admin,12[]"), ack);
        let binary = Packet { attachments: 1, ..Packet::new(PacketKind::Event, "/", Some("[\"a\"]".into())) };
        assert_eq!(read("51-[\"a\"]"), binary);
    }

    #[test]
    fn what_is_not_a_packet_is_refused() {
        for text in [
            "",
            "abc",
            "7",
            "2",
            "3[]",
            "1{}",
            "012",
            "5[]",
            "5+1-[]",
            "5a-[]",
            "2/a",
            "0/,/,",
            "299999999999999999999[]",
        ] {
            assert_eq!(Packet::read(text), Err(BadPacket), "{text:?}");
        }
    }
}
