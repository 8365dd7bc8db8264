//! Builds the working copy, which is then measured.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

/// Builds the server for release and says where it is.
pub(crate) fn server() -> Result<PathBuf> {
    let built = cargo()
        .args(["build", "--release", "--package", "server", "--bin", "pulseboard"])
        .status()
        .context("cannot run cargo: give a built server with --server FILE")?;
    if !built.success() {
        bail!("the server does not build");
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from);
    target.join("release/pulseboard").canonicalize().context("cargo built no release/pulseboard")
}

/// Builds the page's WebAssembly for release, with what lets a script give its painter charts, and says where it is.
pub(crate) fn page() -> Result<PathBuf> {
    const SITE: &str = "target/bench/site";
    let built = cargo()
        .args(["run", "--package", "site-builder", "--"])
        .args(["--plain", "--features", "bench", "--out", SITE])
        .status()
        .context("cannot run cargo")?;
    if !built.success() {
        bail!("the page does not build: is everything there that `cargo xtask setup` installs?");
    }
    workspace().join(SITE).canonicalize().with_context(|| format!("there is no {SITE}"))
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace());
    command
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
