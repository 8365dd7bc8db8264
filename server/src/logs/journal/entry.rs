//! Entries of the journal as `journalctl --output=json` writes them: an object in each line, whose fields have no order. A field is a text, or
//! the numbers of its bytes where it is none, or `null`, or a list of these where the entry has it several times.

use common::logs::LogLevel;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::logs::line::SourceLine;

/// As much of a line of JSON is kept: a text of a mebibyte, each of whose bytes is written as a number.
const KEPT: usize = 5 << 20;
/// As much of its end: fields that stand behind a text that was cut.
const END: usize = 4 << 10;
/// The most bytes of a text.
const TEXT: usize = 1 << 20;
/// The most characters of a place in the journal.
const CURSOR: usize = 512;

/// The fields beside the message.
const SHORT: [&str; 6] =
    ["__REALTIME_TIMESTAMP", "__CURSOR", "PRIORITY", "_SYSTEMD_UNIT", "SYSLOG_IDENTIFIER", "_COMM"];
const MESSAGE: &str = "MESSAGE";

/// An entry of the journal.
#[derive(Debug, Default)]
pub(super) struct JournalEntry {
    pub(super) line: SourceLine,
    /// Its place; none where it says none.
    pub(super) cursor: Option<String>,
}

/// Takes lines of JSON apart as they come. A line that is longer than all bounds costs a bound.
#[derive(Debug, Default)]
pub(super) struct EntryLines {
    kept: Vec<u8>,
    end: Vec<u8>,
    length: usize,
}

impl EntryLines {
    /// Takes bytes. Returns the entries that are whole.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<JournalEntry> {
        let mut entries = Vec::new();
        let mut parts = bytes.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            self.append(part);
            if parts.peek().is_some() {
                entries.extend(self.finish());
            }
        }
        entries
    }

    fn append(&mut self, part: &[u8]) {
        self.length += part.len();
        let room = (KEPT - self.kept.len()).min(part.len());
        self.kept.extend_from_slice(&part[..room]);
        let rest = &part[room..];
        self.end.extend_from_slice(&rest[rest.len().saturating_sub(END)..]);
        self.end.drain(..self.end.len().saturating_sub(END));
    }

    fn finish(&mut self) -> Option<JournalEntry> {
        let (kept, end) = (std::mem::take(&mut self.kept), std::mem::take(&mut self.end));
        let length = std::mem::take(&mut self.length);
        if kept.is_empty() {
            return None;
        }
        let mut fields = EntryFields::default();
        // All that stands before a fault is taken; a line that was cut ends with one.
        let read = FieldsSeed(&mut fields).deserialize(&mut serde_json::Deserializer::from_slice(&kept));
        if length > kept.len() {
            fields.complete(&kept, &end);
            fields.length = length as u64;
        } else if let Err(error) = read {
            tracing::debug!(%error, "an entry of the journal cannot be read");
        }
        Some(fields.entry())
    }
}

#[derive(Debug, Default)]
struct EntryFields {
    at: Option<u64>,
    cursor: Option<String>,
    message: Option<Vec<u8>>,
    priority: Option<u8>,
    unit: Option<String>,
    identifier: Option<String>,
    command: Option<String>,
    /// The bytes of the line that it was, where it was too long; else 0.
    length: u64,
}

impl EntryFields {
    fn set(&mut self, name: &str, value: Vec<u8>) {
        let text = || Some(String::from_utf8_lossy(&value).into_owned()).filter(|text| !text.is_empty());
        match name {
            "__REALTIME_TIMESTAMP" => self.at = text().and_then(|text| text.parse().ok()),
            "__CURSOR" => self.cursor = text().filter(|cursor| is_cursor(cursor)),
            "PRIORITY" => self.priority = text().and_then(|text| text.parse().ok()),
            "_SYSTEMD_UNIT" => self.unit = text(),
            "SYSLOG_IDENTIFIER" => self.identifier = text(),
            "_COMM" => self.command = text(),
            MESSAGE => self.message = Some(value),
            _ => {}
        }
    }

    /// Finds the fields that stand behind a text which was cut, and that text's beginning.
    fn complete(&mut self, kept: &[u8], end: &[u8]) {
        for name in SHORT {
            // A quote within a text is escaped: this begins no field of anyone's making.
            let begin = ["\"", name, "\":\""].concat();
            let found = end.windows(begin.len()).rposition(|window| window == begin.as_bytes());
            let value = found.and_then(|at| end[at + begin.len()..].split(|byte| *byte == b'"').next());
            if let Some(value) = value {
                self.set(name, value.to_vec());
            }
        }
        if self.message.is_none() {
            let begin = b"\"MESSAGE\":";
            let found = kept.windows(begin.len()).position(|window| window == begin);
            self.message = found.map(|at| cut_text(&kept[at + begin.len()..]));
        }
    }

    fn entry(self) -> JournalEntry {
        let mut text = self.message.unwrap_or_default();
        let length = self.length.max(text.len() as u64);
        text.truncate(TEXT);
        let line = SourceLine {
            at: self.at.unwrap_or_default(),
            stderr: false,
            level: self.priority.and_then(level),
            from: self.unit.or(self.identifier).or(self.command),
            text,
            length,
        };
        JournalEntry { line, cursor: self.cursor }
    }
}

/// The text of which only the beginning is there, as JSON writes it.
fn cut_text(json: &[u8]) -> Vec<u8> {
    let json = &json[..json.len().min(TEXT)];
    if json.first() == Some(&b'[') {
        let numbers = json[1..].split(|byte| *byte == b',');
        let number = |digits: &[u8]| -> Option<u8> { std::str::from_utf8(digits).ok()?.trim().parse().ok() };
        let mut bytes: Vec<u8> = numbers.map_while(number).collect();
        // The last one may be cut in half.
        bytes.pop();
        return bytes;
    }
    // An escape, or a character, may be cut in half.
    (0..16.min(json.len()))
        .find_map(|less| serde_json::from_slice(&[&json[..json.len() - less], b"\""].concat()).ok())
        .map_or_else(Vec::new, String::into_bytes)
}

/// True of a place that may stand in an argument: the journal's own programs write no other.
fn is_cursor(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"=;-".contains(&byte);
    text.len() <= CURSOR && text.bytes().all(allowed)
}

const fn level(priority: u8) -> Option<LogLevel> {
    Some(match priority {
        0 => LogLevel::Emergency,
        1 => LogLevel::Alert,
        2 => LogLevel::Critical,
        3 => LogLevel::Error,
        4 => LogLevel::Warning,
        5 => LogLevel::Notice,
        6 => LogLevel::Info,
        7 => LogLevel::Debug,
        _ => return None,
    })
}

/// Reads fields into a value that keeps those before a fault.
struct FieldsSeed<'a>(&'a mut EntryFields);

impl<'de> DeserializeSeed<'de> for FieldsSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FieldsSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an entry of the journal")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == MESSAGE || SHORT.contains(&&*name) {
                let FieldValue(value) = map.next_value()?;
                self.0.set(&name, value);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The bytes of a field.
struct FieldValue(Vec<u8>);

impl<'de> Deserialize<'de> for FieldValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor).map(Self)
    }
}

/// A part of a field that is a list: a byte, or one of several values.
enum FieldPart {
    Byte(u8),
    Value(Vec<u8>),
}

impl<'de> Deserialize<'de> for FieldPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PartVisitor)
    }
}

struct PartVisitor;

impl<'de> Visitor<'de> for PartVisitor {
    type Value = FieldPart;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a byte, or a value")
    }

    fn visit_u64<E>(self, number: u64) -> Result<FieldPart, E> {
        Ok(FieldPart::Byte(u8::try_from(number).unwrap_or(b'?')))
    }

    fn visit_str<E>(self, text: &str) -> Result<FieldPart, E> {
        Ok(FieldPart::Value(text.as_bytes().to_vec()))
    }

    fn visit_unit<E>(self) -> Result<FieldPart, E> {
        Ok(FieldPart::Value(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<FieldPart, A::Error> {
        FieldVisitor.visit_seq(seq).map(FieldPart::Value)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text, bytes, or nothing")
    }

    fn visit_str<E>(self, text: &str) -> Result<Vec<u8>, E> {
        Ok(text.as_bytes().to_vec())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Vec<u8>, E> {
        Ok(number.to_string().into_bytes())
    }

    fn visit_unit<E>(self) -> Result<Vec<u8>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(part) = seq.next_element()? {
            match part {
                FieldPart::Byte(byte) => bytes.push(byte),
                // Of several values the first one counts.
                FieldPart::Value(value) => {
                    while seq.next_element::<IgnoredAny>()?.is_some() {}
                    return Ok(value);
                }
            }
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests;
