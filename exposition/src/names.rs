//! Names of metrics and labels, bare and quoted.

use std::borrow::Cow;

use crate::{
    fault::FaultReason,
    limits::Limits,
    quoted::{split_quoted, unescape},
};

/// The blanks between tokens: any number of spaces and tabs.
pub(crate) const BLANKS: [char; 2] = [' ', '\t'];

/// Returns true for a name that may stand without quotes: `[a-zA-Z_:][a-zA-Z0-9_:]*`, of labels without the colon (Prometheus, "Data model").
fn is_bare(name: &str, colon: bool) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || (colon && byte == b':');
    let mut bytes = name.bytes();
    bytes.next().is_some_and(is_letter) && bytes.all(|byte| is_letter(byte) || byte.is_ascii_digit())
}

/// Checks a bare name of a metric.
pub(crate) fn bare_metric<'a>(name: &'a str, limits: &Limits) -> Result<Cow<'a, str>, FaultReason<'a>> {
    bare(name, true, limits)
}

/// Checks a bare name of a label.
pub(crate) fn bare_label<'a>(name: &'a str, limits: &Limits) -> Result<Cow<'a, str>, FaultReason<'a>> {
    bare(name, false, limits)
}

fn bare<'a>(name: &'a str, colon: bool, limits: &Limits) -> Result<Cow<'a, str>, FaultReason<'a>> {
    check_length(name, limits)?;
    if is_bare(name, colon) { Ok(Cow::Borrowed(name)) } else { Err(FaultReason::BadName(name.into())) }
}

/// Reads a name behind its opening quote, and returns what follows the closing one. It may have any letters, but must have one.
pub(crate) fn quoted<'a>(text: &'a str, limits: &Limits) -> Result<(Cow<'a, str>, &'a str), FaultReason<'a>> {
    let (name, rest) = split_quoted(text)?;
    check_length(name, limits)?;
    if name.is_empty() { Err(FaultReason::NoName) } else { Ok((unescape(name), rest)) }
}

fn check_length<'a>(name: &str, limits: &Limits) -> Result<(), FaultReason<'a>> {
    if name.len() > limits.name_bytes { Err(FaultReason::NameTooLong(limits.name_bytes)) } else { Ok(()) }
}
