//! The questions that every store answers.

use history::Aggregate;

use crate::load::{Load, YEAR_STEP};

/// The times that each question is put after the first.
pub(crate) const TIMES: usize = 9;

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// One series over a year, averages of 8 hours.
    YearAverage,
    /// One series over a year, the greatest of 8 hours.
    YearMax,
    /// A series of each host over an hour, averages of 10 s.
    HourTens,
    /// A series of each host over an hour, as it is.
    HourFull,
}

/// A moment and the length of a step, milliseconds; the moment is the beginning of the first step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) step: i64,
}

impl Question {
    pub(crate) const ALL: [Self; 4] = [Self::YearAverage, Self::YearMax, Self::HourTens, Self::HourFull];

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::YearAverage => "one series over a year of 10 s, averages of 8 h",
            Self::YearMax => "one series over a year of 10 s, the greatest of 8 h",
            Self::HourTens => "a series of each host over the hour, averages of 10 s",
            Self::HourFull => "a series of each host over the hour, each second",
        }
    }

    pub(crate) fn is_year(self) -> bool {
        matches!(self, Self::YearAverage | Self::YearMax)
    }

    pub(crate) fn aggregate(self) -> Aggregate {
        if self == Self::YearMax { Aggregate::Max } else { Aggregate::Average }
    }

    pub(crate) fn span(self, load: &Load) -> Span {
        let step = match self {
            Self::YearAverage | Self::YearMax => 8 * 3_600_000,
            Self::HourTens => 10_000,
            Self::HourFull => 1_000,
        };
        Span { from: load.start(), to: load.end(), step }
    }

    /// The path of the question at a peer that speaks Prometheus' API. A step of ours is from its beginning on; theirs is up to a moment, which is
    /// that of its last sample here, so that both are of the same samples.
    pub(crate) fn path(self, load: &Load) -> String {
        let Span { from, to, step } = self.span(load);
        let pace = if self.is_year() { YEAR_STEP } else { 1_000 };
        let last = step - pace;
        let window = format!("[{}ms]", step - 1);
        let expression = match self {
            Self::YearAverage => format!("avg_over_time(cpu_total{window})"),
            Self::YearMax => format!("max_over_time(cpu_total{window})"),
            Self::HourTens => format!("avg_over_time(cpu_total{window})"),
            Self::HourFull => "cpu_total".to_owned(),
        };
        let expression = expression.replace('[', "%5B").replace(']', "%5D");
        let second = |at: i64| format!("{}.{:03}", at / 1_000, at % 1_000);
        let (start, end, step) = (second(from + last), second(to - pace), second(step));
        // VictoriaMetrics keeps answers; others ignore the parameter.
        format!("/api/v1/query_range?query={expression}&start={start}&end={end}&step={step}&nocache=1")
    }
}
