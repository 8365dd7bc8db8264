//! The reasons for which a view of Explore makes no sense.

use common::series_address::SeriesAddress;

/// A reason for which a view cannot be shown as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExploreProblem {
    /// A text names no series. Status 400.
    BadSeries(String),
    /// More series than one view has. Status 400.
    TooManySeries,
    /// No series of this name may be read. Status 404.
    NoSeries(SeriesAddress),
    /// None was asked for, where one is needed. Status 400.
    NoneAsked,
    /// A parameter is no time. Status 400.
    BadTime(&'static str),
    /// The time ends before it begins. Status 400.
    BadRange,
    /// The time is longer than anything that is kept. Status 400.
    TooLong,
    /// A parameter has none of its values. Status 400.
    BadChoice {
        /// Its name.
        name: &'static str,
        /// The values that it may have.
        values: &'static str,
    },
    /// The zone is none. Status 400.
    BadZone,
    /// A step of no length, or more steps than an answer has. Status 400.
    BadStep,
}

impl ExploreProblem {
    /// Returns true of what is not there, and false of what makes no sense.
    #[must_use]
    pub const fn is_absence(&self) -> bool {
        matches!(self, Self::NoSeries(_))
    }
}
