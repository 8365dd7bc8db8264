//! Packages for Debian's and Red Hat's families, and the bill of materials, by the tools that are kept for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::{MetadataCommand, Package};

use super::Release;
use crate::process::{cargo, run};
use crate::workspace;

/// The name of the list while it lies beside a manifest.
const NAME: &str = "bill-of-materials";

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
    let named = format!("{NAME}.json");
    let copied = fs::copy(workspace::path("server").join(&named), to);
    // It writes one for every crate of the workspace, whichever is asked for.
    for folder in members()? {
        match fs::remove_file(folder.join(&named)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    copied.map(drop).context("cargo-cyclonedx wrote no list for the server")
}

/// The folders of the workspace's crates.
fn members() -> Result<Vec<PathBuf>> {
    let metadata = MetadataCommand::new().manifest_path(workspace::path("Cargo.toml")).no_deps().exec()?;
    let folder =
        |package: &Package| package.manifest_path.parent().map(|folder| folder.as_std_path().to_owned());
    Ok(metadata.packages.iter().filter_map(folder).collect())
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
