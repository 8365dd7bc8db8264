//! Lines that programs wrote: of containers, of systemd's journal, of files. They travel as the items of a finite stream
//! ([`crate::stream`]), which a reader asks for and which ends when there are no more or when nobody reads.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Topic, absent, host::HostId, serde_str, stream::StreamId};

/// The first segment of the topics of lines.
pub const LOGS: &str = "logs";

impl HostId {
    /// The topic of a stream of this host's lines.
    ///
    /// # Panics
    /// Never: both names are topic segments.
    #[must_use]
    pub fn logs_topic(&self, stream: &StreamId) -> Topic {
        let text = [LOGS, "/", &self.to_string(), "/", stream.as_str()].concat();
        text.parse().expect("a host id and a stream's name are topic segments")
    }
}

/// A source of lines: `container:ID`, `journal`, `journal:UNIT` or `file:NAME`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogSource {
    /// A container, by its full id of 64 hexadecimal digits or an unambiguous beginning of 12 or more.
    Container(String),
    /// systemd's journal; of one unit, where that is named.
    Journal(Option<String>),
    /// A file that the settings name.
    File(String),
}

/// A text that is not a source of lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no source of lines: it is container:ID, journal, journal:UNIT or file:NAME")]
pub struct BadLogSource(pub String);

impl fmt::Display for LogSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Container(id) => write!(f, "container:{id}"),
            Self::Journal(None) => f.write_str("journal"),
            Self::Journal(Some(unit)) => write!(f, "journal:{unit}"),
            Self::File(name) => write!(f, "file:{name}"),
        }
    }
}

impl FromStr for LogSource {
    type Err = BadLogSource;

    fn from_str(text: &str) -> Result<Self, BadLogSource> {
        let is_id = |id: &str| {
            (12..=64).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        };
        // A unit's name as systemd allows it (systemd.unit(5)); it never begins like an option.
        let is_unit = |unit: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b":-_.\\@".contains(&byte);
            (1..=255).contains(&unit.len()) && !unit.starts_with('-') && unit.bytes().all(allowed)
        };
        let is_name = |name: &str| {
            let allowed = |byte: u8| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.' | b'-')
            };
            (1..=64).contains(&name.len()) && name.bytes().all(allowed)
        };
        match text.split_once(':') {
            None if text == "journal" => Ok(Self::Journal(None)),
            Some(("container", id)) if is_id(id) => Ok(Self::Container(id.to_owned())),
            Some(("journal", unit)) if is_unit(unit) => Ok(Self::Journal(Some(unit.to_owned()))),
            Some(("file", name)) if is_name(name) => Ok(Self::File(name.to_owned())),
            _ => Err(BadLogSource(text.chars().take(80).collect())),
        }
    }
}

serde_str::text_form!(LogSource);

/// The sources of lines that a host has beside its containers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogSourceList {
    /// The host.
    pub host: HostId,
    /// True if its journal can be read.
    pub journal: bool,
    /// The names of the files that the settings name.
    pub files: Vec<String>,
}

/// The lines that a reader asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LogsRequest {
    /// The sources, 1 to 16. Lines of several are told in the order of their times.
    pub sources: Vec<LogSource>,
    /// True to wait for new lines.
    #[serde(default)]
    pub follow: bool,
    /// The newest lines only, of all sources together, at most 100,000; `null` for all within the bounds.
    #[serde(default)]
    pub tail: Option<u32>,
    /// Lines from this time on.
    #[serde(default)]
    pub since: Option<LogMark>,
    /// Lines up to this time.
    #[serde(default)]
    pub until: Option<LogMark>,
    /// Only lines whose text matches this regular expression, of at most 200 characters, in the syntax of Rust's `regex`. `tail` counts
    /// those that match.
    #[serde(default)]
    pub pattern: Option<String>,
}

/// A place among lines: a time, and how many lines of that very time the reader has already. So it goes on in both directions and gets no
/// line twice, though many have one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LogMark {
    /// Unix microseconds.
    pub at: u64,
    /// The lines of this time, to the microsecond, that the reader has: of `since` the first ones, of `until` the last ones.
    #[serde(default)]
    pub seen: u32,
}

/// The stream of the lines that were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogsOpened {
    /// The stream.
    pub id: StreamId,
    /// The topic that its reader follows.
    pub topic: Topic,
}

/// A line, an item of such a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogLine {
    /// The time at which it was written, or read, Unix microseconds; 0 where nobody knows.
    pub at: u64,
    /// The index of its source in the request; absent for 0.
    #[serde(default, skip_serializing_if = "absent::is_zero")]
    pub source: u16,
    /// True if it was written to the standard error output; absent if not.
    #[serde(default, skip_serializing_if = "absent::is_false")]
    pub stderr: bool,
    /// The level, where the source says one (the journal): `emergency`, `alert`, `critical`, `error`, `warning`, `notice`, `info`, `debug`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<LogLevel>,
    /// The writer, where the source has many writers (the journal): a unit or a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The text, without its end of line. Bytes that are no UTF-8 are U+FFFD.
    pub text: String,
    /// The bytes of the whole line, where it was too long and only its beginning is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<u64>,
}

/// The level of a line, as syslog has them (RFC 5424 §6.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// The system cannot be used.
    Emergency,
    /// Something has to be done at once.
    Alert,
    /// A critical condition.
    Critical,
    /// An error.
    Error,
    /// A warning.
    Warning,
    /// Normal, and worth a look.
    Notice,
    /// For information.
    Info,
    /// For those who look for a fault.
    Debug,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_word_and_a_name_that_no_program_can_mistake_for_an_option_or_a_path() {
        for text in [
            "container:0123456789ab",
            "journal",
            "journal:ssh.service",
            r"journal:dev-disk-by\x2duuid.swap",
            "journal:user@1000.service",
            "file:nginx-access.log",
        ] {
            assert_eq!(text.parse::<LogSource>().map(|source| source.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "",
            "container:",
            "container:0123456789",
            "container:../../../etc/passwd",
            "container:0123456789AB",
            "journal:",
            "journal:--file=/etc/shadow",
            "journal:a b",
            "journal:a/b",
            "file:",
            "file:../x",
            "file:/etc/shadow",
            "disk:a",
        ] {
            assert!(text.parse::<LogSource>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_plain_line_is_short_and_reads_back() {
        let line = LogLine {
            at: 5,
            source: 0,
            stderr: false,
            level: None,
            from: None,
            text: "hello".into(),
            cut: None,
        };
        let text = serde_json::to_string(&line).expect("JSON");
        assert_eq!(text, r#"{"at":5,"text":"hello"}"#);
        assert_eq!(serde_json::from_str::<LogLine>(&text).expect("a line"), line);
    }
}
