//! A file as it grows. It may be renamed, and another be made in its place; or it may be begun anew.

use std::time::Duration;

use futures_util::{StreamExt, stream::try_unfold};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{OpenFile, forward::ForwardReader, open_file};
use crate::logs::{error::SourceError, line::SourceLine, source::LiveLines};

/// A file is looked at this often. No event of the kernel's tells of files on other machines.
const LOOK: Duration = Duration::from_millis(200);

/// Returns the lines that are written.
pub(super) fn lines(reader: ForwardReader) -> LiveLines {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    try_unfold((reader, looks), |(reader, looks)| async move { next(reader, looks).await.map(Some) }).boxed()
}

type FollowedFile = (ForwardReader, Interval);

async fn next(
    mut reader: ForwardReader,
    mut looks: Interval,
) -> Result<(Vec<SourceLine>, FollowedFile), SourceError> {
    loop {
        let lines = reader.lines.clone();
        let read;
        (reader, read) = lines.apart(move |_| look(reader)).await?;
        if !read.is_empty() {
            return Ok((read, (reader, looks)));
        }
        looks.tick().await;
    }
}

/// Reads what has been written since the last look.
fn look(mut reader: ForwardReader) -> Result<(ForwardReader, Vec<SourceLine>), SourceError> {
    let data = reader.opened.file.metadata();
    let length = data.map_err(|error| reader.lines.failed(&error))?.len();
    if length < reader.offset {
        // It was begun anew. What was read of a line is all that there was.
        let rest = reader.rest();
        reader.lines.times.look(&reader.lines.name, reader.opened.id, length);
        reader = begin_again(reader, None);
        return Ok((reader, rest.into_iter().collect()));
    }
    reader.lines.times.look_on(&reader.lines.name, reader.opened.id, length);
    let (mut lines, goes_on) = reader.read(u64::MAX)?;
    if !goes_on && let Some(other) = successor(&reader) {
        // Nobody writes to the old one when the new one has something, but perhaps since it was read last.
        while reader.read(u64::MAX).map(|(more, goes_on)| {
            lines.extend(more);
            goes_on
        })? {}
        lines.extend(reader.rest());
        reader.lines.times.look(&reader.lines.name, other.id, other.length);
        reader = begin_again(reader, Some(other));
    }
    Ok((reader, lines))
}

/// The file that stands in its place now, if that is another, and something is written to it.
fn successor(reader: &ForwardReader) -> Option<OpenFile> {
    // There may be none for a moment.
    let other = open_file(&reader.lines.path).ok()?;
    (other.id != reader.opened.id && other.length > 0).then_some(other)
}

fn begin_again(reader: ForwardReader, other: Option<OpenFile>) -> ForwardReader {
    ForwardReader::new(reader.lines, other.unwrap_or(reader.opened), 0)
}
