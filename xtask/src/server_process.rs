//! A server of our own on a free port, ended with its owner.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// The server writes this in front of its address once it accepts connections.
const READY: &str = "listening on ";

/// A running release server with fresh data.
pub(crate) struct ServerProcess {
    child: Child,
    url: String,
}

impl ServerProcess {
    /// Starts the release server on a free port of the loopback, its data in this folder, which is emptied first.
    pub(crate) fn start(data: &Path) -> Result<Self> {
        if data.exists() {
            fs::remove_dir_all(data).with_context(|| format!("cannot empty {}", data.display()))?;
        }
        let mut command = process::program(workspace::built("release", "pulseboard"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
        Self::listening(&mut command)
    }

    /// Starts a program that says where it listens.
    pub(crate) fn listening(command: &mut Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start the server")?;
        let stdout = child.stdout.take().context("the server's output was asked for")?;
        // From here on Drop ends the child, whatever happens.
        let mut server = Self { child, url: String::new() };
        let mut lines = BufReader::new(stdout).lines();
        for line in &mut lines {
            let line = line.context("cannot read the server's output")?;
            if let Some((_, url)) = line.split_once(READY) {
                server.url = url.trim().to_owned();
                // Keep reading, or the server would stop at a full pipe.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(server);
            }
        }
        bail!("the server ended before it said `{READY}...`");
    }

    /// The address as the program says it: `http://127.0.0.1:PORT` for Pulseboard.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // Either fails only if the server has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
