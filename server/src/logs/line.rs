//! A line on its way from its source to its reader.

use std::borrow::Cow;

use common::logs::{LogLevel, LogLine};

/// The most bytes of a line's text on the wire.
const TEXT: usize = 16 << 10;
/// The most bytes of that text as JSON writes it: escapes are up to six times as long as what they stand for.
const ESCAPED: usize = 40 << 10;
/// The most characters of a writer's name.
const FROM: usize = 200;

/// A line as its source has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SourceLine {
    /// Unix microseconds; 0 where nobody knows.
    pub(super) at: u64,
    pub(super) stderr: bool,
    pub(super) level: Option<LogLevel>,
    pub(super) from: Option<String>,
    /// As much of it as is kept. It may be no UTF-8.
    pub(super) text: Vec<u8>,
    /// The bytes of the whole line.
    pub(super) length: u64,
}

impl SourceLine {
    /// The text, with U+FFFD for bytes that are no UTF-8.
    pub(super) fn lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.text)
    }

    /// The line on the wire. `longest` is the most bytes that its text may have as JSON writes it.
    pub(super) fn to_wire(&self, source: u16, longest: usize) -> LogLine {
        let whole = self.lossy();
        let text = beginning(&whole, longest.min(ESCAPED));
        let is_cut = text.len() < whole.len() || self.text.len() as u64 != self.length;
        LogLine {
            at: self.at,
            source,
            stderr: self.stderr,
            level: self.level,
            from: self.from.as_ref().map(|from| from.chars().take(FROM).collect()),
            text: text.to_owned(),
            cut: is_cut.then_some(self.length),
        }
    }
}

/// The beginning of a text that is short enough, up to the border of a character.
fn beginning(text: &str, longest: usize) -> &str {
    // Nothing is escaped to more than six bytes a byte.
    if text.len() <= TEXT && text.len() * 6 <= longest {
        return text;
    }
    let mut escaped = 0;
    for (at, letter) in text.char_indices() {
        escaped += match letter {
            '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
            letter if letter < ' ' => 6,
            letter => letter.len_utf8(),
        };
        if escaped > longest || at + letter.len_utf8() > TEXT {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &[u8]) -> SourceLine {
        SourceLine { text: text.to_vec(), length: text.len() as u64, ..SourceLine::default() }
    }

    fn wire(line: &SourceLine) -> LogLine {
        line.to_wire(0, usize::MAX)
    }

    #[test]
    fn a_long_line_is_cut_at_a_character_and_says_its_length() {
        let whole = "웹".repeat(TEXT / 3);
        assert_eq!(wire(&line(whole.as_bytes())).cut, None);
        let long = format!("{whole}웹");
        let told = wire(&line(long.as_bytes()));
        assert_eq!((told.text.len(), told.cut), (TEXT - 1, Some(TEXT as u64 + 2)));
        let kept = SourceLine { length: 10 << 20, ..line(b"the beginning") };
        assert_eq!(wire(&kept).cut, Some(10 << 20));
    }

    #[test]
    fn bytes_that_are_no_text_and_escapes_stay_short_on_the_wire() {
        let told = wire(&line(&[0xff; TEXT]));
        assert!(told.text.chars().all(|letter| letter == '\u{fffd}') && told.text.len() <= TEXT);
        assert_eq!(told.cut, Some(TEXT as u64));
        let told = wire(&line(&[0; TEXT]));
        let json = serde_json::to_string(&told).expect("JSON");
        assert!(json.len() < ESCAPED + 200 && told.cut == Some(TEXT as u64), "{}", json.len());
        let told = line(b"\x1b[31mred\x1b[0m \"quoted\" \xe2\x80\xae").to_wire(3, 64);
        assert_eq!((told.source, told.cut), (3, None), "what fits is as it was");
    }

    #[test]
    fn no_text_is_longer_than_json_may_write_it() {
        for longest in [6, 7, 30, 64, 100] {
            for text in ["\u{1}".repeat(60), "\"".repeat(60), "é".repeat(60), "a\u{0}é\n".repeat(20)] {
                let told = line(text.as_bytes()).to_wire(0, longest);
                let json = serde_json::to_string(&told.text).expect("JSON");
                assert!(json.len() <= longest + 2, "{longest}: {json}");
                assert!(
                    told.text.len() == text.len() || json.len() + 4 > longest,
                    "no shorter than it must be"
                );
            }
        }
    }
}
