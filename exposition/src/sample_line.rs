//! A line with a sample: `name{label="value",…} value timestamp`, or `{"name","label"="value",…} value timestamp`.

use std::borrow::Cow;

use crate::{
    content_type::Format,
    fault::{Excerpt, FaultReason},
    limits::Limits,
    names::{BLANKS, bare_label, bare_metric, quoted},
    number::{timestamp_ms, value},
    quoted::{split_quoted, unescape},
    sample::Label,
};

/// Splits a line into the name before its braces, if it has one, and what follows.
pub(crate) fn leading_name<'a>(
    line: &'a str,
    limits: &Limits,
) -> Result<(Option<Cow<'a, str>>, &'a str), FaultReason<'a>> {
    let end = line.bytes().position(|byte| matches!(byte, b'{' | b' ' | b'\t')).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    if name.is_empty() { Ok((None, rest)) } else { Ok((Some(bare_metric(name, limits)?), rest)) }
}

/// Reads labels into `labels`, if there are any, and returns what follows them. A quoted string without a value is the metric's name.
pub(crate) fn labels<'a>(
    text: &'a str,
    name: &mut Option<Cow<'a, str>>,
    labels: &mut Vec<Label<'a>>,
    limits: &Limits,
) -> Result<&'a str, FaultReason<'a>> {
    labels.clear();
    let Some(mut rest) = text.trim_start_matches(BLANKS).strip_prefix('{') else { return Ok(text) };
    loop {
        rest = rest.trim_start_matches(BLANKS);
        if let Some(after) = rest.strip_prefix('}') {
            rest = after;
            break;
        }
        let (item, after) = match rest.strip_prefix('"') {
            Some(inside) => quoted(inside, limits)?,
            None => leading_label(rest, limits)?,
        };
        let after = after.trim_start_matches(BLANKS);
        let after = match after.strip_prefix('=') {
            Some(after) => {
                if labels.len() >= limits.labels {
                    return Err(FaultReason::TooManyLabels(limits.labels));
                }
                if item == "__name__" {
                    return Err(FaultReason::ReservedLabel);
                }
                let after = after.trim_start_matches(BLANKS);
                let inside = after.strip_prefix('"').ok_or(FaultReason::BadLabel(rest.into()))?;
                let (value, after) = split_quoted(inside)?;
                if value.len() > limits.value_bytes {
                    return Err(FaultReason::ValueTooLong(limits.value_bytes));
                }
                labels.push(Label { name: item, value: unescape(value) });
                after.trim_start_matches(BLANKS)
            }
            None if !rest.starts_with('"') => return Err(FaultReason::BadLabel(rest.into())),
            None if name.is_some() => return Err(FaultReason::TwoNames),
            None => {
                *name = Some(item);
                after
            }
        };
        rest = match after.as_bytes().first() {
            Some(b',') => &after[1..],
            Some(b'}') => after,
            _ => return Err(FaultReason::OpenLabels),
        };
    }
    settle(labels)?;
    Ok(rest)
}

fn leading_label<'a>(text: &'a str, limits: &Limits) -> Result<(Cow<'a, str>, &'a str), FaultReason<'a>> {
    let end = text.bytes().position(|byte| matches!(byte, b'=' | b',' | b'}' | b'"' | b' ' | b'\t'));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    match (name, rest) {
        ("", "") => Err(FaultReason::OpenLabels),
        ("", _) => Err(FaultReason::BadLabel(text.into())),
        _ => Ok((bare_label(name, limits)?, rest)),
    }
}

/// Sorts labels by name, and takes the empty ones out: they are none (Prometheus, "Data model").
fn settle<'a>(labels: &mut Vec<Label<'a>>) -> Result<(), FaultReason<'a>> {
    labels.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    if let Some(pair) = labels.windows(2).find(|pair| pair[0].name == pair[1].name) {
        return Err(FaultReason::TwoLabels(Excerpt(pair[0].name.clone())));
    }
    labels.retain(|label| !label.value.is_empty());
    Ok(())
}

/// Reads the value and the timestamp in milliseconds. An exemplar of OpenMetrics is passed over.
pub(crate) fn value_and_timestamp(text: &str, format: Format) -> Result<(f64, Option<i64>), FaultReason<'_>> {
    let (number, rest) = token(text);
    if number.is_empty() {
        return Err(FaultReason::NoValue);
    }
    let number = value(number)?;
    let is_exemplar = |rest: &str| format == Format::OpenMetrics && rest.starts_with('#');
    if rest.is_empty() || is_exemplar(rest) {
        return Ok((number, None));
    }
    let (timestamp, rest) = token(rest);
    let timestamp = timestamp_ms(timestamp, format)?;
    if rest.is_empty() || is_exemplar(rest) {
        Ok((number, Some(timestamp)))
    } else {
        Err(FaultReason::TrailingText(rest.into()))
    }
}

/// Splits off the first word, without the blanks around it.
fn token(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches(BLANKS);
    let (token, rest) = text.split_at(text.find(BLANKS).unwrap_or(text.len()));
    (token, rest.trim_start_matches(BLANKS))
}
