//! Metrics: the kinds of numbers that are measured. A collector declares each of its metrics once, with all that anyone needs to show,
//! judge or store its series.

use serde::{Deserialize, Serialize};

/// The unit of a metric's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 0 to 100.
    Percent,
    /// Bytes; shown in IEC units (GiB).
    Bytes,
    /// Bytes a second; shown in SI units (MB/s).
    BytesPerSecond,
    /// Seconds.
    Seconds,
    /// Degrees Celsius.
    Celsius,
    /// A plain number.
    Count,
}

impl Unit {
    /// Every unit. A unit's place in this list is its number in the page's catalog.
    pub(crate) const ALL: [Self; 6] =
        [Self::Percent, Self::Bytes, Self::BytesPerSecond, Self::Seconds, Self::Celsius, Self::Count];
}

/// The meaning of a metric's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MetricKind {
    /// A level at a moment.
    Gauge,
    /// The mean speed since the sample before.
    Rate,
}

/// A text in every language that pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocalizedText {
    /// English.
    pub en: &'static str,
    /// Korean.
    pub ko: &'static str,
}

impl LocalizedText {
    /// No text.
    pub const NONE: Self = Self { en: "", ko: "" };

    /// A text in both languages.
    #[must_use]
    pub const fn new(en: &'static str, ko: &'static str) -> Self {
        Self { en, ko }
    }
}

/// A dimension of a metric: its series differ in its value. The value is a number, a path or another identity that stays as it is,
/// never a name that was shortened or that two things can share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Label {
    /// The label's id: `core`, `mount`.
    pub id: &'static str,
    /// Its name for people.
    pub name: LocalizedText,
}

/// The values from which on a level holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Thresholds {
    /// Look at it today.
    pub warn: f64,
    /// Look at it now.
    pub critical: f64,
}

/// Thresholds, and the scale that they are on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MetricThresholds {
    /// The two values, in the metric's unit.
    #[serde(flatten)]
    pub at: Thresholds,
    /// True if the values are for each core of the host: on one with four cores, four times as much is normal.
    pub per_core: bool,
}

impl MetricThresholds {
    /// Returns the values for a host with this number of cores.
    #[must_use]
    pub fn on(self, cores: usize) -> Thresholds {
        let factor = if self.per_core { cores.max(1) as f64 } else { 1.0 };
        Thresholds { warn: self.at.warn * factor, critical: self.at.critical * factor }
    }
}

/// The description of a metric. A series is one host, one metric and one value for each of the metric's labels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metric {
    /// The id: lower-case words with dots between, for example `cpu.total`. It has no colon: that is the older form's.
    pub id: &'static str,
    /// The unit of its values.
    pub unit: Unit,
    /// The meaning of its values.
    pub kind: MetricKind,
    /// The name for people.
    pub name: LocalizedText,
    /// The labels of its series, in the order in which samples nest them. A series that lacks one is the total over it.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Label>))]
    pub labels: &'static [Label],
    /// The thresholds, if a value of it can be bad.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thresholds: Option<MetricThresholds>,
}

impl Metric {
    /// A gauge without labels.
    #[must_use]
    pub const fn gauge(id: &'static str, unit: Unit, name: LocalizedText) -> Self {
        Self { id, unit, kind: MetricKind::Gauge, name, labels: &[], thresholds: None }
    }

    /// A rate without labels.
    #[must_use]
    pub const fn rate(id: &'static str, unit: Unit, name: LocalizedText) -> Self {
        Self { kind: MetricKind::Rate, ..Self::gauge(id, unit, name) }
    }

    /// Gives its series labels.
    #[must_use]
    pub const fn by(self, labels: &'static [Label]) -> Self {
        Self { labels, ..self }
    }

    /// Gives it thresholds.
    #[must_use]
    pub const fn judged(self, warn: f64, critical: f64) -> Self {
        let at = Thresholds { warn, critical };
        Self { thresholds: Some(MetricThresholds { at, per_core: false }), ..self }
    }

    /// Gives it thresholds for each core of a host.
    #[must_use]
    pub const fn judged_per_core(self, warn: f64, critical: f64) -> Self {
        let at = Thresholds { warn, critical };
        Self { thresholds: Some(MetricThresholds { at, per_core: true }), ..self }
    }

    /// Returns the largest value that makes sense for one of its thresholds.
    #[must_use]
    pub const fn largest_threshold(&self) -> f64 {
        match self.unit {
            Unit::Percent => 100.0,
            _ => 1e15,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_per_core_grow_with_the_cores_and_a_host_that_does_not_tell_has_one() {
        let name = LocalizedText::new("Load", "부하");
        let load = Metric::gauge("load.1", Unit::Count, name).judged_per_core(1.0, 2.0);
        let on = |cores| load.thresholds.map(|thresholds| thresholds.on(cores).critical);
        assert_eq!([on(0), on(1), on(8)], [Some(2.0), Some(2.0), Some(16.0)]);
        let share = Metric::gauge("cpu.total", Unit::Percent, name).judged(80.0, 90.0);
        assert_eq!(share.thresholds.map(|thresholds| thresholds.on(8).warn), Some(80.0));
    }
}
