//! Characters that would do harm if they were shown as they are, and the marks that stand for them.

/// A character as it is shown.
pub(super) enum Shown {
    /// As it is.
    Text(char),
    /// As one of Unicode's pictures of control characters.
    Picture(char),
    /// By its number, `<U+202E>`: it would not be seen, or would change what is.
    Number(u32),
}

/// Shows a character. A tab stays: it is white space, and copied as such.
pub(super) fn show(c: char) -> Shown {
    match c {
        '\t' => Shown::Text(c),
        '\0'..='\x1f' => Shown::Picture(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}')),
        '\x7f' => Shown::Picture('\u{2421}'),
        c if is_hidden(c) => Shown::Number(c as u32),
        c => Shown::Text(c),
    }
}

/// Characters that nobody sees and that change what others see (UAX #9 for the directions). Joiners stay: scripts and emoji need them.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{80}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Writes the number of a character as people quote it.
pub(super) fn number(code: u32, out: &mut String) {
    out.push_str("<U+");
    let digits = if code > 0xffff { 5 } else { 4 };
    for place in (0..digits).rev() {
        let digit = char::from_digit(code >> (4 * place) & 15, 16).unwrap_or('0');
        out.push(digit.to_ascii_uppercase());
    }
    out.push('>');
}
