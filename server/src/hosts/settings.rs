//! The settings of the collector.

use std::{path::PathBuf, time::Duration};

use collect::{CollectorSettings, FAST_MS, SLOW_MS};
use serde::{Deserialize, Serialize};

use crate::config::setting::{Bound, Setting};

/// The settings of this feature.
pub(super) const SETTINGS: &[Setting] = &[
    Setting::bounded("collect.fast_ms", &[Bound::Within(FAST_MS, "10 to 60000")]),
    Setting::bounded(
        "collect.slow_ms",
        &[
            Bound::Within(SLOW_MS, "500 to 600000"),
            Bound::AtLeast("collect.fast_ms", "at least collect.fast_ms"),
        ],
    ),
    // By metric: what each may be is checked where metrics are known.
    Setting::free("thresholds"),
];

/// The section `collect`: the intervals of the measurements, milliseconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collect {
    /// CPU, memory and disk.
    pub fast_ms: u64,
    /// All the rest.
    pub slow_ms: u64,
}

impl Default for Collect {
    fn default() -> Self {
        Self { fast_ms: 500, slow_ms: 2_000 }
    }
}

impl Collect {
    /// Returns what a collector is started with.
    pub(super) fn settings(&self, prober: Option<PathBuf>) -> CollectorSettings {
        let (fast, slow) = (Duration::from_millis(self.fast_ms), Duration::from_millis(self.slow_ms));
        CollectorSettings { fast, slow, prober }
    }
}
