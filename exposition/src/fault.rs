use std::{borrow::Cow, fmt};

use thiserror::Error;

/// A line that was not read as it stands, and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct Fault<'a> {
    /// Number of the line, from 1.
    pub line: usize,
    /// The reason, which displays as half a sentence in plain English.
    pub reason: FaultReason<'a>,
}

/// The reason why a line was not read. It borrows from the body.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaultReason<'a> {
    /// The line has bytes that are not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// The line is longer than [`line_bytes`](crate::Limits::line_bytes).
    #[error("it is longer than {0} bytes")]
    LineTooLong(usize),
    /// A name is longer than [`name_bytes`](crate::Limits::name_bytes).
    #[error("a name is longer than {0} bytes")]
    NameTooLong(usize),
    /// A label's value is longer than [`value_bytes`](crate::Limits::value_bytes).
    #[error("the value of a label is longer than {0} bytes")]
    ValueTooLong(usize),
    /// The series has more labels than [`labels`](crate::Limits::labels).
    #[error("it has more than {0} labels")]
    TooManyLabels(usize),
    /// The body has more series than [`samples`](crate::Limits::samples). It is told once; the other lines are counted.
    #[error("the body has more than {0} series: this one and those after it are left out")]
    TooManySamples(usize),
    /// The body declares more families than [`samples`](crate::Limits::samples).
    #[error("the body has more than {0} families of metrics")]
    TooManyFamilies(usize),
    /// The line has no name of a metric, neither before the braces nor in them.
    #[error("a name of a metric is missing")]
    NoName,
    /// The line names its metric before the braces and in them, or twice in them.
    #[error("it names two metrics")]
    TwoNames,
    /// A name has letters that only quoted names may have.
    #[error("the name `{0}` has letters that only quoted names may have")]
    BadName(Excerpt<'a>),
    /// The braces hold something else than labels between commas.
    #[error("`{0}` stands in place of a label")]
    BadLabel(Excerpt<'a>),
    /// A label has two values.
    #[error("the label `{0}` stands twice in it")]
    TwoLabels(Excerpt<'a>),
    /// `__name__` is the metric's name itself, and no label.
    #[error("the label `__name__` is reserved")]
    ReservedLabel,
    /// A quoted string has no end.
    #[error("a quoted string has no end")]
    OpenQuote,
    /// A label is followed by neither a comma nor the closing brace.
    #[error("a comma or a closing brace is missing among the labels")]
    OpenLabels,
    /// The line has no value.
    #[error("a value is missing")]
    NoValue,
    /// The value is no decimal number that a double can hold.
    #[error("the value `{0}` is not a number")]
    BadValue(Excerpt<'a>),
    /// The timestamp is no number of milliseconds (text) or of seconds (OpenMetrics).
    #[error("`{0}` is not a timestamp")]
    BadTimestamp(Excerpt<'a>),
    /// Something follows the value and the timestamp.
    #[error("`{0}` follows the sample")]
    TrailingText(Excerpt<'a>),
    /// The series stands twice in the body, in OpenMetrics without different times. The first one counts.
    #[error("the series `{0}` stands twice in the body: the first one counts")]
    RepeatedSeries(Excerpt<'a>),
    /// A `TYPE`, `HELP` or `UNIT` line has no name, no type or too much.
    #[error("`{0}` is no complete TYPE, HELP or UNIT")]
    BadMetadata(Excerpt<'a>),
    /// A type that neither format has.
    #[error("`{0}` is no type of metrics")]
    UnknownType(Excerpt<'a>),
    /// A second `TYPE`, `HELP` or `UNIT` of one family, which says something else. The first one counts.
    #[error("the family `{0}` has this twice, and not alike: the first one counts")]
    RepeatedMetadata(Excerpt<'a>),
    /// The type of a family comes after its samples, which have been handed out as untyped.
    #[error("the type of `{0}` comes after its samples")]
    LateType(Excerpt<'a>),
    /// Lines follow OpenMetrics' `# EOF`. They are skipped.
    #[error("it follows `# EOF`, and so do all lines after it")]
    AfterEnd,
    /// An OpenMetrics body ends in the middle of a line.
    #[error("the body is cut off in it")]
    CutOff,
}

/// A piece of the body, which displays at most its first 80 bytes, with control characters escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt<'a>(pub Cow<'a, str>);

/// The most that a person wants to read of a line.
const LONGEST_EXCERPT: usize = 80;

impl<'a> From<&'a str> for Excerpt<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.floor_char_boundary(LONGEST_EXCERPT);
        for letter in self.0[..end].chars() {
            if letter.is_control() {
                write!(f, "{}", letter.escape_default())?;
            } else {
                write!(f, "{letter}")?;
            }
        }
        if end < self.0.len() { f.write_str("…") } else { Ok(()) }
    }
}
