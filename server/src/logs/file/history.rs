//! A file's lines, from a place on to the end that it has now, and after that those that are written.

use futures_util::{FutureExt, StreamExt, future::BoxFuture};

use super::{FileLines, follow, forward::ForwardReader};
use crate::logs::{
    error::SourceError,
    line::SourceLine,
    plan::{FilePlace, Start},
    source::{LineReader, LiveLines},
};

/// A file's lines up to now.
pub(super) struct FileHistory {
    /// None while a thread reads.
    reader: Option<ForwardReader>,
    end: u64,
    /// True for a reader who waits for the end of a line that has none yet.
    is_followed: bool,
}

impl FileHistory {
    /// Opens a file at a place, or at a time. It asks disks.
    pub(super) fn open(lines: &FileLines, start: Start, is_followed: bool) -> Result<Self, SourceError> {
        let opened = lines.open_now()?;
        let end = start.end.unwrap_or(u64::MAX).min(opened.length);
        let (place, is_after) = match start.place {
            // A file that was begun anew has no such place any more.
            Some(FilePlace { offset, .. }) if offset > opened.length => (0, false),
            Some(FilePlace { offset, is_after }) => (offset, is_after),
            None => {
                let place = lines.times.place_of(&lines.name, opened.id, start.at);
                // A look may have come in the middle of a line, which is older then.
                (place.saturating_sub(1), place > 0)
            }
        };
        let mut reader = ForwardReader::new(lines.clone(), opened, place);
        if is_after {
            reader.skip_line()?;
        }
        Ok(Self { reader: Some(reader), end, is_followed })
    }
}

impl LineReader for FileHistory {
    fn next_lines(&mut self) -> BoxFuture<'_, Result<Vec<SourceLine>, SourceError>> {
        async {
            let gone = || SourceError("the file is not open any more".to_owned());
            let mut reader = self.reader.take().ok_or_else(gone)?;
            let (end, is_followed) = (self.end, self.is_followed);
            let lines = reader.lines.clone();
            let (reader, read) = lines
                .apart(move |_| {
                    loop {
                        let (mut read, goes_on) = reader.read(end)?;
                        if !goes_on && !is_followed {
                            read.extend(reader.rest());
                        }
                        if !read.is_empty() || !goes_on {
                            return Ok((reader, read));
                        }
                    }
                })
                .await?;
            self.reader = Some(reader);
            Ok(read)
        }
        .boxed()
    }

    fn live(self: Box<Self>) -> LiveLines {
        match self.reader {
            Some(reader) => follow::lines(reader),
            None => futures_util::stream::empty().boxed(),
        }
    }
}
