//! The last minutes of a few series, for drawing a trend before the first live sample arrives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::series::SeriesKey;

/// The trends of a host: shares at the fast pace, and rates at the slow one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// The times of the points of CPU, memory and disk, milliseconds since 1970, rising.
    pub at: Vec<u64>,
    /// Their shares, percent.
    pub values: Columns,
    /// Network and disk activity, measured at moments of their own.
    #[serde(default)]
    pub rates: Rates,
}

/// Points of the rates.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Rates {
    /// The times of the points, milliseconds since 1970, rising.
    pub at: Vec<u64>,
    /// Bytes a second. Under the id of a series, without an instance, stands the sum of all its instances.
    pub values: Columns,
}

/// One value a moment for each series; `None` where it was not measured.
pub type Columns = BTreeMap<SeriesKey, Vec<Option<f64>>>;
