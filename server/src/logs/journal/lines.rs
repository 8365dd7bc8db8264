//! The journal as a source of lines.

use futures_util::{FutureExt, future::BoxFuture};

use super::{
    child::{JournalArgs, JournalChild},
    history::JournalHistory,
    place::Journal,
};
use crate::logs::{
    error::SourceError,
    plan::{Runs, Start},
    source::{DISORDER, LineReader, LineSource, Newest},
};

/// Lines of the journal.
#[derive(Debug)]
pub(in crate::logs) struct JournalLines {
    args: JournalArgs,
    name: String,
}

impl JournalLines {
    /// The lines of one unit, or of all.
    pub(in crate::logs) fn new(journal: Journal, unit: Option<&str>) -> Self {
        let name = unit.unwrap_or("journal").to_owned();
        Self { args: JournalArgs { journal, unit: unit.map(str::to_owned) }, name }
    }
}

impl LineSource for JournalLines {
    fn name(&self) -> &str {
        &self.name
    }

    fn newest(&self, wanted: Newest) -> BoxFuture<'_, Result<Runs, SourceError>> {
        async move {
            let mut child = JournalChild::start(&self.args.backwards(wanted.since, wanted.until))?;
            let mut runs = Runs::default();
            loop {
                let entries = child.next_entries().await?;
                if entries.is_empty() {
                    return Ok(runs);
                }
                for entry in entries {
                    let at = entry.line.at;
                    if runs.lines() >= wanted.count.max(1)
                        && runs.oldest().is_some_and(|oldest| at + DISORDER < oldest)
                    {
                        return Ok(runs);
                    }
                    if (wanted.since..=wanted.until).contains(&at) && wanted.filter.passes(&entry.line) {
                        runs.add_older(at);
                    }
                }
            }
        }
        .boxed()
    }

    fn open(
        &self,
        start: Start,
        until: u64,
        _: bool,
    ) -> BoxFuture<'_, Result<Box<dyn LineReader>, SourceError>> {
        async move {
            let history = JournalHistory::open(self.args.clone(), start.at, until)?;
            Ok(Box::new(history) as Box<dyn LineReader>)
        }
        .boxed()
    }
}
