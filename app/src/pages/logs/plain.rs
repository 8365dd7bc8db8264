//! Text that can do no harm: control characters and those that turn the direction of text are shown as marks.

use std::borrow::Cow;

use super::{
    ansi,
    control::{Shown, show},
};

/// The text as it is shown, without its colours: what is searched.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut all = String::with_capacity(text.len());
    for span in ansi::spans(text) {
        all.push_str(&span.text);
    }
    Cow::Owned(all)
}

fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(|byte| (b' '..=b'~').contains(byte) || *byte == b'\t')
        || text.chars().all(|c| matches!(show(c), Shown::Text(_)))
}

/// The columns that a text takes if it is not wrapped, nearly: what is wide in East Asian scripts takes two.
pub(super) fn columns(text: &str) -> u32 {
    let text = plain(text);
    let wide = |c: char| matches!(c as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    let of = |c: char| match c {
        '\t' => 4,
        c if wide(c) => 2,
        _ => 1,
    };
    let count: usize =
        if text.is_ascii() && !text.contains('\t') { text.len() } else { text.chars().map(of).sum() };
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_or_hides_text_is_seen() {
        for (text, shown) in [
            ("plain text\twith a tab", "plain text\twith a tab"),
            ("한국어 العربية 👩‍👧", "한국어 العربية 👩‍👧"),
            ("a\u{202e}b", "a<U+202E>b"),
            ("\u{feff}x\u{200b}", "<U+FEFF>x<U+200B>"),
            ("bell\x07 back\x08", "bell␇ back␈"),
            ("two\nlines\r", "two␊lines␍"),
            ("\u{85}\x7f", "<U+0085>␡"),
            ("\u{e0041}", "<U+E0041>"),
            ("\x1b[31mred\x1b[0m", "red"),
        ] {
            assert_eq!(plain(text), shown);
        }
    }

    #[test]
    fn wide_characters_take_two_columns_and_colours_none() {
        for (text, count) in [("abc", 3), ("한글", 4), ("\t", 4), ("\x1b[1mabc", 3), ("é", 1), ("", 0)] {
            assert_eq!(columns(text), count, "{text:?}");
        }
    }
}
