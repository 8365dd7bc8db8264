//! Samples named `…_created`: the times when counters, histograms and summaries began.

use std::{borrow::Cow, collections::HashSet};

use crate::{
    content_type::Format,
    family::{Family, FamilyTable, Metadata, MetricType},
    limits::Limits,
    metadata::{Comment, comment},
};

const SUFFIX: &str = "_created";

/// The names that have a `…_created` which is no metric of its own.
///
/// OpenMetrics has these samples within their families. Libraries for Python send them in the text format, too, each as a gauge, and a pushgateway sorts
/// them before the counter. So the types are read before all samples, where the body has such a name at all.
#[derive(Debug, Default)]
pub(crate) struct CreatedTimes<'a> {
    of: HashSet<Cow<'a, str>>,
}

impl<'a> CreatedTimes<'a> {
    pub(crate) fn scan(body: &'a [u8], format: Format, limits: &Limits) -> Self {
        let mut of = HashSet::new();
        if memchr::memmem::find(body, SUFFIX.as_bytes()).is_none() {
            return Self { of };
        }
        for line in body.split(|byte| *byte == b'\n') {
            let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or_default();
            let text = line[start..].strip_prefix(b"#").filter(|_| line.len() <= limits.line_bytes);
            let Some(text) = text else { continue };
            let Ok(text) = str::from_utf8(text) else { continue };
            let Ok(Comment::Family(name, Metadata::Type(metric_type))) = comment(text, format, limits) else {
                continue;
            };
            let stem = match metric_type {
                MetricType::Counter => without_total(name),
                MetricType::Histogram | MetricType::Summary => name,
                _ => continue,
            };
            if of.len() < limits.samples {
                of.insert(stem);
            }
        }
        Self { of }
    }

    /// Returns true for a sample that tells when another metric began. A family of this very name is a metric of its own, unless it is a gauge.
    pub(crate) fn hides(&self, name: &str, families: &FamilyTable<'_>) -> bool {
        if !name.strip_suffix(SUFFIX).is_some_and(|stem| self.of.contains(stem)) {
            return false;
        }
        let own = families.named(name).map_or(MetricType::Untyped, Family::metric_type);
        matches!(own, MetricType::Gauge | MetricType::Untyped)
    }
}

fn without_total(name: Cow<'_, str>) -> Cow<'_, str> {
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.strip_suffix("_total").unwrap_or(name)),
        Cow::Owned(name) => Cow::Owned(name.strip_suffix("_total").unwrap_or(&name).to_owned()),
    }
}
