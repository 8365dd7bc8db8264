//! Reads what the server tells with the page's own reader of JSON, field by field: readers derived for so many types would be a fifth of
//! this page's code.

use common::{
    logs::{LogLine, LogsOpened},
    stream::{StreamEndReason, StreamEntry},
};

use super::{
    json::{elements, members, read, unquoted},
    level_name::named,
};

/// Reads an entry of a stream of lines; none where it is none.
pub(super) fn entry(text: &str) -> Option<StreamEntry<LogLine>> {
    let fields = members(text)?;
    let number = |name: &str| field(&fields, name)?.parse::<u64>().ok();
    Some(match unquoted(field(&fields, "type")?) {
        "begin" => StreamEntry::Begin {
            title: field(&fields, "title").map(read).unwrap_or_default(),
            at_ms: number("at_ms").unwrap_or_default(),
        },
        "items" => StreamEntry::Items { first: number("first")?, items: lines(field(&fields, "items")?)? },
        "end" => StreamEntry::End {
            reason: match unquoted(field(&fields, "reason")?) {
                "complete" => StreamEndReason::Complete,
                "failed" => StreamEndReason::Failed,
                "cancelled" => StreamEndReason::Cancelled,
                _ => return None,
            },
            error: field(&fields, "error").filter(|value| *value != "null").map(read),
            total: number("total")?,
        },
        _ => return None,
    })
}

fn lines(text: &str) -> Option<Vec<LogLine>> {
    let mut lines = Vec::new();
    for element in elements(text)? {
        lines.push(line(element)?);
    }
    Some(lines)
}

fn line(text: &str) -> Option<LogLine> {
    let fields = members(text)?;
    let mut line = LogLine {
        at: field(&fields, "at")?.parse().ok()?,
        source: 0,
        stderr: false,
        level: None,
        from: None,
        text: read(field(&fields, "text")?),
        cut: None,
    };
    for (key, value) in fields {
        match unquoted(key) {
            "source" => line.source = value.parse().ok()?,
            "stderr" => line.stderr = value == "true",
            "level" => line.level = named(unquoted(value)),
            "from" => line.from = Some(value).filter(|value| *value != "null").map(read),
            "cut" => line.cut = value.parse().ok(),
            _ => {}
        }
    }
    Some(line)
}

/// Reads the answer to a request for lines.
pub(super) fn opened(text: &str) -> Option<LogsOpened> {
    let fields = members(text)?;
    Some(LogsOpened {
        id: read(field(&fields, "id")?).parse().ok()?,
        topic: read(field(&fields, "topic")?).parse().ok()?,
    })
}

/// The value of a field, as it stands.
pub(super) fn field<'a>(fields: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(key, _)| unquoted(key) == name).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use common::{host::HostId, logs::LogLevel, stream::StreamId};
    use proptest::prelude::*;

    use super::*;

    fn lines() -> impl Strategy<Value = LogLine> {
        const LEVELS: [LogLevel; 8] = [
            LogLevel::Emergency,
            LogLevel::Alert,
            LogLevel::Critical,
            LogLevel::Error,
            LogLevel::Warning,
            LogLevel::Notice,
            LogLevel::Info,
            LogLevel::Debug,
        ];
        let level = prop::option::of(prop::sample::select(&LEVELS[..]));
        let from = prop::option::of("(?s).{0,9}");
        (any::<(u64, u16, bool, Option<u64>)>(), level, from, "(?s).{0,40}").prop_map(
            |((at, source, stderr, cut), level, from, text)| LogLine {
                at,
                source,
                stderr,
                level,
                from,
                text,
                cut,
            },
        )
    }

    fn entries() -> impl Strategy<Value = StreamEntry<LogLine>> {
        let reasons = [StreamEndReason::Complete, StreamEndReason::Failed, StreamEndReason::Cancelled];
        let end = (prop::sample::select(reasons.to_vec()), prop::option::of("(?s).{0,20}"), any::<u64>());
        prop_oneof![
            ("(?s).{0,20}", any::<u64>()).prop_map(|(title, at_ms)| StreamEntry::Begin { title, at_ms }),
            (any::<u64>(), prop::collection::vec(lines(), 0..5))
                .prop_map(|(first, items)| StreamEntry::Items { first, items }),
            end.prop_map(|(reason, error, total)| StreamEntry::End { reason, error, total }),
        ]
    }

    proptest! {
        #[test]
        fn every_entry_is_read_as_the_server_writes_it(written in entries()) {
            let text = serde_json::to_string(&written).expect("JSON");
            prop_assert_eq!(entry(&text), Some(written));
        }

        #[test]
        fn what_is_none_is_none_and_no_panic(text in r#"[{}\[\]",:a-z0-9\\]{0,60}"#) {
            prop_assert_eq!(entry(&text), None);
            prop_assert_eq!(opened(&text), None);
        }
    }

    #[test]
    fn entries_of_a_later_version_are_left_out() {
        for text in [
            "{}",
            r#"{"type":"later"}"#,
            r#"{"type":"items","items":[]}"#,
            r#"{"type":"items","first":0,"items":[1]}"#,
            r#"{"type":"items","first":0,"items":[{"at":1}]}"#,
            r#"{"type":"end","total":1}"#,
            r#"{"type":"end","reason":"bored","total":1}"#,
        ] {
            assert_eq!(entry(text), None, "{text}");
        }
        let more = r#"{"type":"items","first":2,"new":{"a":[1]},"items":[{"at":1,"text":"a","new":[{}]}]}"#;
        assert!(matches!(entry(more), Some(StreamEntry::Items { first: 2, .. })));
    }

    #[test]
    fn an_answer_names_the_stream_and_its_topic() {
        let id = StreamId::of_bytes([7; 16]);
        let answer = LogsOpened { topic: HostId::local().logs_topic(&id), id };
        assert_eq!(opened(&serde_json::to_string(&answer).expect("JSON")), Some(answer));
        assert_eq!(opened(r#"{"id":"../x","topic":"logs/local/x"}"#), None);
    }
}
