use std::borrow::Cow;

use crate::fault::FaultReason;

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
    let Some(first) = memchr::memchr(b'\\', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut unescaped = String::with_capacity(text.len());
    let (before, mut rest) = text.split_at(first);
    unescaped.push_str(before);
    while let Some(index) = memchr::memchr(b'\\', rest.as_bytes()) {
        unescaped.push_str(&rest[..index]);
        let (letter, taken) = match rest.as_bytes().get(index + 1) {
            Some(b'n') => ('\n', 2),
            Some(b'"') => ('"', 2),
            Some(b'\\') => ('\\', 2),
            _ => ('\\', 1),
        };
        unescaped.push(letter);
        rest = &rest[index + taken..];
    }
    unescaped.push_str(rest);
    Cow::Owned(unescaped)
}
