//! Builds the page, and the server that carries it.

use std::process::Command;
use std::thread;

use anyhow::{Result, anyhow};

use crate::process::{cargo, program, run};
use crate::workspace;

/// The program that builds the page.
const BUILDER: &str = "site-builder";

/// The server with the page inside. Its library does not know the page, and is compiled beside it.
const SERVER: &[&str] = &["build", "--package", "server", "--features", "embed"];

/// Builds the page and the server for release.
pub(crate) fn build() -> Result<()> {
    build_with("release")
}

/// Builds the page for release, and the server with this profile; for another one than the release's the page, too, is to be there soon.
pub(crate) fn build_with(profile: &str) -> Result<()> {
    let server = |part: &str| cargo(SERVER.iter().copied().chain(["--profile", profile, part]));
    println!("site: the page, and beside it the server's library; then the server, which carries the page");
    thread::scope(|scope| {
        let library = scope.spawn(|| run(quiet(&mut server("--lib"))));
        page(&["--package", BUILDER], |builder| {
            if profile != "release" {
                builder.arg("--quick");
            }
        })?;
        library.join().map_err(|_| anyhow!("the thread of the server's library failed"))?
    })?;
    run(server("--bin").arg("pulseboard"))
}

/// Builds the page, in pieces and with compressed copies. The program that does it is compiled with these options of cargo, which choose packages
/// and so features; `prepare` may add to its command.
pub(crate) fn page(packages: &[&str], prepare: impl FnOnce(&mut Command)) -> Result<()> {
    run(cargo(["build"]).args(packages).args(["--bin", BUILDER]))?;
    let mut builder = program(workspace::built("debug", BUILDER));
    builder.args(["--features", "split", "--out"]).arg(workspace::path("target/site"));
    builder.env("RUSTFLAGS", short_paths("--remap-path-prefix").join(" "));
    prepare(&mut builder);
    run(&mut builder)
}

/// The flags by which sources of crates have the same short names whoever builds: a browser downloads them with every place that can panic.
pub(crate) fn short_paths(flag: &str) -> Vec<String> {
    let sources = workspace::cargo_home().join("registry/src");
    let folders = std::fs::read_dir(sources).into_iter().flatten().flatten();
    let mut flags: Vec<String> =
        folders.map(|folder| format!("{flag}={}/=", folder.path().display())).collect();
    flags.sort();
    flags
}

/// Two bars of progress would write over each other.
fn quiet(command: &mut Command) -> &mut Command {
    command.env("CARGO_TERM_PROGRESS_WHEN", "never")
}
