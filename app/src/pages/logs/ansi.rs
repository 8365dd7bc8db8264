//! Escape sequences of terminals (ECMA-48): colours and styles are kept, everything else is taken out or shown as a mark.

use super::{
    colour::{self, Rgb},
    control::{self, Shown},
};

/// The look of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TextStyle {
    pub(super) colour: Option<Rgb>,
    pub(super) ground: Option<Rgb>,
    pub(super) bold: bool,
    pub(super) faint: bool,
    pub(super) italic: bool,
    pub(super) underlined: bool,
    pub(super) inverse: bool,
    pub(super) struck: bool,
    /// True if it stands for a character that is not shown itself.
    pub(super) mark: bool,
}

/// A stretch of one look.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StyledSpan {
    pub(super) text: String,
    pub(super) style: TextStyle,
}

/// Reads a line. Whatever its bytes are, no control character but the tab is in what comes out.
pub(super) fn spans(text: &str) -> Vec<StyledSpan> {
    let mut spans: Vec<StyledSpan> = Vec::new();
    let mut style = TextStyle::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if matches!(c, '\x1b' | '\u{9b}')
            && let Some((length, parameters)) = sequence(rest)
        {
            if let Some(parameters) = parameters {
                select(&mut style, parameters);
            }
            rest = &rest[length..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        let shown = control::show(c);
        let style = TextStyle { mark: !matches!(shown, Shown::Text(_)), ..style };
        if spans.last().is_none_or(|last| last.style != style) {
            spans.push(StyledSpan { text: String::new(), style });
        }
        if let Some(last) = spans.last_mut() {
            match shown {
                Shown::Text(c) | Shown::Picture(c) => last.text.push(c),
                Shown::Number(code) => control::number(code, &mut last.text),
            }
        }
    }
    spans
}

/// The length of the sequence that a text begins with, and its parameters if it selects a look; none where it is no whole sequence,
/// for then its beginning must be seen.
fn sequence(text: &str) -> Option<(usize, Option<&str>)> {
    let (opening, body) = match text.strip_prefix('\u{9b}') {
        Some(body) => (text.len() - body.len(), body),
        None => match text.as_bytes().get(1)? {
            b'[' => (2, &text[2..]),
            // Commands to the terminal, up to their terminator: a title, a link, a picture.
            b']' | b'P' | b'X' | b'^' | b'_' => return Some((command(text)?, None)),
            b' '..=b'/' => return Some((designation(text)?, None)),
            b'0'..=b'~' => return Some((2, None)),
            _ => return None,
        },
    };
    let bytes = body.as_bytes();
    let middle = bytes.iter().position(|byte| !(b'0'..=b'?').contains(byte))?;
    let end = middle + bytes[middle..].iter().position(|byte| !(b' '..=b'/').contains(byte))?;
    if !(b'@'..=b'~').contains(&bytes[end]) {
        return None;
    }
    let parameters = &body[..middle];
    let is_ours = parameters.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':'));
    let selects = bytes[end] == b'm' && middle == end && is_ours;
    Some((opening + end + 1, selects.then_some(parameters)))
}

/// The length of a command string, which ends with BEL or ST.
fn command(text: &str) -> Option<usize> {
    let body = &text[2..];
    let end = body.find(['\x07', '\x1b', '\u{9c}'])?;
    let after = &body[end..];
    let terminator = ["\x07", "\x1b\\", "\u{9c}"].into_iter().find(|one| after.starts_with(one))?;
    Some(2 + end + terminator.len())
}

/// The length of a sequence of intermediate bytes and a final one.
fn designation(text: &str) -> Option<usize> {
    let bytes = &text.as_bytes()[1..];
    let end = bytes.iter().position(|byte| !(b' '..=b'/').contains(byte))?;
    (b'0'..=b'~').contains(&bytes[end]).then_some(end + 2)
}

/// Applies the parameters of SGR (ECMA-48 §8.3.117, and ISO 8613-6 for the colours by number).
fn select(style: &mut TextStyle, parameters: &str) {
    let mut all = parameters.split(';');
    while let Some(one) = all.next() {
        let mut parts = one.split(':');
        let code = number(parts.next());
        match code {
            0 => *style = TextStyle::default(),
            1 => style.bold = true,
            2 => style.faint = true,
            3 => style.italic = true,
            4 => style.underlined = parts.next() != Some("0"),
            21 => style.underlined = true,
            7 => style.inverse = true,
            9 => style.struck = true,
            22 => (style.bold, style.faint) = (false, false),
            23 => style.italic = false,
            24 => style.underlined = false,
            27 => style.inverse = false,
            29 => style.struck = false,
            30..=37 => style.colour = Some(colour::indexed(code - 30)),
            40..=47 => style.ground = Some(colour::indexed(code - 40)),
            90..=97 => style.colour = Some(colour::indexed(code - 82)),
            100..=107 => style.ground = Some(colour::indexed(code - 92)),
            39 => style.colour = None,
            49 => style.ground = None,
            38 | 48 | 58 => {
                let colour = if one.contains(':') { with_colons(one) } else { with_semicolons(&mut all) };
                match code {
                    38 => style.colour = colour.or(style.colour),
                    48 => style.ground = colour.or(style.ground),
                    // Of the line below the text: it takes the text's.
                    _ => {}
                }
            }
            // Blinking, hidden and others: nothing that is written in a log is hidden or blinks.
            _ => {}
        }
    }
}

/// `38:5:N`, `38:2:R:G:B` or `38:2:SPACE:R:G:B`.
fn with_colons(text: &str) -> Option<Rgb> {
    let parts: Vec<u32> = text.split(':').map(|part| number(Some(part))).collect();
    match parts[..] {
        [_, 5, index] => Some(colour::indexed(index)),
        [_, 2, red, green, blue] | [_, 2, _, red, green, blue, ..] => Some(rgb(red, green, blue)),
        _ => None,
    }
}

/// `5;N` or `2;R;G;B`, the parameters after `38` or `48`.
fn with_semicolons<'a>(rest: &mut impl Iterator<Item = &'a str>) -> Option<Rgb> {
    match number(rest.next()) {
        5 => rest.next().map(|index| colour::indexed(number(Some(index)))),
        2 => {
            let mut next = || rest.next().map(|part| number(Some(part)));
            Some(rgb(next()?, next()?, next()?))
        }
        _ => None,
    }
}

fn rgb(red: u32, green: u32, blue: u32) -> Rgb {
    let byte = |value: u32| u8::try_from(value).unwrap_or(u8::MAX);
    Rgb(byte(red), byte(green), byte(blue))
}

/// An empty parameter is 0; one that is too large is none that exists.
fn number(text: Option<&str>) -> u32 {
    match text {
        None | Some("") => 0,
        Some(text) => text.parse().unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> String {
        spans(text).into_iter().map(|span| span.text).collect()
    }

    #[test]
    fn colours_and_styles_hold_until_they_are_reset() {
        let red = TextStyle { colour: Some(colour::indexed(1)), ..TextStyle::default() };
        let expected = [
            ("a", TextStyle::default()),
            ("b", red),
            ("c", TextStyle { bold: true, ..red }),
            ("d", TextStyle::default()),
        ];
        let read = spans("a\x1b[31mb\x1b[1mc\x1b[md");
        assert_eq!(read.iter().map(|span| (&*span.text, span.style)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn colours_are_read_in_each_spelling() {
        let of = |text: &str| spans(text).first().map(|span| (span.style.colour, span.style.ground));
        assert_eq!(of("\x1b[38;5;196mx"), Some((Some(colour::indexed(196)), None)));
        assert_eq!(of("\x1b[48;2;1;2;3mx"), Some((None, Some(Rgb(1, 2, 3)))));
        assert_eq!(of("\x1b[38:2::1:2:300mx"), Some((Some(Rgb(1, 2, 255)), None)));
        assert_eq!(of("\x1b[38:2:1:2:3mx"), Some((Some(Rgb(1, 2, 3)), None)));
        assert_eq!(of("\x1b[38:5:9;103mx"), Some((Some(colour::indexed(9)), Some(colour::indexed(11)))));
        assert_eq!(of("\u{9b}97mx"), Some((Some(colour::indexed(15)), None)));
        assert_eq!(of("\x1b[31;39mx"), Some((None, None)));
        assert_eq!(of("\x1b[38;5mx"), Some((None, None)), "it ends too soon");
    }

    #[test]
    fn other_sequences_are_taken_out_and_broken_ones_seen() {
        for (text, shown) in [
            ("\x1b[2J\x1b[1;1Hhere", "here"),
            ("\x1b]0;title\x07here", "here"),
            ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
            ("\x1b(Bhere\x1b7\x1bc", "here"),
            ("\x1bPq#0\x1b\\here", "here"),
            ("\x1b]0;never ends", "␛]0;never ends"),
            ("\x1b[31", "␛[31"),
            ("\x1b[31\u{e9}m", "␛[31ém"),
            ("\x1b", "␛"),
            ("a\x1b[?25lb", "ab"),
            ("\x1b[>4;1mx", "x"),
        ] {
            assert_eq!(told(text), shown, "{text:?}");
        }
    }

    #[test]
    fn nothing_is_hidden_by_a_style() {
        assert_eq!(told("\x1b[8msecret"), "secret");
    }

    proptest! {
        #[test]
        fn no_control_character_comes_out_of_any_text(text in "(?s).{0,80}") {
            prop_assert!(!told(&text).contains(|c: char| c.is_control() && c != '\t'));
        }

        #[test]
        fn nor_out_of_what_looks_like_sequences(
            parts in prop::collection::vec(
                prop_oneof![
                    "\x1b", "\u{9b}", "\\[", "\\]", "[0-9;:]{0,9}", "[ -/]{0,2}", "[@-~]", "\x07", "\u{9c}", "\\\\", "\\PC",
                ],
                0..30,
            )
        ) {
            let text = parts.concat();
            let shown = told(&text);
            prop_assert!(!shown.contains(|c: char| c.is_control() && c != '\t'));
            prop_assert_eq!(told(&shown), shown, "what is shown is plain");
        }
    }
}
