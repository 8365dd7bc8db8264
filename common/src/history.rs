//! The last minutes of a few series, for drawing a trend before the first live sample arrives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::series::SeriesKey;

/// Points of several series over one shared row of moments.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// When each point was measured, milliseconds since 1970, rising.
    pub at: Vec<u64>,
    /// For each series one value a moment; `None` where it was not measured.
    pub values: BTreeMap<SeriesKey, Vec<Option<f64>>>,
}
