//! Packages for Debian's and Red Hat's families, and the bill of materials, by the tools that are kept for them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::Release;
use crate::process::{cargo, run};
use crate::workspace;

/// Packages the binary for Debian, with its unit and its settings (`[package.metadata.deb]` in server/Cargo.toml).
pub(super) fn deb(release: &Release, to: &Path) -> Result<()> {
    let mut command = packaging(release, ["deb", "--no-build", "--no-strip", "--package", "server"])?;
    run(command.arg("--output").arg(to)).context("cargo-deb cannot make the package")
}

/// Packages it for Red Hat's family (`[package.metadata.generate-rpm]`).
pub(super) fn rpm(release: &Release, to: &Path) -> Result<()> {
    let mut command =
        packaging(release, ["generate-rpm", "--package", "server", "--payload-compress", "gzip"])?;
    command.arg("--source-date").arg(release.time.to_string());
    run(command.arg("--output").arg(to)).context("cargo-generate-rpm cannot make the package")
}

/// Lists every crate inside, as CycloneDX has it.
pub(super) fn bill_of_materials(release: &Release, to: &Path) -> Result<()> {
    let mut command = cargo(["cyclonedx", "--format", "json", "--spec-version", "1.5", "--no-build-deps"]);
    command.args([
        "--target",
        super::TARGET,
        "--features",
        "embed",
        "--override-filename",
        "bill-of-materials",
    ]);
    command.arg("--manifest-path").arg(workspace::path("server/Cargo.toml"));
    run(command.env("SOURCE_DATE_EPOCH", release.time.to_string()))
        .context("cargo-cyclonedx cannot list what is inside")?;
    let written = workspace::path("server/bill-of-materials.json");
    fs::copy(&written, to).with_context(|| format!("cargo-cyclonedx wrote no {}", written.display()))?;
    Ok(fs::remove_file(written)?)
}

/// A packager, with the binary where its settings say.
fn packaging<'a>(release: &Release, arguments: impl IntoIterator<Item = &'a str>) -> Result<Command> {
    let place = workspace::path("target/packaged");
    fs::create_dir_all(&place)?;
    fs::copy(&release.binary, place.join("pulseboard"))?;
    let mut command = cargo(arguments);
    command.env("SOURCE_DATE_EPOCH", release.time.to_string());
    Ok(command)
}
