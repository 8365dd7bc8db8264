//! `cargo xtask run`: from a clean clone to a server one can open.

use std::os::unix::process::CommandExt;
use std::process::Stdio;

use anyhow::{Context, Error, Result};

use crate::{process, setup, site, workspace};

#[derive(clap::Args)]
pub(crate) struct RunOptions {
    /// Optimise the server as for a release: twice the time to build.
    #[arg(long)]
    release: bool,
    /// For the server, after `--`: `cargo xtask run -- --listen 127.0.0.1:8080`.
    #[arg(last = true)]
    server: Vec<String>,
}

pub(crate) fn run(options: &RunOptions) -> Result<()> {
    setup::setup(&setup::SetupOptions::default())?;
    // A server that is to be tried soon shares what it is made of with the tools.
    let (profile, folder) = if options.release { ("release", "release") } else { ("dev", "debug") };
    println!("building, usually 6 to 10 minutes the first time, then seconds to a minute");
    site::build_with(profile)?;

    let mut server = process::program(workspace::built(folder, "pulseboard"));
    server.args(&options.server).stdin(Stdio::inherit());
    process::announce(&server);
    // The server takes this process's place, so that ctrl-c and the exit status are its own.
    Err(Error::new(server.exec())).context("cannot start the server")
}
