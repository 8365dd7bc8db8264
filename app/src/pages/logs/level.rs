//! The level of a line that its source does not name: from its fields, or from the usual words at its beginning.

use common::logs::LogLevel;

use super::{json, level_name::named, plain};

/// Only so many bytes of a line are looked at.
const LOOKED_AT: usize = 240;
/// Only so many words at the beginning of a line may be its level.
const WORDS: usize = 8;

/// A level that a text says.
pub(super) fn of(text: &str) -> Option<LogLevel> {
    if json::is_object(text) {
        return json::level(text);
    }
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = plain::plain(&text[..end]);
    letter(&text).or_else(|| field(&text)).or_else(|| word_at_beginning(&text))
}

/// `I1130 01:00:00.000000 …`, as glog writes it.
fn letter(text: &str) -> Option<LogLevel> {
    let bytes = text.as_bytes();
    if bytes.len() < 6 || !bytes[1..5].iter().all(u8::is_ascii_digit) || bytes[5] != b' ' {
        return None;
    }
    match bytes[0] {
        b'F' => Some(LogLevel::Critical),
        b'E' => Some(LogLevel::Error),
        b'W' => Some(LogLevel::Warning),
        b'I' => Some(LogLevel::Info),
        b'D' => Some(LogLevel::Debug),
        _ => None,
    }
}

/// `level=warn`, as logfmt writes it.
fn field(text: &str) -> Option<LogLevel> {
    ["level=", "lvl=", "severity="].into_iter().find_map(|key| {
        let start = text.find(key)?;
        let is_whole = !text[..start].ends_with(is_letter);
        let value = text[start + key.len()..].trim_start_matches('"');
        let end = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
        named(&value[..end]).filter(|_| is_whole)
    })
}

/// Letters and digits; of other scripts, all characters.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

/// A word in capitals, or one that stands in brackets or before a colon: in prose the same words say less.
fn word_at_beginning(text: &str) -> Option<LogLevel> {
    let mut before = None;
    let mut rest = text;
    for _ in 0..WORDS {
        let start = rest.find(is_letter)?;
        before = rest[..start].chars().next_back().or(before);
        rest = &rest[start..];
        let end = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let is_loud = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_set_apart = match after.chars().next() {
            Some(':' | '|') => true,
            Some(']') => before == Some('['),
            Some('>') => before == Some('<'),
            Some(')') => before == Some('('),
            _ => false,
        };
        if (is_loud || is_set_apart)
            && let Some(level) = named(word)
        {
            return Some(level);
        }
        rest = after;
        before = None;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_beginnings_are_read() {
        for (text, level) in [
            ("ERROR something broke", LogLevel::Error),
            ("2026-11-30T01:00:00Z  WARN app::db: slow", LogLevel::Warning),
            ("2026-11-30 01:00:00,123 INFO [main] started", LogLevel::Info),
            ("[error] 31#31: connect() failed", LogLevel::Error),
            ("2026/11/30 01:00:00 [warn] 7#7: low", LogLevel::Warning),
            ("<debug> here", LogLevel::Debug),
            ("error: no such file", LogLevel::Error),
            ("time=\"2026-11-30\" level=warning msg=\"x\"", LogLevel::Warning),
            ("ts=1 lvl=eror", LogLevel::Error),
            ("E1130 01:00:00.000000 1 a.go:1] x", LogLevel::Error),
            ("\x1b[32m INFO\x1b[0m ready", LogLevel::Info),
            ("{\"level\":\"fatal\",\"msg\":\"x\"}", LogLevel::Critical),
            ("{\"msg\":\"x\",\"level\":50}", LogLevel::Error),
            ("FATAL:  the database system is shutting down", LogLevel::Critical),
        ] {
            assert_eq!(of(text), Some(level), "{text}");
        }
    }

    #[test]
    fn prose_has_no_level() {
        for text in [
            "",
            "there was no error at all",
            "warning lights are on",
            "an INFORMAL note",
            "sublevel=error",
            "E113 x",
            "한국어 오류",
            "{\"level\":{}}",
            "{\"msg\":\"ERROR\"}",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_level_late_in_a_long_line_is_none_and_a_cut_character_no_harm() {
        assert_eq!(of(&format!("{} ERROR", "a ".repeat(9))), None);
        assert_eq!(of(&"한".repeat(200)), None);
    }
}
