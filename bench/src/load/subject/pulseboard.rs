//! Pulseboard itself: the release binary as people run it.

use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use super::{Program, Publish, Subject, folder};
use crate::load::{
    child::Running,
    version,
    wire::{EVENT_STREAM, LONG_POLL, POLL, SOCKET_IO, STREAM, WEBSOCKET},
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
    ],
};

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
        ("LEPTOS_HASH_FILES", "false"),
        ("LEPTOS_ENV", "PROD"),
    ]);
    run(command)
}

fn start(binary: &Path) -> Result<Subject> {
    run(Command::new(binary))
}

fn run(mut command: Command) -> Result<Subject> {
    let folder = folder()?;
    let log = File::create(folder.path().join("log")).context("cannot write a log")?;
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder.path().join("data"))
        .envs(SETTINGS)
        .stderr(Stdio::from(log));
    let (running, said) = Running::start_talking(&mut command, "listening on http://")?;
    let address = said.parse().with_context(|| format!("{said:?} is not an address"))?;
    let publish = Publish { path: "/api/v1/publish", around: (r#"{"topic":"custom/bench","data":"#, "}") };
    Ok(Subject::new(&PROGRAM, address, publish, running, folder))
}
