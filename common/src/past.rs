//! The past of a host's numbers, as REST tells it. `docs/history.md` describes it.

use serde::{Deserialize, Serialize};

use crate::host::HostId;

/// The number that stands for the samples of a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PastAggregate {
    /// The least.
    Min,
    /// The mean.
    #[default]
    Average,
    /// The greatest.
    Max,
    /// The latest.
    Last,
    /// The number of samples.
    Count,
}

impl PastAggregate {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Average => "average",
            Self::Max => "max",
            Self::Last => "last",
            Self::Count => "count",
        }
    }
}

/// The values of some series of a host over a time, a value a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastRange {
    /// The host.
    pub host: HostId,
    /// The beginning of the first step, milliseconds since 1970.
    pub start_ms: i64,
    /// The length of a step, milliseconds.
    pub step_ms: i64,
    /// The number that stands for a step.
    pub aggregate: PastAggregate,
    /// The series, in the order of their metrics in the request, then of their labels.
    pub series: Vec<PastSeries>,
}

/// The values of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastSeries {
    /// The metric.
    pub metric: String,
    /// The values of its labels, in the metric's order.
    pub labels: Vec<String>,
    /// A value for each step; `null` where there was no sample.
    pub values: Vec<Option<f64>>,
}

/// The series of a host that have a past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastSeriesList {
    /// The host.
    pub host: HostId,
    /// They, in the order of metrics and labels.
    pub series: Vec<PastSeriesSummary>,
    /// The bytes of all history of this server.
    pub bytes: u64,
    /// The most bytes that it may take.
    pub most_bytes: u64,
}

/// A series that has a past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PastSeriesSummary {
    /// The metric.
    pub metric: String,
    /// The values of its labels, in the metric's order.
    pub labels: Vec<String>,
    /// The time of its first sample that is kept, milliseconds since 1970.
    pub first_ms: i64,
    /// The time of its last sample.
    pub last_ms: i64,
    /// That sample's value.
    pub last: f64,
}
