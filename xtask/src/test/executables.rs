//! Runs the files of the native tests, several at once.
//!
//! Each file of tests is a program of its own, and cargo runs one after the other, though most of them wait: for a process, a timer or a socket.

use std::collections::VecDeque;
use std::io::{BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use cargo_metadata::Message;

use super::tally::{self, TestCounts};
use crate::process::{self, program};

/// A file of tests, compiled.
struct Executable {
    /// As cargo names it: the package and the target.
    name: String,
    path: PathBuf,
    /// The folder of its package, in which cargo would run it.
    folder: PathBuf,
}

/// Compiles by this command, `cargo test --no-run` with what it needs, and runs what came of it.
pub(super) fn run(build: &mut Command) -> Result<TestCounts> {
    let executables = compile(build)?;
    let cores = thread::available_parallelism().map_or(2, usize::from);
    let queue = Mutex::new(VecDeque::from(executables));
    let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    thread::scope(|scope| {
        let worker = || -> Result<TestCounts> {
            let mut counts = TestCounts::default();
            while let Some(executable) = take() {
                counts += executable.run(cores + 1)?;
            }
            Ok(counts)
        };
        // One more than there are cores: most of them wait for a server, a timer or a disk.
        let workers: Vec<_> = (0..=cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_fold(TestCounts::default(), |mut all, worker| {
            all += worker.join().map_err(|_| anyhow!("a thread that runs tests failed"))??;
            Ok(all)
        })
    })
}

fn compile(build: &mut Command) -> Result<Vec<Executable>> {
    process::announce(build);
    let mut child = build.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().context("the output was asked for")?;
    let mut executables = Vec::new();
    for message in Message::parse_stream(BufReader::new(stdout)) {
        let Message::CompilerArtifact(artifact) = message? else { continue };
        let Some(path) = artifact.executable.filter(|_| artifact.profile.test) else { continue };
        let folder = artifact.manifest_path.parent().context("a manifest without a folder")?;
        let package = folder.file_name().unwrap_or_default();
        let name = format!("{package}: {}", artifact.target.name);
        executables.push(Executable { name, path: path.into(), folder: folder.into() });
    }
    if !child.wait()?.success() {
        bail!("the tests do not compile");
    }
    Ok(executables)
}

impl Executable {
    /// Runs it with as many of its tests at once, and shows all that it said when it has ended.
    fn run(&self, threads: usize) -> Result<TestCounts> {
        let mut command = program(&self.path);
        command.current_dir(&self.folder).env("RUST_TEST_THREADS", threads.to_string());
        let output = command.output().with_context(|| format!("cannot start the tests of {}", self.name))?;
        let mut shown = std::io::stdout().lock();
        writeln!(shown, "\n-- {}", self.name)?;
        shown.write_all(&output.stdout)?;
        shown.write_all(&output.stderr)?;
        Ok(tally::count(&String::from_utf8_lossy(&output.stdout), output.status.success()))
    }
}
