//! Lines of a journal that systemd's own programs wrote and read.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use common::{
    logs::{LogLevel, LogLine, LogSourceList},
    stream::StreamEndReason,
};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    reader::{PATH, Reader, ask, before, behind, cancel, open, read, texts},
    support::{TestServer, get, start_with},
};

const FOLDERS: [&str; 2] = ["/lib/systemd", "/usr/lib/systemd"];
/// 2026-11-28, microseconds.
const BEGIN: u64 = 1_795_830_896_000_000;

/// A journal of its own.
struct TestJournal(TempDir);

impl TestJournal {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("files")).expect("a folder");
        Self(folder)
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("files")
    }

    /// Adds entries, in the format of systemd's export.
    fn add(&self, entries: &[Entry<'_>]) {
        let programs = FOLDERS.map(|folder| Path::new(folder).join("systemd-journal-remote"));
        let program = programs.iter().find(|path| path.is_file()).expect(
            "systemd-journal-remote of Debian's systemd-journal-remote is not here: `cargo xtask setup --tests` installs it",
        );
        let export = self.0.path().join("export");
        fs::write(&export, entries.iter().flat_map(Entry::export).collect::<Vec<u8>>()).expect("written");
        let output = format!("--output={}", self.folder().join("test.journal").display());
        let done = Command::new(program).arg(output).arg(&export).output().expect("it runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    async fn server(&self) -> TestServer {
        let folder = self.folder();
        start_with(|config| config.logs.journal_directory = Some(folder)).await
    }
}

struct Entry<'a> {
    at: u64,
    unit: &'a str,
    priority: u8,
    message: &'a [u8],
}

impl Entry<'_> {
    fn export(&self) -> Vec<u8> {
        let Self { at, unit, priority, message } = self;
        let boot = "1".repeat(32);
        let head = format!(
            "__REALTIME_TIMESTAMP={at}\n__MONOTONIC_TIMESTAMP={}\n_BOOT_ID={boot}\nPRIORITY={priority}\n_SYSTEMD_UNIT={unit}\n\
             HUGE={}\nMESSAGE\n",
            at - BEGIN + 1,
            "y".repeat(20_000),
        );
        [head.as_bytes(), &(message.len() as u64).to_le_bytes(), message, b"\n\n"].concat()
    }
}

/// Forty entries, four at a time, of two units.
fn many() -> Vec<(u64, &'static str, String)> {
    let unit = |number: u64| if number.is_multiple_of(2) { "a.service" } else { "b@1.service" };
    (0..40).map(|number| (BEGIN + number / 4, unit(number), format!("line {number}"))).collect()
}

fn entries<'a>(many: &'a [(u64, &'static str, String)]) -> Vec<Entry<'a>> {
    let entry = |(at, unit, message): &'a (u64, &'static str, String)| Entry {
        at: *at,
        unit,
        priority: 6,
        message: message.as_bytes(),
    };
    many.iter().map(entry).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_read_by_unit_in_pages_and_as_they_come() {
    let journal = TestJournal::new();
    let many = many();
    journal.add(&entries(&many[..36]));
    let server = journal.server().await;
    let list = get(server.address, PATH).await;
    assert!(serde_json::from_str::<LogSourceList>(&list.body).expect("sources").journal, "{}", list.body);

    let all = read(&server, &json!({"sources": ["journal"]})).await;
    let wanted: Vec<&str> = many[..36].iter().map(|(_, _, message)| message.as_str()).collect();
    assert_eq!(texts(&all), wanted);
    assert_eq!((all[35].at, all[35].level), (BEGIN + 8, Some(LogLevel::Info)));
    assert_eq!(all[35].from.as_deref(), Some("b@1.service"));
    let of_unit = read(&server, &json!({"sources": ["journal:b@1.service"], "pattern": "[13]$"})).await;
    assert_eq!(
        texts(&of_unit),
        ["line 1", "line 3", "line 11", "line 13", "line 21", "line 23", "line 31", "line 33"]
    );

    for page in [1, 7, 30] {
        let mut told: Vec<LogLine> = Vec::new();
        while told.len() < all.len() {
            let asked = match told.first() {
                None => json!({"sources": ["journal"], "tail": page}),
                Some(_) => json!({"sources": ["journal"], "tail": page, "until": before(&told)}),
            };
            let lines = read(&server, &asked).await;
            assert!((1..=page).contains(&lines.len()), "{} of {page}", lines.len());
            told.splice(0..0, lines);
        }
        assert_eq!(told, all);
    }
    let rest = read(&server, &json!({"sources": ["journal"], "since": behind(&all[..10])})).await;
    assert_eq!(rest, all[10..]);

    let asked = json!({"sources": ["journal"], "tail": 3, "follow": true});
    let opened = open(&server, &asked).await;
    let mut reader = Reader::by(&server, transport_probes::all()[0], &opened).await;
    reader.until("line 35").await;
    journal.add(&entries(&many[36..]));
    reader.until("line 39").await;
    assert_eq!(texts(&reader.lines), (33..40).map(|number| format!("line {number}")).collect::<Vec<_>>());
    let folder = journal.folder();
    assert!(children(&folder) > 0, "a child process follows");
    assert_eq!(cancel(&server, &opened).await, 204);
    assert_eq!(reader.end().await, (StreamEndReason::Cancelled, None));
    for _ in 0..1_000 {
        if children(&folder) == 0 {
            return server.stop().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the child process goes on");
}

/// The number of processes that read a journal.
fn children(folder: &Path) -> usize {
    let processes = fs::read_dir("/proc").expect("Linux").flatten();
    let commands = processes.filter_map(|entry| fs::read_to_string(entry.path().join("cmdline")).ok());
    commands
        .filter(|command| command.starts_with('/') && command.contains(&*folder.to_string_lossy()))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_are_long_or_no_text_arrive_as_they_are() {
    let journal = TestJournal::new();
    let long = vec![b'z'; 2 << 20];
    let messages: [(&[u8], u8); 4] =
        [(b"bin\xff\x00\x01ary", 3), (b"\x1b[31mred \xe2\x80\xae", 0), (b"two\nlines", 7), (&long, 4)];
    let entries = messages.iter().enumerate().map(|(number, (message, priority))| Entry {
        at: BEGIN + number as u64,
        unit: "a.service",
        priority: *priority,
        message,
    });
    journal.add(&entries.collect::<Vec<_>>());
    let server = journal.server().await;
    let lines = read(&server, &json!({"sources": ["journal"], "tail": 10})).await;
    assert_eq!(texts(&lines[..3]), ["bin\u{fffd}\u{0}\u{1}ary", "\u{1b}[31mred \u{202e}", "two\nlines"]);
    assert_eq!((lines[3].text.len(), lines[3].cut), (16 << 10, Some(2 << 20)));
    let levels = [LogLevel::Error, LogLevel::Emergency, LogLevel::Debug, LogLevel::Warning];
    assert_eq!(lines.iter().filter_map(|line| line.level).collect::<Vec<_>>(), levels);
    server.stop().await;
}

#[tokio::test]
async fn a_journal_that_is_not_there_or_turned_off_is_said() {
    let empty = tempfile::tempdir().expect("a folder");
    let server = start_with(|config| config.logs.journal_directory = Some(empty.path().to_owned())).await;
    let refused = ask(&server, &json!({"sources": ["journal:a.service"]})).await;
    assert_eq!(refused.status, 404);
    assert!(refused.body.contains("journal cannot be read here"), "{}", refused.body);
    let list = get(server.address, PATH).await;
    assert!(list.body.contains(r#""journal":false"#), "{}", list.body);
    server.stop().await;
    let server = start_with(|config| config.logs.journal = pulseboard::config::JournalUse::Off).await;
    let refused = ask(&server, &json!({"sources": ["journal"]})).await;
    assert!(refused.status == 404 && refused.body.contains("settings"), "{}", refused.body);
    server.stop().await;
}
