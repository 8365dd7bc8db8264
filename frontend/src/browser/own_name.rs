//! Names on an origin that several boards share.

use transports::browser::base_path;

use super::root_marks::root_mark;

/// A name for what this board shares with its other tabs or keeps in the browser: boards below other paths of the host have others.
pub(crate) fn own_name(name: &str) -> String {
    [name, &base_path()].concat()
}

/// A name for what tabs share that show the board to the same reader: whoever has signed in is told other things than whoever has not.
pub(crate) fn readers_name(name: &str) -> String {
    [&own_name(name), " ", &root_mark("notices").unwrap_or_default()].concat()
}
