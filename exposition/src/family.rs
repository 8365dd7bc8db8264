use std::{borrow::Cow, collections::HashMap};

use crate::{
    content_type::Format,
    fault::{Excerpt, FaultReason},
    quoted::unescape_help,
};

/// The type of a metric (Prometheus, "Metric types"; OpenMetrics 1.0, "Metric Types").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetricType {
    /// A number that only grows, until its process restarts.
    Counter,
    /// A number that goes up and down.
    Gauge,
    /// Counts of observations in buckets, with their count and sum.
    Histogram,
    /// A histogram whose counts go up and down.
    GaugeHistogram,
    /// Quantiles of observations, with their count and sum.
    Summary,
    /// Texts, as labels of a 1.
    Info,
    /// States, each 0 or 1.
    StateSet,
    /// Nothing is said of the type: OpenMetrics' `unknown`, text's `untyped`.
    Untyped,
}

impl MetricType {
    /// Returns the type that a `TYPE` line names. The words of both formats are read in both.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "counter" => Self::Counter,
            "gauge" => Self::Gauge,
            "histogram" => Self::Histogram,
            "gaugehistogram" => Self::GaugeHistogram,
            "summary" => Self::Summary,
            "info" => Self::Info,
            "stateset" => Self::StateSet,
            "unknown" | "untyped" => Self::Untyped,
            _ => return None,
        })
    }

    /// Returns true where a family of the type has samples with this suffix behind its name (OpenMetrics 1.0, "Suffixes"). A counter of the text format
    /// is named with its `_total` and has samples without a suffix.
    fn has_suffix(self, suffix: &str) -> bool {
        match self {
            Self::Counter => matches!(suffix, "" | "_total"),
            Self::Gauge | Self::StateSet | Self::Untyped => suffix.is_empty(),
            Self::Histogram => matches!(suffix, "_bucket" | "_count" | "_sum"),
            Self::GaugeHistogram => matches!(suffix, "_bucket" | "_gcount" | "_gsum"),
            Self::Summary => matches!(suffix, "" | "_count" | "_sum"),
            Self::Info => suffix == "_info",
        }
    }
}

/// All suffixes of samples that are shown.
const SUFFIXES: [&str; 7] = ["_total", "_bucket", "_count", "_sum", "_gcount", "_gsum", "_info"];

/// A family of metrics: all that a body says of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family<'a> {
    name: Cow<'a, str>,
    metric_type: Option<MetricType>,
    help: Option<(&'a str, Format)>,
    unit: Option<&'a str>,
    has_samples: bool,
}

impl<'a> Family<'a> {
    /// The family's name: `http_requests` in OpenMetrics has samples named `http_requests_total`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type that is declared, or [`MetricType::Untyped`].
    pub fn metric_type(&self) -> MetricType {
        self.metric_type.unwrap_or(MetricType::Untyped)
    }

    /// The text for people, without its escapes; never empty.
    pub fn help(&self) -> Option<Cow<'a, str>> {
        self.help.map(|(help, format)| unescape_help(help, format))
    }

    /// The unit, which few declare: `seconds`, `bytes`; of OpenTelemetry `s`, `By`, `{items}`.
    pub fn unit(&self) -> Option<&'a str> {
        self.unit
    }
}

/// A line that says something of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Metadata<'a> {
    Type(MetricType),
    Help(&'a str, Format),
    Unit(&'a str),
}

/// Families, found by the names of their samples.
#[derive(Debug)]
pub(crate) struct FamilyTable<'a> {
    families: Vec<Family<'a>>,
    indices: HashMap<Cow<'a, str>, usize>,
    /// The family of the line before: that of nearly each sample.
    current: usize,
    most: usize,
}

impl<'a> FamilyTable<'a> {
    pub(crate) fn new(most: usize) -> Self {
        Self { families: Vec::new(), indices: HashMap::new(), current: 0, most }
    }

    pub(crate) fn get(&self, index: usize) -> &Family<'a> {
        &self.families[index]
    }

    /// Returns the family that is declared with this very name.
    pub(crate) fn named(&self, name: &str) -> Option<&Family<'a>> {
        self.indices.get(name).map(|index| &self.families[*index])
    }

    pub(crate) fn declare(
        &mut self,
        name: Cow<'a, str>,
        metadata: Metadata<'a>,
    ) -> Result<(), FaultReason<'a>> {
        let index = self.index_or_insert(&name)?;
        self.current = index;
        let family = &mut self.families[index];
        let is_contradicted = match metadata {
            Metadata::Type(_) if family.has_samples && family.metric_type.is_none() => {
                return Err(FaultReason::LateType(Excerpt(name)));
            }
            Metadata::Type(metric_type) => is_set_otherwise(&mut family.metric_type, metric_type),
            Metadata::Help(help, format) => is_set_otherwise(&mut family.help, (help, format)),
            Metadata::Unit(unit) => is_set_otherwise(&mut family.unit, unit),
        };
        if is_contradicted { Err(FaultReason::RepeatedMetadata(Excerpt(name))) } else { Ok(()) }
    }

    /// Returns the index of a sample's family and the type of the sample. A sample that no family declares becomes one of its own.
    pub(crate) fn of_sample(&mut self, name: &Cow<'a, str>) -> Result<(usize, MetricType), FaultReason<'a>> {
        let found = self.fitting(self.current, name).or_else(|| self.find(name));
        let (index, metric_type) = match found {
            Some(found) => found,
            None => {
                let index = self.index_or_insert(name)?;
                let metric_type = self.families[index].metric_type();
                (index, if metric_type.has_suffix("") { metric_type } else { MetricType::Untyped })
            }
        };
        self.current = index;
        self.families[index].has_samples = true;
        Ok((index, metric_type))
    }

    fn fitting(&self, index: usize, name: &str) -> Option<(usize, MetricType)> {
        let family = self.families.get(index)?;
        let suffix = name.strip_prefix(&*family.name)?;
        let metric_type = family.metric_type();
        metric_type.has_suffix(suffix).then_some((index, metric_type))
    }

    fn find(&self, name: &str) -> Option<(usize, MetricType)> {
        let stems = SUFFIXES.iter().filter_map(|suffix| name.strip_suffix(suffix));
        [name].into_iter().chain(stems).find_map(|stem| self.fitting(*self.indices.get(stem)?, name))
    }

    fn index_or_insert(&mut self, name: &Cow<'a, str>) -> Result<usize, FaultReason<'a>> {
        if self.families.get(self.current).is_some_and(|family| family.name == *name) {
            return Ok(self.current);
        }
        if let Some(index) = self.indices.get(&**name) {
            return Ok(*index);
        }
        if self.families.len() >= self.most {
            return Err(FaultReason::TooManyFamilies(self.most));
        }
        let index = self.families.len();
        self.indices.insert(name.clone(), index);
        self.families.push(Family {
            name: name.clone(),
            metric_type: None,
            help: None,
            unit: None,
            has_samples: false,
        });
        Ok(index)
    }
}

/// Sets what is not set yet, and returns true where something else was. Netdata says the type of a family again before each of its samples.
fn is_set_otherwise<T: Copy + PartialEq>(slot: &mut Option<T>, value: T) -> bool {
    *slot.get_or_insert(value) != value
}
