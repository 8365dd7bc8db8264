//! The languages that pages speak, and which one a page speaks.

use common::metric::LocalizedText;

use crate::parts;

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

    /// The page's own.
    ///
    /// # Panics
    /// Outside of [`crate::App`], which provides it.
    #[must_use]
    pub fn here() -> Self {
        parts::shared()
    }

    /// A text in this language.
    #[must_use]
    pub const fn pick(self, text: LocalizedText) -> &'static str {
        match self {
            Self::En => text.en,
            Self::Ko => text.ko,
        }
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
}
