//! Pulseboard itself: the release binary as people run it.

use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::{Program, Publish, Subject, folder, slow_disk};
use crate::load::{
    child::Running,
    version,
    wire::{
        EVENT_STREAM, LABS, LONG_POLL, POLL, RESUMED_SOCKET_IO, RESUMED_WEBSOCKET, SOCKET_IO, STREAM,
        WEBSOCKET,
    },
};

pub(super) const PROGRAM: Program = Program {
    name: "Pulseboard",
    start,
    version: |binary| version::first_line(Command::new(binary).arg("--version")),
    wires: &[
        ("/live/ws?topics=custom/bench", &WEBSOCKET),
        ("/live/sse?topics=custom/bench", &EVENT_STREAM),
        ("/live/stream?topics=custom/bench", &STREAM),
        // As long as it may: so an idle question is measured, not the next one.
        ("/live/long-poll?topics=custom/bench&wait=120", &LONG_POLL),
        ("/live/poll?topics=custom/bench", &POLL),
        ("/socket.io/?EIO=4&transport=websocket", &SOCKET_IO),
        ("/live/ws?topics=custom/bench", &RESUMED_WEBSOCKET),
        ("/socket.io/?EIO=4&transport=websocket", &RESUMED_SOCKET_IO),
        ("/live/ws?topics=lab/labofthebench0001", &LABS[0]),
        ("/live/ws?topics=lab/labofthebench0002", &LABS[1]),
        ("/live/ws?topics=lab/labofthebench0003", &LABS[2]),
        ("/live/ws?topics=lab/labofthebench0004", &LABS[3]),
    ],
};

/// The server of a commit before, to see what a change costs.
pub(super) const BEFORE: Program =
    Program { name: "before", start: |binary| Ok(named(BEFORE.name, start(binary)?)), ..PROGRAM };

/// Ours where everyone comes by a token, to see what authorisation costs.
pub(super) const SIGNED_IN: Program = Program {
    name: "with accounts",
    start: |binary| Ok(named(SIGNED_IN.name, start_with_account(binary)?.0)),
    ..PROGRAM
};

fn named(name: &'static str, subject: Subject) -> Subject {
    Subject { name, ..subject }
}

/// The names of the labs whose topics the wires of [`LABS`] follow.
pub(crate) const LAB_NAMES: [&str; 4] =
    ["labofthebench0001", "labofthebench0002", "labofthebench0003", "labofthebench0004"];

/// The token that opens the list of connections.
pub(crate) const TOKEN: &str = "the-operators-token-of-the-bench";

/// These settings turn off everything that is not measured here: limits that would refuse two thousand clients of one
/// address, and the collector of host metrics, whose cost is the same with no subscriber at all.
const SETTINGS: [(&str, &str); 6] = [
    ("PULSEBOARD_LIMITS__CONNECTIONS", "0"),
    ("PULSEBOARD_LIMITS__CONNECTIONS_PER_ADDRESS", "0"),
    ("PULSEBOARD_LIMITS__PUBLICATIONS_PER_SECOND", "0"),
    ("PULSEBOARD_COLLECT__FAST_MS", "60000"),
    ("PULSEBOARD_COLLECT__SLOW_MS", "60000"),
    ("PULSEBOARD_OPERATOR__TOKEN", TOKEN),
];

/// With the page of this site.
pub(crate) fn start_with_page(binary: &Path, site: &Path) -> Result<Subject> {
    let mut command = Command::new(binary);
    command.env("LEPTOS_SITE_ROOT", site).envs([
        ("LEPTOS_OUTPUT_NAME", "pulseboard"),
        ("LEPTOS_SITE_PKG_DIR", "pkg"),
        ("LEPTOS_ENV", "PROD"),
    ]);
    run(command)
}

/// Beside an engine at this socket.
pub(crate) fn start_beside_engine(binary: &Path, socket: &Path) -> Result<Subject> {
    let mut command = Command::new(binary);
    command.env("PULSEBOARD_CONTAINERS__ENGINE", format!("unix://{}", socket.display()));
    run(command)
}

/// A node that shares its log with others at these NATS servers, three copies of it.
pub(super) fn start_node(binary: &Path, nats: &[String]) -> Result<Subject> {
    let mut command = Command::new(binary);
    command.env("PULSEBOARD_BROKER__URL", nats.join(",")).env("PULSEBOARD_BROKER__REPLICAS", "3");
    run(command)
}

/// On a disk that takes so much longer for each write and each sync of the journal.
pub(crate) fn start_on_disk(binary: &Path, delay: Duration) -> Result<Subject> {
    run(slow_disk::before(binary, delay))
}

/// An account that signs in by name and password.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its password.
    pub(crate) password: String,
}

/// With an account, on whose behalf subscribers and publishers come by a token.
pub(crate) fn start_with_account(binary: &Path) -> Result<(Subject, Account)> {
    let folder = folder()?;
    let data = folder.path().join("data");
    let said = |words: &[&str]| -> Result<String> {
        let output = Command::new(binary).arg("--data-dir").arg(&data).args(words).output()?;
        let text = String::from_utf8(output.stdout)?;
        text.split_whitespace().last().map(str::to_owned).with_context(|| {
            format!("{words:?} says nothing: {}", String::from_utf8_lossy(&output.stderr).trim())
        })
    };
    let account = Account { name: "kim", password: said(&["user", "add", "kim", "--role", "admin"])? };
    let scopes = ["--scope", "read:custom/*", "--scope", "publish:custom/*"];
    let token = said(&[&["token", "create", "bench", "--user", account.name], &scopes[..]].concat())?;
    let mut command = Command::new(binary);
    // Its clients say from where they come.
    command.env("PULSEBOARD_TRUSTED_PROXIES", r#"["127.0.0.1"]"#);
    let mut subject = run_in(folder, command)?;
    subject.proof = format!("Authorization: Bearer {token}\r\n");
    Ok((subject, account))
}

fn start(binary: &Path) -> Result<Subject> {
    run(Command::new(binary))
}

fn run(command: Command) -> Result<Subject> {
    run_in(folder()?, command)
}

fn run_in(folder: TempDir, mut command: Command) -> Result<Subject> {
    let log = File::create(folder.path().join("log")).context("cannot write a log")?;
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.path().join("data"))
        .envs(SETTINGS)
        .stderr(Stdio::from(log));
    let (running, said) = Running::start_talking(&mut command, "listening on http://")?;
    let address = said.parse().with_context(|| format!("{said:?} is not an address"))?;
    let publish = Publish { path: "/api/v1/publish", around: (r#"{"topic":"custom/bench","data":"#, "}") };
    Ok(Subject::new((PROGRAM.name, PROGRAM.wires), address, publish, running, folder))
}
