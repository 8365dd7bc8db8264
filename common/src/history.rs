//! The last minutes of the metrics that panels draw, for a trend before the first live sample arrives.

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};

/// The trends of a host: those of the fast pace, and those of the slow one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// The times of the points of the fast pace, milliseconds since 1970, rising.
    pub at: Vec<u64>,
    /// Their values: CPU, memory and disk.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Vec<Option<f64>>>))]
    pub values: Columns,
    /// The trends of the slow pace, measured at moments of their own: network and disk activity.
    #[serde(default)]
    pub rates: Rates,
}

/// Points of the slow pace.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rates {
    /// The times of the points, milliseconds since 1970, rising.
    pub at: Vec<u64>,
    /// The values, each in its metric's unit.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, Vec<Option<f64>>>))]
    pub values: Columns,
}

/// One value a moment for each metric, all of its series together; `None` where it was not measured.
pub type Columns = BTreeMap<Cow<'static, str>, Vec<Option<f64>>>;
