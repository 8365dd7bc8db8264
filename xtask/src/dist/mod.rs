//! `cargo xtask dist`: all that is handed to users, without a container engine: a static binary, an image, packages for Debian and for Red Hat's
//! family, a list of what is inside, and sums.
//!
//! The same sources give the same bytes: times are the commit's, and names of folders stay out of the binary.

mod image;
mod packages;
mod sums;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, output, program, run};
use crate::{setup, site, workspace};

/// The target of the static binary.
pub(crate) const TARGET: &str = "x86_64-unknown-linux-musl";

/// The binary runs wherever it is loaded, so the places of a hundred thousand addresses stand in it. As a bitmap (DT_RELR) they take a
/// hundredth of the room, and of each process's time and memory as it begins.
const PACKED_RELOCATIONS: &str = "link-arg=-Wl,-z,pack-relative-relocs";

/// The linker's script that puts the functions side by side that an agent runs: 2 MB of 40, which lay in every part of the binary. An agent
/// kept 13 MiB of it in memory. `packaging/order/record.py` renews it.
const ORDER: &str = "packaging/order/agent.ld";

/// Its name in the names of files.
const MACHINE: &str = "x86_64";

#[derive(clap::Args)]
pub(crate) struct DistOptions {
    /// Package this binary instead of building one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Make everything a second time, in a folder of its own, and fail where a byte differs.
    #[arg(long)]
    twice: bool,
}

/// The binary, and all that packages of it say.
struct Release {
    version: String,
    binary: PathBuf,
    /// The time of the commit, in seconds: every file of every package carries it.
    time: u64,
    /// The folder of what is handed out.
    folder: PathBuf,
}

pub(crate) fn dist(options: &DistOptions) -> Result<()> {
    setup::setup(&setup::SetupOptions { dist: true, ..setup::SetupOptions::default() })?;
    let first = make(options, "packages", &workspace::target())?;
    if options.twice {
        // Nothing that was compiled the first time is there.
        let again = workspace::target().join("again");
        remove(&again)?;
        let second = make(options, "packages-again", &again)?;
        compare(&first, &second)?;
        remove(&second)?;
        remove(&again)?;
        println!("dist: the second time gave the same bytes");
    }
    for (name, size) in sums::files(&first)? {
        println!("{size:>12}  {name}");
    }
    println!("dist: all of it is in {}", first.display());
    Ok(())
}

/// Makes everything in a folder of this name, and returns the folder. What is compiled on the way goes to `target`.
fn make(options: &DistOptions, name: &str, target: &Path) -> Result<PathBuf> {
    let folder = workspace::target().join(name);
    remove(&folder)?;
    fs::create_dir_all(&folder)?;
    let time = commit_time()?;
    let binary = match &options.binary {
        Some(binary) => binary.clone(),
        None => build(time, target)?,
    };
    let release = Release { version: version()?, binary, time, folder };
    let named =
        |ending: &str| release.folder.join(format!("pulseboard-{}-{MACHINE}{ending}", release.version));
    fs::copy(&release.binary, named("-linux"))?;
    image::write(&release, &named(".oci.tar"))?;
    packages::deb(&release, &named(".deb"))?;
    packages::rpm(&release, &named(".rpm"))?;
    packages::bill_of_materials(&release, &named(".cdx.json"))?;
    sums::write(&release.folder)?;
    Ok(release.folder)
}

/// Builds the page, and the static binary that carries it. Where things lie on this machine stands in neither.
fn build(time: u64, target: &Path) -> Result<PathBuf> {
    let home = workspace::cargo_home();
    // Of two prefixes that fit, the compiler takes the later.
    let places = [(workspace::root(), "/pulseboard"), (home.as_path(), "/cargo"), (target, "/target")];
    let of = |flag: &str| {
        let places = places.map(|(from, to)| format!("{flag}={}={to}", from.display()));
        places.into_iter().chain(site::short_paths(flag)).collect::<Vec<_>>().join(" ")
    };
    let prepare = |command: &mut Command| {
        command.env("CARGO_TARGET_DIR", target).env("SOURCE_DATE_EPOCH", time.to_string());
        command.env("RUSTFLAGS", of("--remap-path-prefix")).env("CFLAGS", of("-ffile-prefix-map"));
    };
    site::page(&["--package", "site-builder"], prepare)?;
    let mut server = cargo(["rustc", "--profile", "dist", "--target", TARGET, "--package", "server"]);
    server.args(["--bin", "pulseboard", "--features", "embed", "--", "-C", PACKED_RELOCATIONS]);
    server.arg("-C").arg(format!("link-arg=-T{}", workspace::path(ORDER).display()));
    prepare(&mut server);
    run(&mut server)?;
    Ok(target.join(TARGET).join("dist/pulseboard"))
}

fn remove(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))
}

fn version() -> Result<String> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(workspace::path("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cannot ask cargo for the workspace")?;
    let server = metadata.packages.iter().find(|package| package.name.as_str() == "server");
    Ok(server.context("there is no package `server`")?.version.to_string())
}

fn commit_time() -> Result<u64> {
    if let Ok(said) = std::env::var("SOURCE_DATE_EPOCH") {
        return said.parse().context("SOURCE_DATE_EPOCH is no number of seconds");
    }
    let time = output(program("git").args(["log", "-1", "--format=%ct"]))?;
    time.trim().parse().context("git tells no time of the last commit")
}

fn compare(first: &Path, second: &Path) -> Result<()> {
    let (first, second) = (sums::of(first)?, sums::of(second)?);
    let differing: Vec<_> = first
        .iter()
        .zip(&second)
        .filter(|(one, other)| one != other)
        .map(|(one, _)| one.name.as_str())
        .collect();
    if first.len() != second.len() || !differing.is_empty() {
        bail!("the second time gave other bytes: {}", differing.join(", "));
    }
    Ok(())
}
