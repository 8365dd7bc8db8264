//! Knows the paths of the workspace.

use std::env;
use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    // xtask is only ever built inside the workspace it serves, one folder below the root.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// A path below the workspace's root.
pub(crate) fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Cargo's output folder. `CARGO_TARGET_DIR` moves it, and cargo-leptos follows.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| path("target"), |moved| root().join(moved))
}

/// A program that was built into this folder: `release` or `debug`.
pub(crate) fn built(folder: &str, program: &str) -> PathBuf {
    target().join(folder).join(program)
}

/// Returns the folder of `cargo install`.
pub(crate) fn cargo_bin() -> PathBuf {
    cargo_home().join("bin")
}

/// Returns cargo's own folder, with the sources of crates.
pub(crate) fn cargo_home() -> PathBuf {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    home.unwrap_or_else(|| PathBuf::from(".cargo"))
}
