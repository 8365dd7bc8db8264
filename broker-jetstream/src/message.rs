//! The form of our messages at NATS: subject, headers, payload.

use std::num::ParseIntError;

use async_nats::HeaderMap;
use broker::IdempotencyKey;
use common::{Seq, Topic};

use crate::subjects::{Names, SubjectKind};

/// The version of this form, and of what stands in the bucket. A node reads its own and older ones.
pub(crate) const FORMAT: u32 = 1;

const FORMAT_HEADER: &str = "Pulseboard-Format";
const PREVIOUS_HEADER: &str = "Pulseboard-Previous";
const KNOWN_HEADER: &str = "Pulseboard-Known";
const ORIGIN_HEADER: &str = "Pulseboard-Origin";
/// The server takes two messages with the same id for one.
pub(crate) const ID_HEADER: &str = "Nats-Msg-Id";
/// The server refuses a message where the newest one of its subject has another number.
pub(crate) const EXPECTED_HEADER: &str = "Nats-Expected-Last-Subject-Sequence";
/// The server refuses a message that would land in another stream.
pub(crate) const STREAM_HEADER: &str = "Nats-Expected-Stream";

/// A message of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// The topic.
    pub(crate) topic: Topic,
    /// The kind of message, by its subject.
    pub(crate) kind: SubjectKind,
    /// The call to publish that it comes from.
    pub(crate) origin: String,
    /// The key that its publisher gave it.
    pub(crate) key: Option<IdempotencyKey>,
    /// The topic's newest entry that its node had read, 0 for none.
    pub(crate) previous: Seq,
    /// The newest entry of all that its node had read.
    pub(crate) known: Seq,
}

impl Decoded {
    /// Bounds what a message says of earlier ones by its own place. Of a `Latest` topic these are places of another stream.
    pub(crate) fn before(mut self, place: Seq) -> Self {
        if self.kind == SubjectKind::Entry {
            self.previous = self.previous.min(place.previous());
            self.known = self.known.min(place.previous());
        }
        self
    }
}

/// A message that this node cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ForeignMessage {
    /// The subject is no topic's.
    #[error("its subject is no topic's")]
    Subject,
    /// A header of ours is missing.
    #[error("it has no header {0}: another program published it")]
    Missing(&'static str),
    /// A header of ours makes no sense.
    #[error("its header {0} makes no sense")]
    Malformed(&'static str),
    /// A newer release wrote it.
    #[error("it has format {0}, and this release reads up to {FORMAT}: update this node")]
    Newer(u32),
}

/// The parts of a message's headers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp<'a> {
    pub(crate) origin: &'a str,
    pub(crate) previous: Seq,
    pub(crate) known: Seq,
}

impl Stamp<'_> {
    pub(crate) fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(FORMAT_HEADER, FORMAT.to_string());
        headers.insert(ORIGIN_HEADER, self.origin);
        for (name, value) in [(PREVIOUS_HEADER, self.previous), (KNOWN_HEADER, self.known)] {
            if value > Seq::START {
                headers.insert(name, value.0.to_string());
            }
        }
        headers
    }
}

/// Returns the id under which the server recognises a publication that was sent before. A topic holds no `:`, and a key no space.
pub(crate) fn message_id(topic: &Topic, key: &IdempotencyKey, gone: Option<u64>) -> String {
    match gone {
        None => format!("{topic}:{}", key.as_str()),
        // The server remembers the id of an entry that is removed: another id, which all nodes make alike.
        Some(seq) => format!("{topic}:{} {seq}", key.as_str()),
    }
}

fn key_of(id: &str, topic: &Topic) -> Option<IdempotencyKey> {
    let key = id.strip_prefix(topic.as_str())?.strip_prefix(':')?;
    key.split(' ').next()?.parse().ok()
}

pub(crate) fn decode(
    names: &Names,
    subject: &str,
    headers: Option<&HeaderMap>,
) -> Result<Decoded, ForeignMessage> {
    let (kind, topic) = names.topic(subject).ok_or(ForeignMessage::Subject)?;
    let headers = headers.ok_or(ForeignMessage::Missing(FORMAT_HEADER))?;
    let text = |name: &'static str| headers.get(name).map(async_nats::HeaderValue::as_str);
    let format = text(FORMAT_HEADER)
        .ok_or(ForeignMessage::Missing(FORMAT_HEADER))?
        .parse::<u32>()
        .map_err(|_| ForeignMessage::Malformed(FORMAT_HEADER))?;
    if format > FORMAT {
        return Err(ForeignMessage::Newer(format));
    }
    let number = |name: &'static str| {
        text(name)
            .map_or(Ok(0), |text| text.parse().map_err(|_: ParseIntError| ForeignMessage::Malformed(name)))
            .map(Seq)
    };
    Ok(Decoded {
        kind,
        origin: text(ORIGIN_HEADER).ok_or(ForeignMessage::Missing(ORIGIN_HEADER))?.to_owned(),
        key: text(ID_HEADER).and_then(|id| key_of(id, &topic)),
        previous: number(PREVIOUS_HEADER)?,
        known: number(KNOWN_HEADER)?,
        topic,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(text: &str) -> Topic {
        text.parse().expect("a topic")
    }

    #[test]
    fn a_message_reads_back_from_its_headers() {
        let names = Names::new("board");
        let key: IdempotencyKey = "a:b/c".parse().expect("a key");
        let stamp = Stamp { origin: "n1-7", previous: Seq(3), known: Seq(9) };
        for gone in [None, Some(12)] {
            let mut headers = stamp.headers();
            headers.insert(ID_HEADER, message_id(&topic("chat/a.b"), &key, gone));
            let read = decode(&names, "board.log.chat.a=b", Some(&headers)).expect("a message of ours");
            assert_eq!(read.topic, topic("chat/a.b"));
            assert_eq!(read.key.as_ref(), Some(&key), "gone: {gone:?}");
            assert_eq!((read.previous, read.known), (Seq(3), Seq(9)));
            assert_eq!(read.origin, "n1-7");
        }
    }

    #[test]
    fn messages_of_others_are_told_apart() {
        let names = Names::new("board");
        let ours = Stamp { origin: "n", previous: Seq(0), known: Seq(0) }.headers();
        assert_eq!(decode(&names, "board.log.a", None), Err(ForeignMessage::Missing(FORMAT_HEADER)));
        assert_eq!(decode(&names, "board.log.A", Some(&ours)), Err(ForeignMessage::Subject));
        let mut newer = ours.clone();
        newer.insert(FORMAT_HEADER, "2");
        assert_eq!(decode(&names, "board.log.a", Some(&newer)), Err(ForeignMessage::Newer(2)));
        let mut bad = ours.clone();
        bad.insert(PREVIOUS_HEADER, "-1");
        assert_eq!(
            decode(&names, "board.log.a", Some(&bad)),
            Err(ForeignMessage::Malformed(PREVIOUS_HEADER))
        );
        // A key of another topic's entry is none of this one.
        let mut other = ours;
        other.insert(ID_HEADER, "b:k");
        assert_eq!(decode(&names, "board.log.a", Some(&other)).expect("ours").key, None);
    }
}
