//! Redis as it comes: its defaults for what it keeps, which are snapshots now and then, and no log of commands.

use std::{
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::{folder, nchan::free_address};
use crate::load::{child::Running, version};

/// A Redis that runs.
#[derive(Debug)]
pub(super) struct Redis {
    address: SocketAddr,
    running: Running,
    /// Removed with it.
    _folder: TempDir,
}

const REDIS: &str = "redis-server";

impl Redis {
    /// Starts it.
    pub(super) fn start() -> Result<Self> {
        let (folder, address) = (folder()?, free_address()?);
        let mut command = Command::new(REDIS);
        command.args(["--bind", &address.ip().to_string(), "--port", &address.port().to_string(), "--dir"]);
        command.arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running =
            Running::start(&mut command).context("Redis is needed: apt install redis-server")?;
        running.wait_until(|| TcpStream::connect(address).is_ok())?;
        Ok(Self { address, running, _folder: folder })
    }

    /// The address for clients.
    pub(super) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Its process. It takes its snapshots in another, which is there for a moment now and then, and is not counted.
    pub(super) fn pid(&self) -> u32 {
        self.running.id()
    }
}

/// The version that runs here.
pub(super) fn version() -> Result<String> {
    let said = version::first_line(Command::new(REDIS).arg("--version"))?;
    Ok(said.split(" sha=").next().unwrap_or(&said).to_owned())
}
