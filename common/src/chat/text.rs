//! Texts of chat messages.

use std::str::FromStr;

use crate::serde_str;

/// The text of a chat message: 1 to 4,000 characters on one line or several, not all of them space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatText(String);

serde_str::checked_text!(ChatText);

/// A text that cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    /// The text is nothing but space.
    #[error("a message has something in it besides space")]
    Empty,
    /// The text has more than 4,000 characters.
    #[error("a message has at most {} characters", ChatText::LONGEST)]
    TooLong,
    /// A control character.
    #[error("a message has no control characters but line ends and tabs")]
    Forbidden,
}

impl ChatText {
    /// The most characters (Unicode scalar values) of one message: at most 16,000 bytes.
    pub const LONGEST: usize = 4000;

    /// Cleans a text that was typed or pasted: line ends become LF, space at the end goes, and control characters go.
    #[must_use]
    pub fn tidied(text: &str) -> String {
        let text: String = text.chars().filter(|&c| !is_forbidden(c)).collect();
        text.trim_end().to_owned()
    }
}

impl FromStr for ChatText {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        if text.trim().is_empty() {
            return Err(BadText::Empty);
        }
        if text.chars().any(is_forbidden) {
            return Err(BadText::Forbidden);
        }
        if text.chars().nth(Self::LONGEST).is_some() {
            Err(BadText::TooLong)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_may_have_lines_and_any_script() {
        for text in ["hi", "two\nlines\n\twith a tab", "안녕하세요", "\u{202e}evil", &"한".repeat(4000)]
        {
            assert_eq!(text.parse::<ChatText>().map(|said| said.as_str().to_owned()), Ok(text.to_owned()));
        }
        for (text, why) in [
            ("", BadText::Empty),
            (" \n\t\u{3000}", BadText::Empty),
            ("bell \u{7}", BadText::Forbidden),
            ("a\r\nb", BadText::Forbidden),
            (&"x".repeat(4001), BadText::TooLong),
        ] {
            assert_eq!(text.parse::<ChatText>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn what_was_pasted_is_tidied_into_what_can_be_said() {
        assert_eq!(ChatText::tidied("\u{1b}[1mbold\u{1b}[0m\r\n\ttwo \n"), "[1mbold[0m\n\ttwo");
        assert_eq!(ChatText::tidied(" \r\n"), "");
    }
}
