//! Names on an origin that several boards share.

use transports::browser::base_path;

/// A name for what this board shares with its other tabs or keeps in the browser: boards below other paths of the host have others.
pub(crate) fn own_name(name: &str) -> String {
    [name, &base_path()].concat()
}
