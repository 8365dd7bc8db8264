//! A Pulseboard server for agents to report to.

use std::{
    fs::File,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::load::child::Running;

/// A server on the loopback; it ends with this value.
#[derive(Debug)]
pub(super) struct Hub {
    binary: PathBuf,
    data: PathBuf,
    pub(super) address: SocketAddr,
    running: Running,
}

/// Its own machine is looked at once a minute: what that costs is another measurement's affair. Limits that stop floods from one address are off.
const SETTINGS: [(&str, &str); 4] = [
    ("PULSEBOARD_COLLECT__FAST_MS", "60000"),
    ("PULSEBOARD_COLLECT__SLOW_MS", "60000"),
    ("PULSEBOARD_LIMITS__CONNECTIONS", "0"),
    ("PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS", "0"),
];

impl Hub {
    /// Starts a server with its data in a folder, on one core where that is said (taskset(1)).
    ///
    /// # Errors
    /// When it does not start.
    pub(super) fn start(binary: &Path, folder: &Path, core: Option<usize>) -> Result<Self> {
        let mut command = match core {
            Some(core) => {
                let mut pinned = Command::new("taskset");
                pinned.args(["--cpu-list", &core.to_string()]).arg(binary);
                pinned
            }
            None => Command::new(binary),
        };
        let data = folder.join("server");
        let log = File::create(folder.join("server.log")).context("cannot write a log")?;
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&data).envs(SETTINGS);
        let (running, said) =
            Running::start_talking(command.stderr(Stdio::from(log)), "listening on http://")?;
        let address = said.parse().with_context(|| format!("{said:?} is not an address"))?;
        Ok(Self { binary: binary.to_owned(), data, address, running })
    }

    /// Makes a code by which one agent enrols.
    ///
    /// # Errors
    /// When the server's store gives none.
    pub(super) fn code(&self) -> Result<String> {
        let made =
            Command::new(&self.binary).arg("--data-dir").arg(&self.data).args(["host", "code"]).output()?;
        ensure!(made.status.success(), "no code: {}", String::from_utf8_lossy(&made.stderr).trim());
        let said = String::from_utf8(made.stdout)?;
        said.lines().next().map(str::to_owned).context("a code is told")
    }

    /// The server's process.
    pub(super) fn pid(&self) -> u32 {
        self.running.id()
    }
}
