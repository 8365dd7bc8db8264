use crate::fault::Fault;

/// Counts of a whole body, and the first faults of it.
///
/// Each line that is neither blank nor a comment is counted once: as a sample, a gap, hidden, filtered, beyond the limit, or faulty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report<'a> {
    /// All lines, blank ones and comments among them.
    pub lines: usize,
    /// Samples that were handed out.
    pub samples: usize,
    /// Samples whose value is NaN: a series that has no value now, such as a quantile of nothing. They are not handed out.
    pub gaps: usize,
    /// Samples named `…_created` of counters, histograms and summaries: the time when a series began, which no chart shows.
    pub hidden: usize,
    /// Samples that the filter leaves out.
    pub filtered: usize,
    /// Samples beyond [`Limits::samples`](crate::Limits::samples).
    pub over_limit: usize,
    /// Lines that were skipped because of a fault.
    pub faulty_lines: usize,
    /// The first faults, at most [`Limits::faults`](crate::Limits::faults). The one about too many samples is told beside those.
    pub faults: Vec<Fault<'a>>,
    /// An OpenMetrics body ends without `# EOF`: lines may be missing.
    pub cut_off: bool,
}
