//! Reading what was asked for: a look from the end where only the newest lines are wanted, then the lines up to now, then those that come.

use std::sync::Arc;

use futures_util::{
    StreamExt,
    stream::{BoxStream, SelectAll, try_unfold},
};

use super::{
    error::SourceError,
    line::SourceLine,
    line_query::LineQuery,
    merge::{Merge, MergedLine},
    plan::{self, Runs, Share, Start},
    source::{LineReader, LineSource, Newest},
};

/// The lines that were asked for, those of one read together.
pub(super) type MergedLines = BoxStream<'static, Result<Vec<MergedLine>, SourceError>>;

/// Lines as they come, with the index of their source.
type LiveSources = SelectAll<BoxStream<'static, Result<Vec<MergedLine>, SourceError>>>;

/// Reads the lines of these sources.
pub(super) fn lines(sources: Vec<Arc<dyn LineSource>>, query: LineQuery) -> MergedLines {
    let reading = Reading { sources, query, phase: Phase::Begun };
    try_unfold(
        reading,
        |mut reading| async move { Ok(reading.next_lines().await?.map(|lines| (lines, reading))) },
    )
    .boxed()
}

struct Reading {
    sources: Vec<Arc<dyn LineSource>>,
    query: LineQuery,
    phase: Phase,
}

enum Phase {
    Begun,
    /// Lines up to now.
    History(Merge),
    /// Lines that come.
    Live(LiveSources),
    Over,
}

impl Reading {
    /// The next lines; none when there will be no more.
    async fn next_lines(&mut self) -> Result<Option<Vec<MergedLine>>, SourceError> {
        loop {
            match &mut self.phase {
                Phase::Begun => self.phase = Phase::History(open(&self.sources, &self.query).await?),
                Phase::History(merge) => {
                    let lines = merge.next_lines().await?;
                    if !lines.is_empty() {
                        return Ok(Some(lines));
                    }
                    self.phase = match std::mem::replace(&mut self.phase, Phase::Over) {
                        Phase::History(merge) if self.query.follow => Phase::Live(self.live(merge)),
                        _ => Phase::Over,
                    };
                }
                Phase::Live(live) => match live.next().await {
                    Some(lines) => return lines.map(Some),
                    None => self.phase = Phase::Over,
                },
                Phase::Over => return Ok(None),
            }
        }
    }

    fn live(&self, merge: Merge) -> LiveSources {
        let since = self.query.since_at();
        let follow = |(index, reader): (u16, Box<dyn LineReader>)| {
            let filter = self.query.filter.clone();
            let wanted = move |line: &SourceLine| (line.at == 0 || line.at >= since) && filter.passes(line);
            let tell = move |lines: Result<Vec<SourceLine>, SourceError>| {
                let lines = lines?.into_iter().filter(&wanted);
                Ok(lines.map(|line| (index, line)).collect())
            };
            reader.live().map(tell).boxed()
        };
        merge.into_readers().map(follow).collect()
    }
}

/// Opens the lines up to now.
async fn open(sources: &[Arc<dyn LineSource>], query: &LineQuery) -> Result<Merge, SourceError> {
    let since = query.since.map_or((0, 0), |mark| (mark.at, u64::from(mark.seen)));
    let (shares, seen) = match (query.tail, query.until) {
        (Some(tail), until) => {
            let count = tail + until.map_or(0, |mark| u64::from(mark.seen));
            let found = newest(sources, query, count).await?;
            (plan::newest(&found, query.since, until, tail), (0, 0))
        }
        (None, Some(until)) if until.seen > 0 => {
            let found = newest(sources, query, u64::from(until.seen)).await?;
            (plan::up_to(&found, query.since, until), since)
        }
        _ => {
            let start = Start { at: query.since_at(), ..Start::default() };
            (vec![Share { start, ..Share::default() }; sources.len()], since)
        }
    };
    // A reader who follows gets all that has come since the look, too.
    let shares = shares.into_iter().map(|share| match query.follow {
        true => Share { lines: None, ..share },
        false => share,
    });
    Merge::open(sources, shares.collect(), query, seen).await
}

/// Looks for the newest lines of each source.
async fn newest(
    sources: &[Arc<dyn LineSource>],
    query: &LineQuery,
    count: u64,
) -> Result<Vec<Runs>, SourceError> {
    let wanted =
        Newest { count, since: query.since_at(), until: query.until_at(), filter: query.filter.clone() };
    let mut found = Vec::with_capacity(sources.len());
    for source in sources {
        found.push(source.newest(wanted.clone()).await?);
    }
    Ok(found)
}
