//! Searches whose time is over.

use std::{
    fs,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use kept_logs::{KeptLine, KeptLogs, KeptLogsSettings, Query, Source};

/// Seals the open part, whatever its lines: they are all older than a day by this clock.
const FAR: u64 = u64::MAX;
const UNBOUND: KeptLogsSettings =
    KeptLogsSettings { bytes: 1 << 30, age: Duration::MAX, small_after: Duration::from_secs(3_600) };
/// Microseconds.
const SECOND: u64 = 1_000_000;
const DAY: u64 = 24 * 60 * 60 * SECOND;

fn source(name: &str) -> Source {
    Source { host: "local".into(), key: format!("container:{name}"), name: name.into() }
}

fn line(at: u64, text: impl Into<String>) -> KeptLine {
    KeptLine { at, text: text.into(), ..KeptLine::default() }
}

fn query() -> Query {
    Query::all(Instant::now() + Duration::from_secs(600))
}

/// The beginnings of all lines, in pages, and the number of pages.
fn all(kept: &KeptLogs, mut query: Query) -> (Vec<String>, usize) {
    let (mut found, mut pages) = (Vec::new(), 0);
    loop {
        let page = kept.search(&query).expect("it reads");
        pages += 1;
        found.extend(page.hits.iter().flat_map(|hit| {
            let name = hit.line.text.split(' ').next().unwrap_or_default();
            (0..hit.repeated).map(move |_| name.to_owned())
        }));
        let Some(next) = page.next else { return (found, pages) };
        assert!(page.next != query.before && pages < 1_000, "it gets on");
        query.before = Some(next);
    }
}

#[test]
fn pages_without_any_time_have_each_line_once() {
    const LINES: usize = 40;
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    let mut wanted = Vec::new();
    for part in 0..3_u64 {
        // Lines of two sources that lie between each other, over blocks that end at different times.
        for name in ["a", "b"] {
            let length = if name == "a" { 60_000 } else { 37_000 };
            let lines = (0..LINES as u64).map(|number| {
                line(part * DAY + number * SECOND, format!("{name}{part}.{number} {}", "x".repeat(length)))
            });
            kept.append(&source(name), lines.collect()).expect("kept");
        }
        for number in 0..LINES {
            wanted.extend(["b", "a"].map(|name| format!("{name}{part}.{number}")));
        }
        match part {
            // Whoever runs this may write everywhere, so the file's name is taken by a folder.
            1 => {
                fs::create_dir(folder.path().join("0000000002.begun")).expect("a folder");
                kept.sync(FAR).expect_err("it waits for the disk");
            }
            2 => {}
            _ => kept.sync(FAR).expect("it is sealed"),
        }
    }
    wanted.reverse();
    let (found, pages) = all(&kept, Query { deadline: Instant::now(), ..query() });
    assert_eq!(found, wanted);
    assert!(pages > LINES, "{pages}");
    let stopped = query();
    stopped.stop.store(true, Ordering::Relaxed);
    let page = kept.search(&stopped).expect("it reads");
    assert_eq!(page.hits.len(), 1, "it ends at once");
    assert_eq!(all(&kept, Query { before: page.next, ..query() }).0, wanted[1..]);
    // Also where no line is found, and between the blocks of a part.
    let pattern = regex::Regex::new("^a1.7 ").ok();
    let (found, pages) = all(&kept, Query { pattern, deadline: Instant::now(), ..query() });
    assert_eq!((found, pages > LINES), (vec!["a1.7".to_owned()], true));
    let words = kept_logs::Words::parse("nobody").ok();
    let (found, pages) = all(&kept, Query { words, until: DAY / 2, deadline: Instant::now(), ..query() });
    assert!(found.is_empty() && pages > 3, "{pages}");
    // The blocks of the other source are passed over, and that is no reason to go back to the end of one that was begun.
    let words = kept_logs::Words::parse("b0").ok();
    let (found, _) = all(&kept, Query { words, deadline: Instant::now(), ..query() });
    assert!(found.iter().eq(wanted.iter().filter(|name| name.starts_with("b0"))), "{found:?}");
}
