//! Every text a reader sees, in each language. A language is one constant of one struct, so a sentence that is not
//! translated does not compile. A page speaks one language from its first byte to its last: another one is another page,
//! so no text has to be watched.

mod chat;
mod connections;
mod doctor;
mod en;
mod finder;
mod ko;
mod lab;
mod limits;
mod refusals;
mod text;
mod wire;

use crate::page::Page;

pub use chat::{ChatDoorWords, ChatWords};
pub use connections::ConnectionsWords;
pub use doctor::DoctorWords;
pub use finder::FinderWords;
pub use lab::{Facts, LabWords};
pub use text::Words;
pub use wire::WireWords;

/// A language the page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Korean.
    Ko,
}

impl Language {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::En, Self::Ko];

    /// Its tag for `lang` and for the cookie.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// Its own name, as its readers write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ko => "한국어",
        }
    }

    /// Its texts.
    #[must_use]
    pub const fn words(self) -> &'static Words {
        match self {
            Self::En => &en::EN,
            Self::Ko => &ko::KO,
        }
    }

    /// The page's own.
    ///
    /// # Panics
    /// Outside of [`crate::App`], which provides it.
    #[must_use]
    pub fn here() -> Self {
        Page::here().language
    }

    /// The language of a request: what the reader chose before, else the first one known of those the browser asks
    /// for (RFC 9110 §12.5.4; browsers list them in the reader's order), else English.
    #[must_use]
    pub fn choose(chosen: Option<&str>, accepted: Option<&str>) -> Self {
        let known = |tag: &str| {
            let primary = tag.trim().get(..2)?;
            Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
        };
        chosen.and_then(known).or_else(|| accepted?.split(',').find_map(known)).unwrap_or(Self::En)
    }
}

/// Which text: `|w| w.connect`.
pub type Pick = fn(&'static Words) -> &'static str;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readers_choice_wins_over_the_browsers_list() {
        assert_eq!(Language::choose(Some("ko"), Some("en-US,en;q=0.9")), Language::Ko);
        assert_eq!(Language::choose(None, Some("fr, ko-KR;q=0.8, en;q=0.5")), Language::Ko);
        assert_eq!(Language::choose(Some("xx"), None), Language::En);
        assert_eq!(Language::choose(None, None), Language::En);
    }

    fn dump(language: Language) -> String {
        let (lab, connections) = (LabWords::of(language), ConnectionsWords::of(language));
        let (doctor, chat, wire) =
            (DoctorWords::of(language), ChatWords::of(language), WireWords::of(language));
        format!("{:?} {chat:?} {wire:?} {lab:?} {connections:?} {doctor:?}", language.words())
    }

    #[test]
    fn no_text_is_empty_in_any_language() {
        for language in Language::ALL {
            let dump = dump(language);
            assert!(!dump.contains("\"\""), "{language:?}: {dump}");
        }
    }

    #[test]
    fn no_language_shouts() {
        for language in Language::ALL {
            let dump = dump(language);
            assert!(!dump.contains('!'), "{language:?}");
        }
    }
}
