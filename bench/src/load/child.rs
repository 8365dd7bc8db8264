//! A server under measurement: a child process that ends with its owner.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::{pause::pause, process};

/// A server may take this long to start or to stop.
const PATIENCE: Duration = Duration::from_secs(20);
/// The time between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// A child process; dropping it ends it and its own children.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
}

impl Running {
    /// Starts a program that says on its standard output where it listens, and waits for that line.
    pub(crate) fn start_talking(command: &mut Command, prefix: &'static str) -> Result<(Self, String)> {
        let mut running = Self::start(command.stdout(Stdio::piped()))?;
        let stdout = running.child.stdout.take().context("the child's standard output")?;
        let (tell, told) = mpsc::sync_channel(1);
        std::thread::spawn(move || listen(stdout, prefix, &tell));
        let line = told.recv_timeout(PATIENCE).context("the server did not say where it listens")?;
        Ok((running, line))
    }

    /// Starts a program.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        Ok(Self { child })
    }

    /// Waits until `ready` holds.
    pub(crate) fn wait_until(&mut self, ready: impl Fn() -> bool) -> Result<()> {
        let started = Instant::now();
        while !ready() {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at once: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("the server did not become ready in {} s", PATIENCE.as_secs());
            }
            pause(LOOK);
        }
        Ok(())
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the program at once, without a word to it: SIGKILL.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// The process and its children.
    pub(crate) fn pids(&self) -> Result<Vec<u32>> {
        process::family(self.child.id())
    }
}

/// Passes on what follows `prefix`, and goes on reading so that the child never waits for a full pipe.
fn listen(stdout: ChildStdout, prefix: &str, tell: &mpsc::SyncSender<String>) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        if let Some(rest) = line.strip_prefix(prefix) {
            let _ = tell.try_send(rest.trim().to_owned());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        let own = self.child.id();
        let family = self.pids().unwrap_or_else(|_| vec![own]);
        let signal = |pid: u32, signal| {
            if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
                let _ = kill_process(pid, signal);
            }
        };
        signal(own, Signal::TERM);
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE / 2 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            pause(LOOK);
        }
        for pid in family {
            signal(pid, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}
