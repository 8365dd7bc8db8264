use std::borrow::Cow;

use crate::{content_type::Format, fault::FaultReason};

/// Splits a text behind an opening quote into the string, still escaped, and what follows the closing quote.
pub(crate) fn split_quoted(text: &str) -> Result<(&str, &str), FaultReason<'_>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        let index = at + found;
        if bytes[index] == b'"' {
            return Ok((&text[..index], &text[index + 1..]));
        }
        // A backslash takes the byte after it along: the first of a character, if that is longer.
        at = index + 2;
    }
    Err(FaultReason::OpenQuote)
}

/// Replaces `\\`, `\"` and `\n`. A backslash before anything else stands for itself, as Prometheus reads it (OpenMetrics 1.0, "ABNF": `escaped-char`).
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    unescape_letters(text, b"n\"\\")
}

/// Replaces the escapes of a help. In the text format it stands in no quotes, and has none to escape (Prometheus, "Comments, help text, and type information").
pub(crate) fn unescape_help(text: &str, format: Format) -> Cow<'_, str> {
    match format {
        Format::Text => unescape_letters(text, b"n\\"),
        Format::OpenMetrics => unescape(text),
    }
}

fn unescape_letters<'a>(text: &'a str, escaped: &[u8]) -> Cow<'a, str> {
    let Some(first) = memchr::memchr(b'\\', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut unescaped = String::with_capacity(text.len());
    let (before, mut rest) = text.split_at(first);
    unescaped.push_str(before);
    while let Some(index) = memchr::memchr(b'\\', rest.as_bytes()) {
        unescaped.push_str(&rest[..index]);
        let (letter, taken) = match rest.as_bytes().get(index + 1).filter(|byte| escaped.contains(byte)) {
            Some(b'n') => ('\n', 2),
            Some(byte) => (char::from(*byte), 2),
            None => ('\\', 1),
        };
        unescaped.push(letter);
        rest = &rest[index + taken..];
    }
    unescaped.push_str(rest);
    Cow::Owned(unescaped)
}
