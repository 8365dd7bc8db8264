//! Tests of other work that goes on while a line is matched.

use std::{
    cell::Cell,
    rc::Rc,
    sync::{Arc, atomic::Ordering, mpsc},
    thread,
    time::{Duration, Instant},
};

use regex::Regex;

use super::KeptLogs;
use crate::{KeptLine, KeptLogsSettings, Query, Source, query::tests::MATCHING};

const UNBOUND: KeptLogsSettings =
    KeptLogsSettings { bytes: 1 << 30, age: Duration::MAX, small_after: Duration::from_secs(3_600) };
/// Nothing here takes so long, unless it waits for ever.
const LONG: Duration = Duration::from_secs(60);

fn source() -> Source {
    Source { host: "local".into(), key: "container:web".into(), name: "web".into() }
}

fn lines(times: std::ops::Range<u64>) -> Vec<KeptLine> {
    times.map(|at| KeptLine { at: at * 1_000, text: format!("number {at}"), ..KeptLine::default() }).collect()
}

fn query() -> Query {
    Query { pattern: Regex::new("^number").ok(), limit: usize::MAX, ..Query::all(Instant::now() + LONG) }
}

fn hook(matching: impl Fn() + 'static) {
    MATCHING.set(Some(Box::new(matching)));
}

#[test]
fn lines_are_appended_and_found_while_others_are_matched() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    kept.append(&source(), lines(0..10)).expect("kept");
    let (begun, begins) = mpsc::channel();
    let (done, is_done) = mpsc::channel();
    let searching = thread::spawn({
        let kept = kept.clone();
        move || {
            let is_first = Cell::new(true);
            hook(move || {
                if is_first.replace(false) {
                    begun.send(()).expect("it is waited for");
                    is_done.recv_timeout(LONG).expect("nothing waits for the line that is matched");
                }
            });
            kept.search(&query()).expect("it reads").hits.len()
        }
    });
    begins.recv().expect("a line is matched");
    kept.append(&source(), lines(10..20)).expect("kept");
    kept.sync(0).expect("synced");
    assert_eq!(kept.sources()[0].lines, 20);
    assert_eq!(kept.search(&query()).expect("it reads").hits.len(), 20);
    done.send(()).expect("it waits");
    assert_eq!(searching.join().expect("it ends"), 10, "those that were there when it began");
}

#[test]
fn a_search_that_nobody_waits_for_ends_within_some_lines_and_the_next_page_goes_on() {
    const ALL: u64 = 5_000;
    const STOP: usize = 700;
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    kept.append(&source(), lines(0..ALL)).expect("kept");
    for is_sealed in [false, true] {
        if is_sealed {
            kept.sync(u64::MAX).expect("sealed");
        }
        let (stopped, matched) = (query(), Rc::new(Cell::new(0)));
        hook({
            let (stop, matched) = (Arc::clone(&stopped.stop), Rc::clone(&matched));
            move || {
                matched.set(matched.get() + 1);
                stop.fetch_or(matched.get() == STOP, Ordering::Relaxed);
            }
        });
        let first = kept.search(&stopped).expect("it reads");
        let looked = first.hits.len();
        assert_eq!(matched.get(), looked, "no line is matched for nothing");
        assert!((STOP..=STOP + 256).contains(&looked), "{looked}");
        let rest = kept.search(&Query { before: first.next, ..query() }).expect("it reads");
        assert_eq!(rest.next, None);
        let told: Vec<_> = first.hits.into_iter().chain(rest.hits).map(|hit| hit.line).collect();
        assert!(told.into_iter().rev().eq(lines(0..ALL)), "each line once");
    }
}
