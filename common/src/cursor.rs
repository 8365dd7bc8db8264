//! The place in the log: `epoch-seq`, short ASCII, the same on every transport and every node.
//!
//! Where several nodes share a log, the values of Latest topics are numbered apart from the entries of Log topics, and
//! a cursor has a third part: `epoch-seq-latest`.
//!
//! It is SSE's `id:`, the poll's `since` and the WebSocket's `since`, so it holds no CR, LF, NUL or `<`
//! (WHATWG HTML §9.2.6 forbids NUL in an id, and line ends would end the field).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One life of a log. The server's start time in milliseconds since 1970, so a later life has a greater epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u64);

/// The number of a publication within its epoch. The first is 1; 0 is the place before all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Seq(pub u64);

impl Seq {
    /// The place before the first publication.
    pub const START: Self = Self(0);

    /// The place one publication further on.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The place one publication back; `START` stays where it is.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

/// A place in one life of the log: everything up to and including `seq` has been seen, and where `latest` counts,
/// every value of a Latest topic up to and including `latest`.
///
/// Written `<epoch in lower-case hex>-<seq in decimal>`, for example `19a9f3c2d10-1042`; with `latest` in decimal behind
/// another dash where that is not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Which life of the log.
    pub epoch: Epoch,
    /// The last publication seen in it.
    pub seq: Seq,
    /// The last value of a Latest topic seen in it, where several nodes share the log; else 0, and `seq` counts all.
    pub latest: Seq,
}

/// A text that is not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a cursor is written EPOCH-SEQ or EPOCH-SEQ-LATEST, lower-case hex and decimal, for example 19a9f3c2d10-1042"
)]
pub struct BadCursor;

/// 16 hex digits and twice a dash with 20 decimal digits: no cursor is longer.
const LONGEST: usize = 58;

impl Cursor {
    /// Makes a place in a log with one numbering.
    #[must_use]
    pub const fn new(epoch: Epoch, seq: Seq) -> Self {
        Self { epoch, seq, latest: Seq::START }
    }

    /// The place that has seen what either has. A cursor of another epoch always wins: it comes from the log as it is now.
    #[must_use]
    pub fn advance(self, other: Self) -> Self {
        if self.epoch != other.epoch {
            return other;
        }
        Self { seq: self.seq.max(other.seq), latest: self.latest.max(other.latest), ..other }
    }

    /// The place that has seen no more than either has; `other` where they are in two lives.
    #[must_use]
    pub fn retreat(self, other: Self) -> Self {
        if self.epoch != other.epoch {
            return other;
        }
        Self { seq: self.seq.min(other.seq), latest: self.latest.min(other.latest), ..other }
    }

    /// Reports that everything up to `other` was seen here, too: a place in another life has seen nothing of this one.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.epoch == other.epoch && self.seq >= other.seq && self.latest >= other.latest
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.epoch.0, self.seq.0)?;
        if self.latest > Seq::START { write!(f, "-{}", self.latest.0) } else { Ok(()) }
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        if text.len() > LONGEST {
            return Err(BadCursor);
        }
        let (epoch, numbers) = text.split_once('-').ok_or(BadCursor)?;
        let (seq, latest) = match numbers.split_once('-') {
            // Absent is its only spelling.
            Some((_, "0")) => return Err(BadCursor),
            Some((seq, latest)) => (seq, latest),
            None => (numbers, "0"),
        };
        let canonical = |digits: &str, hex: bool| {
            let digit = |b: u8| b.is_ascii_digit() || (hex && (b'a'..=b'f').contains(&b));
            !digits.is_empty() && digits.bytes().all(digit) && (digits == "0" || !digits.starts_with('0'))
        };
        if !canonical(epoch, true) || !canonical(seq, false) || !canonical(latest, false) {
            return Err(BadCursor);
        }
        Ok(Self {
            epoch: Epoch(u64::from_str_radix(epoch, 16).map_err(|_| BadCursor)?),
            seq: Seq(seq.parse().map_err(|_| BadCursor)?),
            latest: Seq(latest.parse().map_err(|_| BadCursor)?),
        })
    }
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::serde_str::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_cursor_reads_back_as_itself(epoch: u64, seq: u64, latest: u64) {
            let cursor = Cursor { epoch: Epoch(epoch), seq: Seq(seq), latest: Seq(latest) };
            let text = cursor.to_string();
            prop_assert!(text.len() <= LONGEST);
            prop_assert_eq!(text.parse::<Cursor>(), Ok(cursor));
        }

        #[test]
        fn a_text_that_reads_as_a_cursor_is_its_only_spelling(text in "[0-9a-fA-F+ -]{0,40}") {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert_eq!(cursor.to_string(), text);
            }
        }
    }

    #[test]
    fn what_is_not_a_cursor_is_refused() {
        for text in [
            "",
            "-",
            "1",
            "1-",
            "-1",
            "g-1",
            "1-1-0",
            "1-1-",
            "1--1",
            "1-1-01",
            "1-1-1-1",
            "1-1-18446744073709551616",
            "01-1",
            "1-01",
            "1-18446744073709551616",
            "A-1",
            " 1-1",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(BadCursor), "{text:?}");
        }
    }

    #[test]
    fn a_cursor_never_steps_back_within_an_epoch_and_always_follows_a_new_one() {
        let at = |epoch, seq, latest| Cursor { epoch: Epoch(epoch), seq: Seq(seq), latest: Seq(latest) };
        assert_eq!(at(1, 5, 0).advance(at(1, 3, 0)), at(1, 5, 0));
        assert_eq!(at(1, 5, 0).advance(at(1, 9, 0)), at(1, 9, 0));
        assert_eq!(at(1, 5, 0).advance(at(2, 0, 0)), at(2, 0, 0));
        assert_eq!(at(1, 5, 9).advance(at(1, 6, 8)), at(1, 6, 9), "of each number the greater one");
        assert_eq!(at(1, 5, 9).retreat(at(1, 6, 8)), at(1, 5, 8), "of each number the lesser one");
        assert_eq!(at(1, 5, 9).retreat(at(2, 1, 0)), at(2, 1, 0));
    }

    #[test]
    fn a_place_covers_what_is_behind_it_in_both_numbers_and_in_its_own_life() {
        let at = |epoch, seq, latest| Cursor { epoch: Epoch(epoch), seq: Seq(seq), latest: Seq(latest) };
        assert!(at(1, 5, 9).covers(at(1, 5, 9)));
        assert!(at(1, 5, 9).covers(at(1, 4, 2)));
        assert!(!at(1, 5, 9).covers(at(1, 6, 8)));
        assert!(!at(1, 5, 9).covers(at(1, 4, 10)));
        assert!(!at(2, 5, 9).covers(at(1, 1, 1)));
    }
}
