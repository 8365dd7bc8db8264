//! A container's lines up to now, and after that those that come.

use container_engine::logs::ResumePoint;
use futures_util::{FutureExt, StreamExt, future::BoxFuture};

use super::{
    ContainerLines,
    answer::Answer,
    follow::{self, Following},
    line,
    window::{self, Window},
};
use crate::logs::{
    error::SourceError,
    line::SourceLine,
    source::{LineReader, LiveLines},
};

/// A container's lines up to now.
pub(super) struct History {
    source: ContainerLines,
    answer: Answer,
    /// The last lines, from which following goes on.
    point: ResumePoint,
    at: u64,
    /// True for a reader who waits for the end of a line that has none yet.
    is_followed: bool,
    /// The time from which on lines are wanted.
    since: u64,
}

impl History {
    pub(super) async fn open(
        source: ContainerLines,
        at: u64,
        until: u64,
        is_followed: bool,
    ) -> Result<Self, SourceError> {
        let Window { answer, product, .. } = window::open_at(&source, at, until).await?;
        Ok(Self { source, answer, point: ResumePoint::new(product), at: 0, is_followed, since: at })
    }
}

impl LineReader for History {
    fn next_lines(&mut self) -> BoxFuture<'_, Result<Vec<SourceLine>, SourceError>> {
        async {
            let (point, at, is_followed) = (&mut self.point, &mut self.at, self.is_followed);
            let read = self.answer.take().await?.unwrap_or_default();
            // A line without an end comes again, whole. Only the last line of all may be none that is told.
            let told = read.into_iter().filter(|read| !(read.is_open && is_followed)).map(|read| {
                point.note(&read);
                let line = line(read, *at);
                *at = line.at;
                line
            });
            Ok(told.collect())
        }
        .boxed()
    }

    fn live(self: Box<Self>) -> LiveLines {
        follow::lines(Following::new(self.source, self.point, self.since)).boxed()
    }
}
