//! PostgreSQL, which the tests of the shared store start on ports of their own.

use std::{env, fs, path::Path};

use super::apt;

/// Debian and Ubuntu have a folder for each version here, and keep the servers off the path.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Installs it where it is missing; without it those tests fail, by name.
pub(super) fn install() {
    let named = env::var_os("PULSEBOARD_POSTGRES_DIR");
    let is_there = match &named {
        Some(folder) => Path::new(folder).join("initdb").exists(),
        None => fs::read_dir(VERSIONS).is_ok_and(|mut versions| {
            versions.any(|version| version.is_ok_and(|version| version.path().join("bin/initdb").exists()))
        }),
    };
    if !is_there {
        apt::install_or_say(&["postgresql"], "the tests of store-postgres will fail");
    }
}
