//! `journalctl` as a child process, which ends with whoever reads it.

use std::{ffi::OsString, process::Stdio};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, ChildStdout, Command},
    task::JoinHandle,
};

use super::{
    entry::{EntryLines, JournalEntry},
    place::Journal,
};
use crate::logs::error::SourceError;

/// The fields that are asked for. Others may be huge.
const FIELDS: &str = "--output-fields=MESSAGE,PRIORITY,_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,_COMM";
/// The latest time that is asked for, seconds: the end of the year 9999.
const LATEST: u64 = 253_402_300_799;
/// The bytes of one read.
const READ: usize = 64 << 10;
/// As much of what the program says of an error is kept.
const SAID: usize = 1_024;

/// The journal, and the unit, if it is of one.
#[derive(Debug, Clone)]
pub(super) struct JournalArgs {
    pub(super) journal: Journal,
    /// A checked name (see [`common::logs::LogSource`]).
    pub(super) unit: Option<String>,
}

/// A command that is not started yet.
#[derive(Debug)]
pub(super) struct JournalCommand<'a> {
    of: &'a JournalArgs,
    more: Vec<OsString>,
}

impl JournalArgs {
    /// The newest entries first.
    pub(super) fn backwards(&self, since: u64, until: u64) -> JournalCommand<'_> {
        let reverse = [OsString::from("--reverse")];
        self.command(reverse.into_iter().chain(bounds(since, until)))
    }

    /// The oldest entries first.
    pub(super) fn forwards(&self, since: u64, until: u64) -> JournalCommand<'_> {
        self.command(bounds(since, until))
    }

    /// All entries behind this one, and those that come; without one, all since a time.
    pub(super) fn following(&self, cursor: Option<&str>, since: u64) -> JournalCommand<'_> {
        let after: Vec<OsString> = match cursor {
            Some(cursor) => vec![OsString::from(["--after-cursor=", cursor].concat())],
            None => bounds(since, u64::MAX).collect(),
        };
        self.command(["--follow", "--no-tail"].map(OsString::from).into_iter().chain(after))
    }

    fn command(&self, more: impl Iterator<Item = OsString>) -> JournalCommand<'_> {
        JournalCommand { of: self, more: more.collect() }
    }
}

fn bounds(since: u64, until: u64) -> impl Iterator<Item = OsString> {
    let time = |name: &str, at: u64| {
        let (seconds, rest) = (at / 1_000_000, at % 1_000_000);
        let latest = seconds > LATEST;
        OsString::from(if latest {
            format!("{name}@{LATEST}")
        } else {
            format!("{name}@{seconds}.{rest:06}")
        })
    };
    let since = (since > 0).then(|| time("--since=", since));
    let until = (until < u64::MAX).then(|| time("--until=", until));
    since.into_iter().chain(until)
}

/// The program while it runs.
#[derive(Debug)]
pub(super) struct JournalChild {
    child: Child,
    out: ChildStdout,
    said: JoinHandle<String>,
    lines: EntryLines,
    buffer: Vec<u8>,
}

impl JournalChild {
    pub(super) fn start(command: &JournalCommand<'_>) -> Result<Self, SourceError> {
        let JournalArgs { journal, unit } = command.of;
        let mut program = Command::new(&journal.program);
        program.args(["--output=json", "--all", "--no-pager", "--quiet", FIELDS]);
        if let Some(folder) = &journal.folder {
            let mut option = OsString::from("--directory=");
            option.push(folder);
            program.arg(option);
        }
        if let Some(unit) = unit {
            program.arg(["--unit=", unit].concat());
        }
        program.args(&command.more).env_clear().env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let started = program.spawn();
        let mut child =
            started.map_err(|error| SourceError(format!("journalctl does not start: {error}")))?;
        let no_pipe = || SourceError("journalctl has no output".to_owned());
        let out = child.stdout.take().ok_or_else(no_pipe)?;
        let errors = child.stderr.take().ok_or_else(no_pipe)?;
        let said = tokio::spawn(said(errors));
        Ok(Self { child, out, said, lines: EntryLines::default(), buffer: vec![0; READ] })
    }

    /// The entries of the next read; none at the end.
    pub(super) async fn next_entries(&mut self) -> Result<Vec<JournalEntry>, SourceError> {
        loop {
            let broken = |error| SourceError(format!("the journal cannot be read on: {error}"));
            let read = self.out.read(&mut self.buffer).await.map_err(broken)?;
            if read == 0 {
                return self.end().await.map(|()| Vec::new());
            }
            let entries = self.lines.push(&self.buffer[..read]);
            if !entries.is_empty() {
                return Ok(entries);
            }
        }
    }

    async fn end(&mut self) -> Result<(), SourceError> {
        let ended = self.child.wait().await.map_err(|error| SourceError(error.to_string()))?;
        if ended.success() {
            return Ok(());
        }
        let said = (&mut self.said).await.unwrap_or_default();
        let said = said.lines().next_back().map_or(ended.to_string(), str::to_owned);
        Err(SourceError(format!("journalctl has failed: {said}")))
    }
}

impl Drop for JournalChild {
    fn drop(&mut self) {
        self.said.abort();
    }
}

/// Reads all that a program says of errors, and keeps the beginning.
async fn said(mut errors: impl AsyncRead + Unpin) -> String {
    let (mut kept, mut buffer) = (Vec::new(), [0; SAID]);
    while let Ok(read) = errors.read(&mut buffer).await
        && read > 0
    {
        let room = SAID - kept.len();
        kept.extend_from_slice(&buffer[..read.min(room)]);
    }
    let text = String::from_utf8_lossy(&kept);
    text.chars().filter(|letter| !letter.is_control() || *letter == '\n').collect()
}
