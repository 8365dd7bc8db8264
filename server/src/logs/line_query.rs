//! A request for lines, checked.

use common::logs::{LogMark, LogSource, LogsRequest};
use regex::{Regex, RegexBuilder};

use super::{error::LogsError, line::SourceLine};

/// The most sources of one request.
const SOURCES: usize = 16;
/// The most lines that `tail` asks for.
const TAIL: u32 = 100_000;
/// The most lines of a mark's time that a reader may have.
const SEEN: u32 = 1_000_000;
/// The most characters of a pattern.
const PATTERN: usize = 200;
/// The most bytes of a compiled pattern, and of what is cached while it is matched: a short one can stand for a huge machine.
const COMPILED: usize = 1 << 20;

/// The lines that are asked for.
#[derive(Debug, Clone)]
pub(super) struct LineQuery {
    pub(super) sources: Vec<LogSource>,
    pub(super) follow: bool,
    /// The newest lines only.
    pub(super) tail: Option<u64>,
    pub(super) since: Option<LogMark>,
    pub(super) until: Option<LogMark>,
    pub(super) filter: LineFilter,
}

/// Lets the lines through that match a pattern, or all.
#[derive(Debug, Clone, Default)]
pub(super) struct LineFilter(Option<Regex>);

impl LineFilter {
    /// True if there is a pattern.
    pub(super) fn is_any(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn passes(&self, line: &SourceLine) -> bool {
        self.0.as_ref().is_none_or(|pattern| pattern.is_match(&line.lossy()))
    }
}

impl LineQuery {
    /// # Errors
    /// When something of the request makes no sense.
    pub(super) fn check(request: LogsRequest) -> Result<Self, LogsError> {
        let LogsRequest { sources, follow, tail, since, until, pattern } = request;
        let invalid = |why: &str| Err(LogsError::Invalid(why.to_owned()));
        if !(1..=SOURCES).contains(&sources.len()) {
            return invalid("lines are read of 1 to 16 sources");
        }
        if sources.iter().enumerate().any(|(at, source)| sources[..at].contains(source)) {
            return invalid("a source is named twice");
        }
        if tail.is_some_and(|tail| tail > TAIL) {
            return invalid("tail is at most 100000");
        }
        if follow && until.is_some() {
            return invalid("a request that follows has no until");
        }
        if [since, until].iter().flatten().any(|mark| mark.seen > SEEN) {
            return invalid("seen is at most 1000000");
        }
        let filter = LineFilter(pattern.as_deref().map(compiled).transpose()?);
        Ok(Self { sources, follow, tail: tail.map(u64::from), since, until, filter })
    }

    /// The first time that is asked for.
    pub(super) fn since_at(&self) -> u64 {
        self.since.map_or(0, |mark| mark.at)
    }

    /// The last time that is asked for.
    pub(super) fn until_at(&self) -> u64 {
        self.until.map_or(u64::MAX, |mark| mark.at)
    }
}

/// Compiles a pattern of a request.
pub(super) fn compiled(pattern: &str) -> Result<Regex, LogsError> {
    if pattern.chars().count() > PATTERN {
        return Err(LogsError::Invalid("a pattern has at most 200 characters".to_owned()));
    }
    let built = RegexBuilder::new(pattern).size_limit(COMPILED).dfa_size_limit(COMPILED).build();
    built.map_err(|error| {
        let why = match error {
            regex::Error::Syntax(why) => why.lines().last().unwrap_or_default().trim().to_owned(),
            _ => "it stands for too much".to_owned(),
        };
        LogsError::Invalid(format!("the pattern cannot be used: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(sources: &[&str]) -> LogsRequest {
        LogsRequest {
            sources: sources.iter().map(|source| source.parse().expect("a source")).collect(),
            follow: false,
            tail: None,
            since: None,
            until: None,
            pattern: None,
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_a_sentence() {
        let one = request(&["journal"]);
        let mark = |seen| Some(LogMark { at: 1, seen });
        let many: Vec<String> = (0..17).map(|number| format!("file:{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let cases = [
            (request(&[]), "1 to 16"),
            (request(&many), "1 to 16"),
            (request(&["file:a", "journal", "file:a"]), "twice"),
            (LogsRequest { tail: Some(100_001), ..one.clone() }, "100000"),
            (LogsRequest { follow: true, until: mark(0), ..one.clone() }, "until"),
            (LogsRequest { since: mark(SEEN + 1), ..one.clone() }, "seen"),
            (LogsRequest { pattern: Some("(".into()), ..one.clone() }, "unclosed group"),
            (LogsRequest { pattern: Some("a".repeat(201)), ..one.clone() }, "200 characters"),
            (LogsRequest { pattern: Some(r"(\w{200}){200}".into()), ..one.clone() }, "too much"),
        ];
        for (request, said) in cases {
            let error = LineQuery::check(request).expect_err(said).to_string();
            assert!(error.contains(said), "{error}");
        }
        assert!(LineQuery::check(LogsRequest { tail: Some(100_000), ..one }).is_ok());
    }

    #[test]
    fn a_pattern_looks_at_the_text_as_it_is_told() {
        let request = LogsRequest { pattern: Some("^err.*\u{fffd}$".into()), ..request(&["journal"]) };
        let LineQuery { filter, .. } = LineQuery::check(request).expect("it is one");
        let passes =
            |text: &[u8]| filter.passes(&SourceLine { text: text.to_vec(), ..SourceLine::default() });
        assert!(passes(b"error \xff") && !passes(b"error") && !passes(b"an error \xff"));
    }
}
