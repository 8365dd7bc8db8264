//! Lines that are kept: how small they are, and how fast a word among all of them is found, beside grep on the text.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use kept_logs::{KeptLine, KeptLogs, KeptLogsSettings, Query, Source, Words};

use crate::load::process::cpu_seconds;

/// Lines, in a whole run and in a short one.
const LINES: [u64; 2] = [10_000_000, 500_000];
/// Lines that are appended together.
const TOGETHER: u64 = 2_000;
/// Each search is timed so often.
const TIMES: usize = 5;
/// The word that one line has.
const WORD: &str = "zanzibar";

/// The figures of a run.
#[derive(Debug)]
pub(crate) struct KeptLines {
    pub(crate) lines: u64,
    /// Bytes of the text, an end of line each.
    pub(crate) text: u64,
    /// Bytes of the files.
    pub(crate) kept: u64,
    /// CPU seconds that keeping them took, the making of the lines not.
    pub(crate) cpu: f64,
    /// Text, files and CPU of a tenth of the lines, where parts fill slowly.
    pub(crate) small: (u64, u64, f64),
    /// Milliseconds: a word that one of the oldest lines has, one that none has, the newest hundred lines of a word that a third has, and a pattern
    /// without any word that one of the oldest lines matches.
    pub(crate) rare: Vec<f64>,
    pub(crate) absent: Vec<f64>,
    pub(crate) common: Vec<f64>,
    pub(crate) pattern: Vec<f64>,
    /// Milliseconds of `grep -w` for the rare word in the text.
    pub(crate) grep: Vec<f64>,
}

/// Keeps lines of four made-up programs, and looks for some.
pub(crate) fn measure(quick: bool) -> Result<KeptLines> {
    // Lines that come as fast as they can be made, and a tenth of them as if they came slowly.
    let lines = LINES[usize::from(quick)];
    let slow = keep(lines / 10, Duration::ZERO)?;
    let fast = keep(lines, Duration::MAX)?;
    Ok(KeptLines { small: (slow.text, slow.kept, slow.cpu), ..fast })
}

fn keep(lines: u64, small_after: Duration) -> Result<KeptLines> {
    let folder = tempfile::tempdir()?;
    let settings = KeptLogsSettings { bytes: 8 << 30, age: Duration::MAX, small_after };
    let kept = KeptLogs::open(&folder.path().join("kept"), settings)?;
    let text = folder.path().join("text");
    let mut file = BufWriter::new(File::create(&text)?);
    let mut programs = Programs { seed: 1 };
    let sources = ["proxy", "shop", "database", "worker"].map(|name| Source {
        host: "local".into(),
        key: format!("container:{name}"),
        name: name.into(),
    });
    let pid = std::process::id();
    let (mut bytes, mut cpu) = (0, 0.0);
    for first in (0..lines).step_by(TOGETHER as usize) {
        let program = (first / TOGETHER) as usize % sources.len();
        let made: Vec<KeptLine> = (first..first + TOGETHER)
            .map(|number| KeptLine {
                at: 1_790_000_000_000_000 + number * 137,
                stderr: program == 3,
                cut: None,
                text: if number == 4_321 {
                    format!("the {WORD} line")
                } else {
                    programs.line(program, number)
                },
            })
            .collect();
        for line in &made {
            writeln!(file, "{}", line.text)?;
            bytes += line.text.len() as u64 + 1;
        }
        let before = cpu_seconds(&[pid])?;
        kept.append(&sources[program], made)?;
        cpu += cpu_seconds(&[pid])? - before;
    }
    file.flush()?;
    // The last lines are in a part that is not full: it is sealed as if it were old.
    let before = cpu_seconds(&[pid])?;
    kept.sync(u64::MAX)?;
    cpu += cpu_seconds(&[pid])? - before;
    let all = Query::all(Instant::now() + Duration::from_secs(600));
    let words =
        |text: &str| Ok::<_, anyhow::Error>(Query { words: Some(Words::parse(text)?), ..all.clone() });
    let pattern = Query { pattern: Some(regex::Regex::new("^the z[a-z]+r l")?), ..all.clone() };
    Ok(KeptLines {
        lines,
        text: bytes,
        kept: kept.bytes(),
        cpu,
        small: (0, 0, 0.0),
        rare: timed(|| finds(&kept, &words(WORD)?, 1))?,
        absent: timed(|| finds(&kept, &words("zanzibarian")?, 0))?,
        common: timed(|| finds(&kept, &words("GET")?, 100))?,
        pattern: timed(|| finds(&kept, &pattern, 1))?,
        grep: timed(|| grep(&text))?,
    })
}

fn finds(kept: &KeptLogs, query: &Query, wanted: usize) -> Result<()> {
    let found = kept.search(query)?.hits.len();
    ensure!(found == wanted, "{found} lines were found instead of {wanted}");
    Ok(())
}

fn grep(text: &Path) -> Result<()> {
    let mut grep = Command::new("grep");
    grep.env("LC_ALL", "C").args(["--word-regexp", "--ignore-case", WORD]).arg(text);
    // With nobody to read what it finds, grep ends at the first line.
    let found = grep.output().context("grep runs")?;
    ensure!(found.stdout.ends_with(b"line\n"), "grep found nothing");
    Ok(())
}

/// Milliseconds of each time.
fn timed(mut what: impl FnMut() -> Result<()>) -> Result<Vec<f64>> {
    let times = (0..TIMES).map(|_| {
        let begun = Instant::now();
        what()?;
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    });
    times.collect()
}

/// Lines as four usual programs write them. Ids, sizes and durations are any; addresses and paths come again as those of clients do, few of them
/// often and many seldom.
struct Programs {
    seed: u64,
}

impl Programs {
    fn any(&mut self, below: u64) -> u64 {
        // Knuth's MMIX constants.
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33) % below
    }

    /// The lower ones more often: the n-th about n times as seldom as the first.
    fn often(&mut self, below: u64) -> u64 {
        let most = self.any(below) + 1;
        let most = self.any(most) + 1;
        self.any(most)
    }

    /// One of these, the first ones more often.
    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.often(of.len() as u64) as usize]
    }

    fn line(&mut self, program: usize, number: u64) -> String {
        let second = number / 7_300;
        let time = format!("{:02}:{:02}:{:02}", second / 3_600 % 24, second / 60 % 60, second % 60);
        let thousandth = number / 7 % 1_000;
        match program {
            0 => format!(
                r#"10.{}.{}.{} - - [28/Nov/2026:{time} +0000] "{} /{}/{} HTTP/1.1" {} {} "-" "{}""#,
                self.often(4),
                self.often(256),
                self.often(256),
                self.one(&["GET", "GET", "POST", "HEAD"]),
                self.one(&["api/v1/items", "static", "api/v1/orders", "login"]),
                self.often(20_000),
                self.one(&["200", "200", "304", "404", "502"]),
                self.any(60_000),
                self.one(&[
                    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
                    "curl/8.9.1",
                ]),
            ),
            1 => format!(
                r#"{{"ts":"2026-11-28T{time}.{thousandth:03}Z","level":"{}","logger":"shop.{}","request":"{:08x}{:08x}","user":{},"ms":{}.{},"msg":"{}"}}"#,
                self.one(&["info", "info", "debug", "warn", "error"]),
                self.one(&["orders", "basket", "payment", "search"]),
                self.any(1 << 31),
                self.any(1 << 31),
                self.often(20_000),
                self.often(900),
                self.any(1_000),
                self.one(&["request handled", "cache miss", "item added", "payment declined, will be tried again"]),
            ),
            2 => format!(
                "2026-11-28 {time}.{thousandth:03} UTC [{}] LOG:  duration: {}.{:03} ms  execute <unnamed>: {} WHERE id = {}",
                self.often(100) + 20_000,
                self.often(300),
                self.any(1_000),
                self.one(&["SELECT name, price FROM items", "UPDATE stock SET count = count - 1", "SELECT * FROM orders"]),
                self.often(1_000_000),
            ),
            _ => format!(
                "{time},{thousandth:03} {} [pool-{}-thread-{}] com.example.{} - job {:x}{:x} {} after {} ms",
                self.one(&["INFO ", "INFO ", "WARN ", "ERROR"]),
                self.often(4),
                self.often(32),
                self.one(&["mail.Sender", "report.Builder", "sync.Worker"]),
                self.any(1 << 31),
                self.any(1 << 31),
                self.one(&["finished", "started", "was tried again", "failed: connection reset by peer"]),
                self.any(9_000),
            ),
        }
    }
}
