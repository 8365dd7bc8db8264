//! Copying a log while it is written.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::segment::Segment;

/// The segments of a folder with their names, oldest first: the log, without the numbers that it has reserved. They only grow at the end of the
/// newest, and the oldest is taken away when there are too many; its entries have then been written again behind the newest.
///
/// A folder with copies of these and nothing else opens as a log that begins a new life: no one knows what was published after the copy.
/// A copy of the newest may end within a record, which is cut off as after a kill.
///
/// # Errors
/// When the folder cannot be read. Where there is none, there are no segments.
pub fn segment_files(dir: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let segments = match Segment::all(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        segments => segments?,
    };
    let named = |segment: Segment| Some((segment.path.file_name()?.to_str()?.to_owned(), segment.path));
    Ok(segments.into_iter().filter_map(named).collect())
}
