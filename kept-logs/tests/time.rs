//! Searches whose time is over, and clocks that were wrong.

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
/// A time of today, and one that comes in a year.
const NOW: u64 = 20_000 * DAY;
const AHEAD: u64 = NOW + 365 * DAY;

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

#[test]
fn lines_that_are_later_than_now_are_not_the_last_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    let last = |name: &str, now: u64| kept.last_at(&source(name), now);
    let newest = |name: &str, since: u64| {
        let mut texts = Vec::new();
        kept.newest(&source(name), since, |line| texts.push(line.text)).expect("read");
        texts
    };
    kept.append(&source("new"), vec![line(AHEAD, "a"), line(AHEAD + SECOND, "b")]).expect("kept");
    for _ in 0..2 {
        assert_eq!(last("new", NOW), None, "the clock was ahead from the beginning");
        assert_eq!(last("new", AHEAD + SECOND), Some(AHEAD + SECOND));
        assert_eq!(newest("new", 0), ["a", "b"]);
        kept.sync(FAR).expect("it is sealed");
    }
    kept.append(&source("old"), vec![line(NOW - DAY, "a"), line(NOW - SECOND, "b")]).expect("kept");
    kept.sync(FAR).expect("it is sealed");
    kept.append(&source("old"), vec![line(AHEAD, "c"), line(NOW - 2 * SECOND, "late")]).expect("kept");
    assert_eq!(last("old", NOW), Some(NOW - SECOND));
    kept.append(&source("old"), vec![line(NOW, "d")]).expect("kept");
    assert_eq!(last("old", NOW), Some(NOW), "of lines that are not sealed, each counts");
    kept.sync(FAR).expect("it is sealed");
    // Nothing is missed where a block has both.
    assert_eq!(last("old", NOW), Some(NOW - SECOND));
    assert_eq!(newest("old", NOW - SECOND), ["b", "c", "d"]);
    assert_eq!(last("old", FAR), Some(AHEAD));
    kept.append(&source("both"), vec![line(NOW - SECOND, "a"), line(AHEAD, "b")]).expect("kept");
    kept.sync(FAR).expect("it is sealed");
    assert_eq!(last("both", NOW), Some(NOW - SECOND));
}

#[test]
fn a_part_of_a_clock_that_was_ahead_keeps_no_other_from_going() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = KeptLogsSettings { age: Duration::from_secs(10 * 24 * 60 * 60), ..UNBOUND };
    let kept = KeptLogs::open(folder.path(), settings).expect("it opens");
    // Each is in a part of its own once its clock is there: then it is older than a day.
    for (text, at, now) in [
        ("ahead", AHEAD, AHEAD + DAY + SECOND),
        ("old", NOW, NOW + 2 * DAY),
        ("damaged", NOW + 3 * DAY, NOW + 5 * DAY),
        ("older", NOW - DAY, NOW + 5 * DAY),
        ("new", NOW + 5 * DAY, NOW + 7 * DAY),
    ] {
        kept.append(&source("web"), vec![line(at, text)]).expect("kept");
        kept.sync(now).expect("synced");
    }
    assert_eq!(all(&kept, query()).0, ["new", "older", "damaged", "old", "ahead"]);
    drop(kept);
    fs::write(folder.path().join("0000000003.kept"), "nonsense").expect("written");
    let kept = KeptLogs::open(folder.path(), settings).expect("it opens");
    kept.sync(NOW + 9 * DAY + SECOND).expect("synced");
    assert_eq!(all(&kept, query()).0, ["new", "old", "ahead"]);
    assert!(!folder.path().join("0000000003.damaged").exists(), "it goes with the one behind it");
    kept.sync(NOW + 10 * DAY + SECOND).expect("synced");
    assert_eq!(all(&kept, query()).0, ["new", "ahead"]);
    kept.sync(AHEAD + 10 * DAY + SECOND).expect("synced");
    assert_eq!(all(&kept, query()).0, [""; 0]);
}
