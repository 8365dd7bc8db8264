//! Lines that begin with `#`.

use std::borrow::Cow;

use crate::{
    content_type::Format,
    family::{Metadata, MetricType},
    fault::FaultReason,
    limits::Limits,
    names::{BLANKS, bare_metric, quoted, skip_blanks},
};

/// A line that begins with `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Comment<'a> {
    /// Metadata of a family.
    Family(Cow<'a, str>, Metadata<'a>),
    /// OpenMetrics' `# EOF`.
    End,
    /// A comment for people.
    Prose,
}

/// Reads a line behind its `#`.
///
/// In the text format a first word other than `HELP` and `TYPE` makes it a comment (Prometheus, "Comments, help text, and type information"). OpenTelemetry's exporter for
/// JavaScript sends `UNIT` there, too: a unit that can be read is taken, and anything else is a comment. OpenMetrics knows no comments; they are passed over
/// there as well.
pub(crate) fn comment<'a>(
    text: &'a str,
    format: Format,
    limits: &Limits,
) -> Result<Comment<'a>, FaultReason<'a>> {
    let text = text.trim_matches(BLANKS);
    let is_open_metrics = format == Format::OpenMetrics;
    let metadata = |keyword, rest| metadata(text, keyword, rest, format, limits);
    let (keyword, rest) = text.split_once(BLANKS).unwrap_or((text, ""));
    match keyword {
        "EOF" if is_open_metrics && rest.is_empty() => Ok(Comment::End),
        "UNIT" if !is_open_metrics => Ok(metadata(keyword, rest).unwrap_or(Comment::Prose)),
        "TYPE" | "HELP" | "UNIT" => metadata(keyword, rest),
        _ => Ok(Comment::Prose),
    }
}

fn metadata<'a>(
    text: &'a str,
    keyword: &str,
    rest: &'a str,
    format: Format,
    limits: &Limits,
) -> Result<Comment<'a>, FaultReason<'a>> {
    let bad = || FaultReason::BadMetadata(text.into());
    let rest = skip_blanks(rest);
    let (name, rest) = match rest.strip_prefix('"') {
        Some(rest) => quoted(rest, limits)?,
        None => {
            let (name, rest) = bare_metric(rest, limits)?;
            if name.is_empty() {
                return Err(bad());
            }
            (name, rest)
        }
    };
    if !rest.is_empty() && !rest.starts_with(BLANKS) {
        return Err(bad());
    }
    let rest = skip_blanks(rest);
    let metadata = match keyword {
        // Empty ones say nothing (OpenMetrics 1.0, "MetricFamily metadata").
        "HELP" | "UNIT" if rest.is_empty() => return Ok(Comment::Prose),
        "HELP" => Metadata::Help(rest, format),
        _ if rest.contains(BLANKS) => return Err(bad()),
        "UNIT" => Metadata::Unit(rest),
        _ if rest.is_empty() => return Err(bad()),
        _ => Metadata::Type(MetricType::of_word(rest).ok_or(FaultReason::UnknownType(rest.into()))?),
    };
    Ok(Comment::Family(name, metadata))
}
