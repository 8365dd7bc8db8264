//! The thresholds of a value.

use crate::theme::ColorRole;

/// The severity of a value above a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Look at it today.
    Warn,
    /// Look at it now.
    Critical,
}

/// A value from which on a state holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The first value of the state, in the chart's unit.
    pub value: f64,
    /// The state.
    pub level: Level,
}

impl Level {
    pub(crate) fn color_role(self) -> ColorRole {
        match self {
            Self::Warn => ColorRole::Warning,
            Self::Critical => ColorRole::Critical,
        }
    }

    /// Dash and gap of the threshold's line in pixels: the two lines differ without their colour too.
    pub(crate) fn dashes(self) -> (f64, f64) {
        match self {
            Self::Warn => (3.0, 4.0),
            Self::Critical => (10.0, 4.0),
        }
    }
}

/// The worst state whose threshold `value` has reached.
pub(crate) fn level(value: f64, thresholds: &[Threshold]) -> Option<Level> {
    thresholds.iter().filter(|threshold| value >= threshold.value).map(|threshold| threshold.level).max()
}
