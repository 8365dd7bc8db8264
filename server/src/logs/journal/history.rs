//! The journal's lines up to now, and after that those that come.

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::try_unfold};

use super::child::{JournalArgs, JournalChild};
use crate::logs::{
    error::SourceError,
    line::SourceLine,
    source::{LineReader, LiveLines},
};

/// The journal's lines up to now.
pub(super) struct JournalHistory {
    args: JournalArgs,
    since: u64,
    child: JournalChild,
    /// The place of the last entry.
    cursor: Option<String>,
}

impl JournalHistory {
    pub(super) fn open(args: JournalArgs, since: u64, until: u64) -> Result<Self, SourceError> {
        let child = JournalChild::start(&args.forwards(since, until))?;
        Ok(Self { args, since, child, cursor: None })
    }
}

impl LineReader for JournalHistory {
    fn next_lines(&mut self) -> BoxFuture<'_, Result<Vec<SourceLine>, SourceError>> {
        async {
            let entries = self.child.next_entries().await?;
            let lines = entries.into_iter().map(|entry| {
                self.cursor = entry.cursor.or(self.cursor.take());
                entry.line
            });
            Ok(lines.collect())
        }
        .boxed()
    }

    fn live(self: Box<Self>) -> LiveLines {
        // It starts when it is first asked for a line.
        try_unfold((self, false), |(mut history, is_live)| async move {
            if !is_live {
                let cursor = history.cursor.as_deref();
                history.child = JournalChild::start(&history.args.following(cursor, history.since))?;
            }
            let lines = history.next_lines().await?;
            if lines.is_empty() {
                return Err(SourceError("journalctl has ended".to_owned()));
            }
            Ok(Some((lines, (history, true))))
        })
        .boxed()
    }
}
