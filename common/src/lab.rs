//! The lab: a stretch of publications that a page asks the server for, to measure its lines with.

use std::{ops::RangeInclusive, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Topic, serde_str};

/// The name of one lab, made by the page: its publications are on `lab/<id>`.
///
/// An id is 16 to 64 of `a-z 0-9`. Make it of 128 random bits: whoever knows it can change the lab's pace and end its
/// connections.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LabId(Box<str>);

serde_str::checked_text!(LabId);

/// A text that is not a lab's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a lab's name is 16 to 64 of a-z and 0-9")]
pub struct BadLabId;

/// Publications a second.
pub const RATE: RangeInclusive<u32> = 1..=50;
/// The length of a publication, bytes.
pub const BYTES: RangeInclusive<u32> = 64..=16_384;
/// The seconds for which the server publishes before it has to be asked again.
pub const SECONDS: RangeInclusive<u32> = 1..=60;

/// The run that a page asks for. A second request for a lab changes its pace and the time that is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LabRun {
    /// Which lab.
    pub lab: LabId,
    /// The publications a second, 1 to 50.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 50))]
    pub rate: u32,
    /// The bytes of each publication, 64 to 16,384.
    #[cfg_attr(feature = "openapi", schema(minimum = 64, maximum = 16384))]
    pub bytes: u32,
    /// The seconds for which the server publishes, 1 to 60.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 60))]
    pub seconds: u32,
}

/// The answer to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabStarted {
    /// The topic of the publications.
    pub topic: Topic,
    /// A WebSocket compresses, if the browser offers it.
    pub compression: bool,
}

/// The connections of a lab that the server is to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LabCut {
    /// Which lab.
    pub lab: LabId,
}

/// The answer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabLines {
    /// The number of connections that are told to end.
    pub lines: usize,
}

/// The server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabClock {
    /// Milliseconds since 1970, with their fraction.
    pub at: f64,
}

/// The beginning of every publication of a lab; what fills it up to its length follows and says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LabBeat {
    /// Which stretch it belongs to: numbers begin anew with each.
    pub run: u64,
    /// Its number in that stretch, counted from 1.
    pub seq: u64,
    /// The time of publication, by the server's clock: milliseconds since 1970, with their fraction.
    pub at: f64,
}

impl LabId {
    /// The topic of the lab's publications.
    ///
    /// # Panics
    /// Never: a lab's name is a segment of a topic.
    #[must_use]
    pub fn topic(&self) -> Topic {
        ["lab/", &self.0].concat().parse().expect("a lab's name is a segment of a topic")
    }
}

impl FromStr for LabId {
    type Err = BadLabId;

    fn from_str(text: &str) -> Result<Self, BadLabId> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let good = (16..=64).contains(&text.len()) && text.bytes().all(allowed);
        if good { Ok(Self(text.into())) } else { Err(BadLabId) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_labs_name_is_a_segment_of_a_topic_and_hard_to_guess() {
        let id: LabId = "0123456789abcdef".parse().expect("a name");
        assert_eq!(id.topic().as_str(), "lab/0123456789abcdef");
        for text in ["", "short", "0123456789ABCDEF", "0123456789abcde/", &"x".repeat(65)] {
            assert_eq!(text.parse::<LabId>(), Err(BadLabId), "{text:?}");
        }
    }
}
