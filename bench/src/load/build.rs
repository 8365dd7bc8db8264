//! The binary that is measured is the one that the working copy makes.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

/// Builds the server for release and says where it is.
pub(crate) fn server() -> Result<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--package", "server", "--bin", "pulseboard"])
        .current_dir(&workspace)
        .status()
        .context("cannot run cargo: give a built server with --server FILE")?;
    if !built.success() {
        bail!("the server does not build");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    target.join("release/pulseboard").canonicalize().context("cargo built no release/pulseboard")
}
