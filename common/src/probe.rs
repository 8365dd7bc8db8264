//! Probes: whether services are up.

use serde::{Deserialize, Serialize};

/// The topic that tells that there is something new of the probes, while someone looks at the list of them. A newer one replaces an older.
pub const PROBE_NEWS: &str = "probes";

/// The knowledge of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ProbeVerdict {
    /// It was not asked yet.
    Pending,
    /// It does all that is asked for.
    Up,
    /// It does not.
    Down,
    /// Nothing is known: the network of this machine, this machine itself, or what the service hangs on is at fault.
    Unknown,
    /// It is not asked.
    Paused,
}

/// The newest answer of a probe, and since when it is so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProbeState {
    /// The knowledge of the service.
    pub verdict: ProbeVerdict,
    /// Since when, milliseconds since 1970.
    pub since_ms: u64,
    /// When it was asked last, milliseconds since 1970; null where it was not yet.
    pub at_ms: Option<u64>,
    /// The time that the answer took, milliseconds; null where there was none.
    pub latency_ms: Option<f64>,
    /// The reason for which it is not up: a sentence in English.
    pub why: Option<String>,
    /// That reason in a word for programs.
    pub code: Option<String>,
    /// Whole days until the certificate ends; negative where it has, null where there is none.
    pub certificate_days_left: Option<i64>,
}

/// The payload of the topic `probe/{id}`: the state, told after each answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProbeNews {
    /// The number of the probe.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its state.
    #[serde(flatten)]
    pub state: ProbeState,
}

/// One answer of a probe, as the page remembers it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProbeMark {
    /// When it came, milliseconds since 1970.
    pub at_ms: u64,
    /// Its answer.
    pub verdict: ProbeVerdict,
    /// The time that it took, milliseconds.
    pub latency_ms: Option<f64>,
}
