//! A line with a sample: `name{label="value",…} value timestamp`, or `{"name","label"="value",…} value timestamp`.

use std::borrow::Cow;

use crate::{
    content_type::Format,
    fault::{Excerpt, FaultReason},
    limits::Limits,
    names::{BLANKS, bare_label, bare_metric, quoted, skip_blanks},
    number::{timestamp_ms, value},
    quoted::{split_quoted, unescape},
    sample::Label,
};

/// Splits a line into the name before its braces, if it has one, and what follows.
pub(crate) fn leading_name<'a>(
    line: &'a str,
    limits: &Limits,
) -> Result<(Option<Cow<'a, str>>, &'a str), FaultReason<'a>> {
    let (name, rest) = bare_metric(line, limits)?;
    if !name.is_empty() {
        return Ok((Some(name), rest));
    }
    if rest.starts_with('{') { Ok((None, rest)) } else { Err(FaultReason::NoName) }
}

/// Reads labels into `labels`, if there are any, and returns what follows them. A quoted string without a value is the metric's name.
pub(crate) fn labels<'a>(
    text: &'a str,
    name: &mut Option<Cow<'a, str>>,
    labels: &mut Vec<Label<'a>>,
    limits: &Limits,
) -> Result<&'a str, FaultReason<'a>> {
    labels.clear();
    let Some(mut rest) = skip_blanks(text).strip_prefix('{') else { return Ok(text) };
    loop {
        rest = skip_blanks(rest);
        if let Some(after) = rest.strip_prefix('}') {
            rest = after;
            break;
        }
        let (item, after) = match rest.strip_prefix('"') {
            Some(inside) => quoted(inside, limits)?,
            None => leading_label(rest, limits)?,
        };
        let after = skip_blanks(after);
        let after = match after.strip_prefix('=') {
            Some(after) => {
                if labels.len() >= limits.labels {
                    return Err(FaultReason::TooManyLabels(limits.labels));
                }
                if item == "__name__" {
                    return Err(FaultReason::ReservedLabel);
                }
                let after = skip_blanks(after);
                let inside = after.strip_prefix('"').ok_or(FaultReason::BadLabel(rest.into()))?;
                let (value, after) = split_quoted(inside)?;
                if value.len() > limits.value_bytes {
                    return Err(FaultReason::ValueTooLong(limits.value_bytes));
                }
                labels.push(Label { name: item, value: unescape(value) });
                skip_blanks(after)
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
    match bare_label(text, limits)? {
        (name, "") if name.is_empty() => Err(FaultReason::OpenLabels),
        (name, _) if name.is_empty() => Err(FaultReason::BadLabel(text.into())),
        found => Ok(found),
    }
}

/// Sorts labels by name, and takes the empty ones out: they are none (Prometheus, "Data model").
fn settle<'a>(labels: &mut Vec<Label<'a>>) -> Result<(), FaultReason<'a>> {
    if !labels.is_sorted_by(|a, b| a.name < b.name) {
        labels.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    }
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
    let text = skip_blanks(text);
    let (token, rest) = text.split_at(text.find(BLANKS).unwrap_or(text.len()));
    (token, skip_blanks(rest))
}
