//! Topics are paths: `host/<id>/metrics`, `chat/<room>`, `alerts`, `custom/<name>`.

use std::{borrow::Borrow, str::FromStr, sync::Arc};

use crate::serde_str;

/// The name of one stream of publications: one to four segments of `a-z 0-9 _ . -`, each 1 to 64 long.
///
/// The alphabet is safe as it stands in a URL, a comma-separated list, an SSE field and a log line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic(Arc<str>);

serde_str::checked_text!(Topic);

/// A text that is not a topic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a topic: one to four segments of a-z, 0-9, '_', '.' and '-', each 1 to 64 long, with '/' between"
)]
pub struct BadTopic(pub String);

const SEGMENTS: usize = 4;
const SEGMENT_LONGEST: usize = 64;

impl Topic {
    /// Its first segment.
    #[must_use]
    pub fn kind(&self) -> &str {
        kind(&self.0)
    }
}

fn kind(path: &str) -> &str {
    path.split_once('/').map_or(path, |(kind, _)| kind)
}

impl FromStr for Topic {
    type Err = BadTopic;

    fn from_str(text: &str) -> Result<Self, BadTopic> {
        let mut segments = 0;
        let all_good = text.split('/').all(|segment| {
            segments += 1;
            segments <= SEGMENTS && is_segment(segment)
        });
        if all_good { Ok(Self(text.into())) } else { Err(BadTopic(text.chars().take(80).collect())) }
    }
}

fn is_segment(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-');
    (1..=SEGMENT_LONGEST).contains(&text.len()) && text.bytes().all(allowed)
}

impl Borrow<str> for Topic {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A family of topics: a topic in which a segment may be `*`, standing for any one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicPattern(Arc<str>);

impl TopicPattern {
    /// Its first segment; `*` where it says nothing about that.
    #[must_use]
    pub fn kind(&self) -> &str {
        kind(&self.0)
    }

    /// Reports that `topic` belongs to the family.
    #[must_use]
    pub fn matches(&self, topic: &Topic) -> bool {
        let mut theirs = topic.0.split('/');
        self.0.split('/').all(|ours| theirs.next().is_some_and(|segment| ours == "*" || ours == segment))
            && theirs.next().is_none()
    }
}

impl FromStr for TopicPattern {
    type Err = BadTopic;

    fn from_str(text: &str) -> Result<Self, BadTopic> {
        let good = text.split('/').count() <= SEGMENTS && text.split('/').all(|s| s == "*" || is_segment(s));
        if good { Ok(Self(text.into())) } else { Err(BadTopic(text.to_owned())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_plain_segments_are_topics() {
        for text in ["alerts", "chat/lobby", "host/web-1.example/metrics", "a/b/c/d"] {
            assert_eq!(text.parse::<Topic>().map(|t| t.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long = "x".repeat(65);
        for text in
            ["", "/", "a//b", "/a", "a/", "a/b/c/d/e", "A", "a b", "a,b", "chat/로비", "a\nb", "*", &long]
        {
            assert!(text.parse::<Topic>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_star_stands_for_exactly_one_segment() {
        let pattern: TopicPattern = "host/*/metrics".parse().expect("a pattern");
        let matches = |t: &str| pattern.matches(&t.parse().expect("a topic"));
        assert!(matches("host/a/metrics"));
        assert!(!matches("host/metrics"));
        assert!(!matches("host/a/b/metrics"));
        assert!(!matches("host/a/system"));
    }
}
