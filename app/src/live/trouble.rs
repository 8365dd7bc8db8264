//! A failure in a part of the page: enough to inform people, and an id under which the details can be found.

use common::api::Reason;

use crate::{i18n::Words, ports::FetchError};

/// A failure with the number a reader can quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The status of the answer; 0 where there was none, and 200 where what came could not be read.
    pub status: u16,
    /// Why the server refused the request.
    reason: Option<Reason>,
    /// Status and minute, short enough to read aloud.
    pub id: String,
}

impl Trouble {
    /// A request that failed at `now`, milliseconds since 1970. The details go to the console under the id.
    pub(crate) fn of(error: FetchError, now: f64) -> Self {
        let FetchError { status, reason, message } = error;
        let id = [&status.to_string(), "-", &minute(now as u64)].concat();
        leptos::logging::warn!("trouble {id}: {message}");
        Self { status, reason, id }
    }

    /// An event that could not be read.
    pub(super) fn unreadable(error: &serde_json::Error, now: f64) -> Self {
        Self::of(FetchError { status: 200, reason: None, message: error.to_string() }, now)
    }

    /// Describes the failure in plain words.
    #[must_use]
    pub fn told(&self, words: &Words) -> String {
        match (self.status, self.reason) {
            (0, _) => words.no_answer.to_owned(),
            (status, Some(reason)) => (words.refused_with)(status, &(words.refusal)(reason)),
            // Something on the way has answered, in words of its own.
            (status, None) if !is_read_in_vain(status) => (words.answered)(status),
            _ => words.unreadable.to_owned(),
        }
    }
}

fn is_read_in_vain(status: u16) -> bool {
    (200..300).contains(&status)
}

/// The minute in four letters; they come again after three years.
#[must_use]
pub fn minute(now: u64) -> String {
    let minutes = now / 60_000;
    let letters = (0..4).rev().map(|place| {
        let digit = (minutes / 36_u64.pow(place) % 36) as u32;
        char::from_digit(digit, 36).unwrap_or('0').to_ascii_uppercase()
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use common::frame::ErrorCode;

    use crate::i18n::Language;

    #[test]
    fn the_minute_is_four_letters_and_the_next_one_is_another() {
        let (now, next) = (minute(1_795_183_407_000), minute(1_795_183_467_000));
        assert_eq!((now.len(), next.len()), (4, 4));
        assert_ne!(now, next);
        assert_eq!(minute(0), "0000");
        assert_eq!(minute(61 * 60_000), "001P");
    }

    #[test]
    fn each_kind_of_failure_has_words_of_its_own() {
        let words = Words::of(Language::En);
        let told = |status, code: Option<ErrorCode>| {
            let reason = code.map(|code| Reason { code, limit: None });
            Trouble { status, reason, id: String::new() }.told(words)
        };
        assert_eq!(told(0, None), words.no_answer);
        assert_eq!(told(200, None), words.unreadable);
        let refused = told(404, Some(ErrorCode::NotFound));
        assert!(refused.contains("404") && refused.contains("nothing of that name"), "{refused}");
        assert!(told(502, None).contains("502"), "a proxy has no code of ours");
    }
}
