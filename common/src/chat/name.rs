//! Names of people in chat.

use std::str::FromStr;

use crate::serde_str;

/// A person's name: 1 to 40 characters without space around them, at least one of which can be seen.
///
/// Control characters are refused, and so is what changes the direction of the text around it (Unicode TR #36 §2.5.1):
/// with either, one name could be made to look like another, or like the text beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatName(String);

serde_str::checked_text!(ChatName);

/// A text that is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// The name has no visible character.
    #[error("a name has at least one character that can be seen")]
    Empty,
    /// The name has more than 40 characters.
    #[error("a name has at most {LONGEST} characters")]
    TooLong,
    /// A control character, or one that changes the direction of text.
    #[error("a name has no control characters, and none that change the direction of text")]
    Forbidden,
}

/// Characters (Unicode scalar values), so at most 160 bytes.
const LONGEST: usize = 40;

impl FromStr for ChatName {
    type Err = BadName;

    /// Space around the name is taken away.
    fn from_str(text: &str) -> Result<Self, BadName> {
        let text = text.trim();
        if text.chars().any(is_forbidden) {
            return Err(BadName::Forbidden);
        }
        if text.chars().all(is_invisible) {
            return Err(BadName::Empty);
        }
        if text.chars().nth(LONGEST).is_some() { Err(BadName::TooLong) } else { Ok(Self(text.to_owned())) }
    }
}

/// Controls, line and paragraph separators, and the marks, embeddings, overrides and isolates of UAX #9.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Spaces, joiners, soft hyphens, variation selectors and fillers: by themselves they leave a name blank.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_called_what_they_like() {
        for (text, name) in [
            ("Kim", "Kim"),
            ("  김철수\u{a0}", "김철수"),
            ("أحمد", "أحمد"),
            ("👩‍🚀 Zoë", "👩‍🚀 Zoë"),
            ("<script>", "<script>"),
            (&"한".repeat(40), &"한".repeat(40)),
        ] {
            assert_eq!(text.parse::<ChatName>().map(|name| name.to_string()), Ok(name.to_owned()));
        }
    }

    #[test]
    fn what_could_deceive_or_cannot_be_seen_is_no_name() {
        for text in ["", "   ", "\u{3164}", "\u{200b}\u{200d}", "\u{2800} \u{feff}", "\u{fe0f}"] {
            assert_eq!(text.parse::<ChatName>(), Err(BadName::Empty), "{text:?}");
        }
        for text in ["a\u{202e}nimda", "\u{2066}a", "a\u{2069}", "a\nb", "a\u{0}", "a\u{7f}b", "a\u{200f}b"] {
            assert_eq!(text.parse::<ChatName>(), Err(BadName::Forbidden), "{text:?}");
        }
        assert_eq!("x".repeat(41).parse::<ChatName>(), Err(BadName::TooLong));
    }
}
