//! The contract of a source of lines.

use std::fmt;

use futures_util::{future::BoxFuture, stream::BoxStream};

use super::{
    error::SourceError,
    line::SourceLine,
    line_query::LineFilter,
    plan::{Runs, Start},
};

/// Lines of one source are in the order of their times, but for so many microseconds: programs have two outputs, and the line of one is
/// written before an earlier one of the other.
pub(super) const DISORDER: u64 = 20_000;

/// Lines as they come, those of one read together.
pub(super) type LiveLines = BoxStream<'static, Result<Vec<SourceLine>, SourceError>>;

/// A source of lines.
pub(super) trait LineSource: Send + Sync + fmt::Debug {
    /// The name for people.
    fn name(&self) -> &str;

    /// Looks for the newest lines within bounds, from the end backwards.
    fn newest(&self, wanted: Newest) -> BoxFuture<'_, Result<Runs, SourceError>>;

    /// Opens its lines from a place on, up to `until` or to the end that they have now. There may be more of them at either end. Whoever
    /// follows waits for the end of a line that has none yet.
    fn open(
        &self,
        start: Start,
        until: u64,
        is_followed: bool,
    ) -> BoxFuture<'_, Result<Box<dyn LineReader>, SourceError>>;
}

/// The newest lines that a reader wants.
#[derive(Debug, Clone)]
pub(super) struct Newest {
    /// At least so many, if there are.
    pub(super) count: u64,
    /// The first time, Unix microseconds.
    pub(super) since: u64,
    /// The last time.
    pub(super) until: u64,
    pub(super) filter: LineFilter,
}

/// Reads lines of one source, in their order.
pub(super) trait LineReader: Send {
    /// The next lines; none at the end that they had when this was opened.
    fn next_lines(&mut self) -> BoxFuture<'_, Result<Vec<SourceLine>, SourceError>>;

    /// Goes on after that end: all lines that come, each once, until there will be no more.
    fn live(self: Box<Self>) -> LiveLines;
}
