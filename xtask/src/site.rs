//! Builds the release: the page, and the server that carries it.

use std::process::Command;
use std::thread;

use anyhow::{Result, anyhow};

use crate::process::{cargo, run};
use crate::workspace;

/// The program that builds the page, compiled for being compiled quickly.
const BUILDER: &[&str] = &["run", "--profile", "tools", "--package", "site-builder", "--"];

/// The server with the page inside. Its library does not know the page, and is compiled beside it.
const SERVER: &[&str] = &["build", "--release", "--package", "server", "--features", "embed"];

/// Builds the page and the server for release.
pub(crate) fn build() -> Result<()> {
    println!("site: the page, and beside it the server's library; then the server, which carries the page");
    thread::scope(|scope| {
        let library = scope.spawn(|| run(quiet(&mut server("--lib"))));
        page()?;
        library.join().map_err(|_| anyhow!("the thread of the server's library failed"))?
    })?;
    run(server("--bin").arg("pulseboard"))
}

/// Builds the page, in pieces and with compressed copies.
pub(crate) fn page() -> Result<()> {
    let mut builder = cargo(BUILDER.iter().copied());
    run(builder.args(["--features", "split", "--out"]).arg(workspace::path("target/site")))
}

fn server(part: &str) -> Command {
    cargo(SERVER.iter().copied().chain([part]))
}

/// Two bars of progress would write over each other.
fn quiet(command: &mut Command) -> &mut Command {
    command.env("CARGO_TERM_PROGRESS_WHEN", "never")
}
