//! The program that makes systemd's journals for tests. Reading them takes `journalctl`, on which it depends.

use std::path::Path;

use super::apt::install_or_say;

const PACKAGE: &str = "systemd-journal-remote";

/// Installs it where it is missing; without it the tests of the journal fail, by name.
pub(super) fn install() {
    let is_there =
        ["/lib/systemd", "/usr/lib/systemd"].iter().any(|folder| Path::new(folder).join(PACKAGE).exists());
    if !is_there {
        install_or_say(&[PACKAGE], "the tests of the journal will fail");
    }
}
