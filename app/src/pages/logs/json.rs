//! Lines that are objects of JSON (RFC 8259): their message, level and fields. The values stay as they were written.

use common::logs::LogLevel;

use super::level_name::named;

/// An object's line, folded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FoldedObject {
    /// The text of the field that programs write their message in.
    pub(super) message: Option<String>,
    /// The other fields, in their order: strings as they read, other values as they stand.
    pub(super) fields: Vec<(String, String)>,
}

const MESSAGES: [&str; 5] = ["message", "msg", "event", "log", "text"];
const LEVELS: [&str; 5] = ["level", "severity", "lvl", "loglevel", "log.level"];
/// Deeper values are no log line's.
const DEEPEST: usize = 64;
/// More fields are not told apart.
const MOST_FIELDS: usize = 200;

/// Reports that a text may be an object.
pub(super) fn is_object(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('{') && text.ends_with('}') && text.len() > 2
}

/// The members of an object, if a text is one and nothing else: keys and values as they stand.
pub(super) fn members(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut scan = Scan { text: text.trim(), at: 0 };
    scan.take(b'{')?;
    let mut members = Vec::new();
    scan.space();
    if scan.take(b'}').is_none() {
        loop {
            scan.space();
            let key = scan.string()?;
            scan.space();
            scan.take(b':')?;
            let value = scan.value(0)?;
            if members.len() == MOST_FIELDS {
                return None;
            }
            members.push((key, value));
            scan.space();
            match scan.next()? {
                b',' => {}
                b'}' => break,
                _ => return None,
            }
        }
    }
    (scan.at == scan.text.len()).then_some(members)
}

/// The elements of an array, if a text is one and nothing else, as they stand.
pub(super) fn elements(text: &str) -> Option<Vec<&str>> {
    let mut scan = Scan { text: text.trim(), at: 0 };
    scan.take(b'[')?;
    let mut elements = Vec::new();
    scan.space();
    if scan.take(b']').is_none() {
        loop {
            elements.push(scan.value(0)?);
            scan.space();
            match scan.next()? {
                b',' => {}
                b']' => break,
                _ => return None,
            }
        }
    }
    (scan.at == scan.text.len()).then_some(elements)
}

/// The level that an object names.
pub(super) fn level(text: &str) -> Option<LogLevel> {
    let members = members(text)?;
    LEVELS.iter().find_map(|name| {
        let (_, value) = members.iter().find(|(key, _)| unquoted(key).eq_ignore_ascii_case(name))?;
        // As bunyan and pino number them.
        match value.parse::<u32>() {
            Ok(60..) => Some(LogLevel::Critical),
            Ok(50..) => Some(LogLevel::Error),
            Ok(40..) => Some(LogLevel::Warning),
            Ok(30..) => Some(LogLevel::Info),
            Ok(10..) => Some(LogLevel::Debug),
            _ => named(unquoted(value)),
        }
    })
}

/// The message and the fields of a line that is an object.
pub(super) fn folded(text: &str) -> Option<FoldedObject> {
    if !is_object(text) {
        return None;
    }
    let mut members = members(text)?;
    if members.is_empty() {
        return None;
    }
    let place = MESSAGES.iter().find_map(|name| {
        members.iter().position(|(key, value)| unquoted(key) == *name && value.starts_with('"'))
    });
    let message = place.map(|place| read(members.remove(place).1));
    let fields = members.into_iter().map(|(key, value)| (read(key), read(value))).collect();
    Some(FoldedObject { message, fields })
}

/// A key or a word without its quotes.
pub(super) fn unquoted(text: &str) -> &str {
    text.trim_matches('"')
}

/// A string as it reads; other values as they stand.
pub(super) fn read(text: &str) -> String {
    let Some(inside) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(escape) = rest.find('\\') {
        out.push_str(&rest[..escape]);
        let code = rest[escape + 1..].chars().next().unwrap_or('\\');
        rest = rest.get(escape + 1 + code.len_utf8()..).unwrap_or_default();
        match code {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'u' => {
                let first = unit(&mut rest);
                let second = match (first, rest.strip_prefix("\\u")) {
                    (0xd800..0xdc00, Some(mut after)) => {
                        let low = unit(&mut after);
                        (0xdc00..0xe000).contains(&low).then(|| {
                            rest = after;
                            low
                        })
                    }
                    _ => None,
                };
                let code = second.map_or(first, |low| 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00));
                out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            other => out.push(other),
        }
    }
    out.push_str(rest);
    out
}

/// Four hexadecimal digits; what is none of them is left.
fn unit(rest: &mut &str) -> u32 {
    let digits = rest.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let Some(digits) = digits else { return 0xfffd };
    *rest = &rest[4..];
    u32::from_str_radix(digits, 16).unwrap_or(0xfffd)
}

/// A place in a text. What it steps over is always a whole value.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// A string with its quotes.
    fn string(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.take(b'"')?;
        loop {
            match self.next()? {
                b'"' => return self.text.get(start..self.at),
                b'\\' => {
                    self.next()?;
                }
                _ => {}
            }
        }
    }

    /// Any value, as it stands.
    fn value(&mut self, depth: usize) -> Option<&'a str> {
        self.space();
        let start = self.at;
        match self.peek()? {
            b'"' => {
                self.string()?;
            }
            open @ (b'{' | b'[') => {
                self.at += 1;
                self.inside(open, depth + 1)?;
            }
            _ => {
                while matches!(
                    self.peek(),
                    Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'+' | b'-' | b'.')
                ) {
                    self.at += 1;
                }
            }
        }
        self.text.get(start..self.at).filter(|value| !value.is_empty())
    }

    /// The rest of an array or an object.
    fn inside(&mut self, open: u8, depth: usize) -> Option<()> {
        let close = if open == b'{' { b'}' } else { b']' };
        self.space();
        if depth > DEEPEST {
            return None;
        }
        if self.take(close).is_some() {
            return Some(());
        }
        loop {
            if open == b'{' {
                self.space();
                self.string()?;
                self.space();
                self.take(b':')?;
            }
            self.value(depth)?;
            self.space();
            match self.next()? {
                b',' => {}
                byte if byte == close => return Some(()),
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fields(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_message_stands_before_the_fields_and_values_stay_as_they_were_written() {
        let line =
            r#" {"time":"01:00","msg":"it \"works\"\n","n":1e3,"nested":{"a":[1,{"b":null}]},"ok":true} "#;
        let folded = folded(line).expect("an object");
        assert_eq!(folded.message.as_deref(), Some("it \"works\"\n"));
        let nested = r#"{"a":[1,{"b":null}]}"#;
        let expected = [("time", "01:00"), ("n", "1e3"), ("nested", nested), ("ok", "true")];
        assert_eq!(folded.fields, fields(&expected));
    }

    #[test]
    fn escapes_of_strings_are_read() {
        let text = r#"{"message":"\ud55c\u001b[31m \ud83d\udc33 \ud83d \uzz \t\/"}"#;
        let message = folded(text).and_then(|folded| folded.message);
        assert_eq!(message.as_deref(), Some("한\u{1b}[31m 🐳 \u{fffd} \u{fffd}zz \t/"));
    }

    #[test]
    fn what_is_no_object_is_none() {
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(100), "]".repeat(100));
        for text in [
            "",
            "{}",
            "{",
            "[1]",
            "{\"a\":1",
            "{\"a\":1}}",
            "{\"a\" 1}",
            "{\"a\":}",
            "{a:1}",
            "{\"a\":1,}",
            "{\"a\":1} and more",
            "{curly} braces {only}",
            &*deep,
        ] {
            assert_eq!(folded(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_object_reads_as_serde_reads_it(
            object in prop::collection::btree_map("[a-z]{1,6}", prop_oneof!["(?s).{0,12}", Just("한\u{1b}".to_owned())], 1..6)
        ) {
            let text = serde_json::to_string(&object).expect("JSON");
            let folded = folded(&text).expect("an object");
            let mut all: Vec<_> = folded.fields;
            let message = MESSAGES.iter().find(|name| object.contains_key(**name));
            all.extend(message.map(|name| ((*name).to_owned(), folded.message.expect("a message"))));
            all.sort();
            prop_assert_eq!(all, object.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn no_text_is_too_much(text in "[{}\\[\\]\",:\\\\u0-9a-f 한]{0,60}") {
            let _ = folded(&text);
            let _ = level(&text);
        }
    }
}
