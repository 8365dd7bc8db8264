//! Names of metrics and labels, bare and quoted, and the blanks around them.

use std::borrow::Cow;

use crate::{
    fault::FaultReason,
    limits::Limits,
    quoted::{split_quoted, unescape},
};

/// The blanks between tokens: any number of spaces and tabs.
pub(crate) const BLANKS: [char; 2] = [' ', '\t'];

/// Returns the text without the blanks at its beginning.
#[inline]
pub(crate) fn skip_blanks(text: &str) -> &str {
    match text.as_bytes().first() {
        Some(b' ' | b'\t') => text.trim_start_matches(BLANKS),
        _ => text,
    }
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const COLON: u8 = 4;
const DELIMITER: u8 = 8;

/// The class of each byte. Bytes of letters beyond ASCII have none.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => LETTER,
            b'0'..=b'9' => DIGIT,
            b':' => COLON,
            b' ' | b'\t' | b'{' | b'}' | b'=' | b',' | b'"' => DELIMITER,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Splits a bare name of a metric off: `[a-zA-Z_:][a-zA-Z0-9_:]*` (Prometheus, "Data model"). It is empty where a delimiter comes first.
pub(crate) fn bare_metric<'a>(
    text: &'a str,
    limits: &Limits,
) -> Result<(Cow<'a, str>, &'a str), FaultReason<'a>> {
    bare(text, LETTER | COLON, limits)
}

/// Splits a bare name of a label off, which has no colons.
pub(crate) fn bare_label<'a>(
    text: &'a str,
    limits: &Limits,
) -> Result<(Cow<'a, str>, &'a str), FaultReason<'a>> {
    bare(text, LETTER, limits)
}

fn bare<'a>(text: &'a str, letters: u8, limits: &Limits) -> Result<(Cow<'a, str>, &'a str), FaultReason<'a>> {
    let class = |byte: &u8| CLASSES[usize::from(*byte)];
    let bytes = text.as_bytes();
    let end = bytes.iter().position(|byte| class(byte) & (letters | DIGIT) == 0).unwrap_or(bytes.len());
    check_length(end, limits)?;
    let is_ended = bytes.get(end).is_none_or(|byte| class(byte) == DELIMITER);
    if is_ended && bytes.first().is_none_or(|byte| class(byte) != DIGIT) {
        let (name, rest) = text.split_at(end);
        return Ok((Cow::Borrowed(name), rest));
    }
    let end = bytes.iter().position(|byte| class(byte) == DELIMITER).unwrap_or(bytes.len());
    Err(FaultReason::BadName(text[..end].into()))
}

/// Splits a name off behind its opening quote. It may have any letters, but must have one.
pub(crate) fn quoted<'a>(text: &'a str, limits: &Limits) -> Result<(Cow<'a, str>, &'a str), FaultReason<'a>> {
    let (name, rest) = split_quoted(text)?;
    check_length(name.len(), limits)?;
    if name.is_empty() { Err(FaultReason::NoName) } else { Ok((unescape(name), rest)) }
}

fn check_length<'a>(length: usize, limits: &Limits) -> Result<(), FaultReason<'a>> {
    if length > limits.name_bytes { Err(FaultReason::NameTooLong(limits.name_bytes)) } else { Ok(()) }
}
