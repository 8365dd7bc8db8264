//! Builds the page, and the server that carries it.

use std::process::Command;
use std::thread;

use anyhow::{Result, anyhow};

use crate::process::{cargo, run};
use crate::workspace;

/// The program that builds the page, compiled for being compiled quickly.
const BUILDER: &[&str] = &["run", "--profile", "tools", "--package", "site-builder", "--"];

/// The server with the page inside. Its library does not know the page, and is compiled beside it.
const SERVER: &[&str] = &["build", "--package", "server", "--features", "embed"];

/// Builds the page and the server for release.
pub(crate) fn build() -> Result<()> {
    build_with("release")
}

/// Builds the page for release, and the server with this profile.
pub(crate) fn build_with(profile: &str) -> Result<()> {
    let server = |part: &str| cargo(SERVER.iter().copied().chain(["--profile", profile, part]));
    println!("site: the page, and beside it the server's library; then the server, which carries the page");
    thread::scope(|scope| {
        let library = scope.spawn(|| run(quiet(&mut server("--lib"))));
        page(|_| ())?;
        library.join().map_err(|_| anyhow!("the thread of the server's library failed"))?
    })?;
    run(server("--bin").arg("pulseboard"))
}

/// Builds the page, in pieces and with compressed copies, by a command that `prepare` may add to.
pub(crate) fn page(prepare: impl FnOnce(&mut Command)) -> Result<()> {
    let mut builder = cargo(BUILDER.iter().copied());
    builder.args(["--features", "split", "--out"]).arg(workspace::path("target/site"));
    prepare(&mut builder);
    run(&mut builder)
}

/// Two bars of progress would write over each other.
fn quiet(command: &mut Command) -> &mut Command {
    command.env("CARGO_TERM_PROGRESS_WHEN", "never")
}
