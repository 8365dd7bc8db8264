//! A request for lines, as the server reads it. It is written by hand: a derived writer of so many types is a kilobyte of the page.

use common::logs::{LogMark, LogsRequest};

/// The JSON of a request.
pub(super) fn json(request: &LogsRequest) -> String {
    let LogsRequest { sources, follow, tail, since, until, pattern } = request;
    let mut out = String::from(r#"{"sources":["#);
    for (place, source) in sources.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push_str(&quoted(&source.to_string()));
    }
    out.push(']');
    if *follow {
        out.push_str(r#","follow":true"#);
    }
    if let Some(tail) = tail {
        out.push_str(r#","tail":"#);
        out.push_str(&tail.to_string());
    }
    for (name, mark) in [(r#","since":"#, since), (r#","until":"#, until)] {
        if let Some(LogMark { at, seen }) = mark {
            out.push_str(name);
            out.push_str(&[r#"{"at":"#, &at.to_string(), r#","seen":"#, &seen.to_string(), "}"].concat());
        }
    }
    if let Some(pattern) = pattern {
        out.push_str(r#","pattern":"#);
        out.push_str(&quoted(pattern));
    }
    out.push('}');
    out
}

/// A string with its quotes (RFC 8259 §7).
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0'..='\x1f' => {
                out.push_str("\\u00");
                for digit in [c as u32 >> 4, c as u32 & 15] {
                    out.extend(char::from_digit(digit, 16));
                }
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use common::logs::LogSource;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_server_reads_what_was_meant(
            pattern in prop::option::of("(?s).{0,20}"),
            tail in any::<Option<u32>>(),
            follow: bool,
            marks: [Option<(u64, u32)>; 2],
        ) {
            let mark = |mark: Option<(u64, u32)>| mark.map(|(at, seen)| LogMark { at, seen });
            let [since, until] = marks.map(mark);
            let sources = vec![LogSource::Journal(Some(r"a\x2d.swap".into())), LogSource::File("b".into())];
            let request = LogsRequest { sources, follow, tail, since, until, pattern };
            prop_assert_eq!(serde_json::from_str::<LogsRequest>(&json(&request)).ok(), Some(request));
        }
    }
}
