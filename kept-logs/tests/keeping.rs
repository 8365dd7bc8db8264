//! Lines are kept, found, and removed in time.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use kept_logs::{Hit, KeptLine, KeptLogs, KeptLogsError, KeptLogsSettings, Page, Query, Source, Words};
use proptest::prelude::*;
use regex::Regex;

/// Seals the open part, whatever its lines: they are all older than a day by this clock.
const FAR: u64 = u64::MAX;
const UNBOUND: KeptLogsSettings =
    KeptLogsSettings { bytes: 1 << 30, age: Duration::MAX, small_after: Duration::from_secs(3_600) };
/// Microseconds.
const MILLISECOND: u64 = 1_000;

fn source(name: &str) -> Source {
    Source { host: "local".into(), key: format!("container:{name}"), name: name.into() }
}

/// A line of a millisecond.
fn line(at: u64, text: impl Into<String>) -> KeptLine {
    KeptLine { at: at * MILLISECOND, text: text.into(), ..KeptLine::default() }
}

fn query() -> Query {
    Query::all(Instant::now() + Duration::from_secs(600))
}

fn words(text: &str) -> Query {
    Query { words: Some(Words::parse(text).expect("words")), ..query() }
}

fn texts(page: &Page) -> Vec<&str> {
    page.hits.iter().map(|hit| hit.line.text.as_str()).collect()
}

/// All hits, in pages.
fn all(kept: &KeptLogs, query: &Query) -> Vec<Hit> {
    let mut query = query.clone();
    let mut hits = Vec::new();
    loop {
        let page = kept.search(&query).expect("it reads");
        assert!(page.hits.len() <= query.limit);
        assert!(page.next.is_none() || page.next != query.before, "it gets on");
        hits.extend(page.hits);
        match page.next {
            Some(next) => query.before = Some(next.to_string().parse().expect("a place is a text")),
            None => return hits,
        }
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    fs::read_dir(folder)
        .expect("a folder")
        .map(|file| file.and_then(|file| file.metadata()).expect("a file").len())
        .sum()
}

/// The only file with this extension.
fn only(folder: &Path, extension: &str) -> std::path::PathBuf {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let mut found: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

#[test]
fn lines_are_found_by_word_pattern_time_and_source_in_any_part() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    for part in 0..3 {
        let at = part * 1_000;
        kept.append(
            &source("web"),
            vec![line(at + 1, format!("GET /a 200 {part}")), line(at + 3, format!("GET /b 502 {part}"))],
        )
        .expect("kept");
        let error = KeptLine {
            stderr: true,
            cut: Some(70_000),
            ..line(at + 2, format!("웹서버가 {part}번 죽었습니다"))
        };
        kept.append(&source("db"), vec![error]).expect("kept");
        if part < 2 {
            kept.sync(FAR).expect("it is sealed");
        }
    }
    let whole = kept.search(&query()).expect("it reads");
    let wanted = [2, 1, 0].map(|part| {
        [format!("GET /b 502 {part}"), format!("웹서버가 {part}번 죽었습니다"), format!("GET /a 200 {part}")]
    });
    assert_eq!(texts(&whole), wanted.as_flattened());
    assert_eq!(whole.next, None);
    assert!(whole.hits[1].line.stderr && whole.hits[1].line.cut == Some(70_000));
    let found = |query: Query| {
        let hits = all(&kept, &query);
        hits.iter().map(|hit| hit.line.at / MILLISECOND).collect::<Vec<_>>()
    };
    assert_eq!(found(words("502 get")), [2_003, 1_003, 3]);
    assert_eq!(found(words("서버")), [2_002, 1_002, 2]);
    assert_eq!(found(words("nobody")), [0; 0]);
    let pattern = Regex::new("^GET /a").ok();
    assert_eq!(found(Query { pattern: pattern.clone(), ..query() }), [2_001, 1_001, 1]);
    assert_eq!(
        found(Query { pattern, since: 2 * MILLISECOND, until: 2_000 * MILLISECOND, ..query() }),
        [1_001]
    );
    assert_eq!(found(Query { sources: vec!["db".into()], ..query() }), [2_002, 1_002, 2]);
    assert_eq!(found(Query { sources: vec!["container:db".into()], until: 5 * MILLISECOND, ..query() }), [2]);
    assert_eq!(found(Query { hosts: vec!["other".into()], ..query() }), [0; 0]);
    let of: Vec<_> = kept
        .sources()
        .into_iter()
        .map(|of| (of.source.name, of.first_at / MILLISECOND, of.last_at / MILLISECOND, of.lines))
        .collect();
    assert_eq!(of, [("db".to_owned(), 2, 2_002, 3), ("web".to_owned(), 1, 2_003, 6)]);
    let mut newest = Vec::new();
    kept.newest(&source("web"), 1_003 * MILLISECOND, |line| newest.push(line)).expect("read");
    assert_eq!(
        newest,
        [line(1_003, "GET /b 502 1"), line(2_001, "GET /a 200 2"), line(2_003, "GET /b 502 2")]
    );
}

#[test]
fn times_are_kept_in_whole_milliseconds_wherever_a_line_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    kept.append(&source("web"), vec![KeptLine { at: 1_234_567, ..line(0, "one") }]).expect("kept");
    for _ in 0..2 {
        assert_eq!(kept.search(&query()).expect("it reads").hits[0].line.at, 1_234_000);
        assert_eq!(kept.last_at(&source("web"), FAR), Some(1_234_000));
        kept.sync(FAR).expect("it is sealed");
    }
}

#[test]
fn equal_lines_are_one_hit_with_their_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    let busy: Vec<_> = (0..1_204).map(|at| line(10 + at, "cannot connect")).collect();
    kept.append(&source("web"), busy[..600].to_vec()).expect("kept");
    kept.append(&source("db"), vec![line(500, "ready")]).expect("kept");
    kept.sync(FAR).expect("it is sealed");
    kept.append(&source("web"), busy[600..].to_vec()).expect("kept");
    let page = kept.search(&query()).expect("it reads");
    let told: Vec<_> = page
        .hits
        .iter()
        .map(|hit| (&*hit.line.text, hit.repeated, hit.first_at / MILLISECOND, hit.line.at / MILLISECOND))
        .collect();
    assert_eq!(told, [("cannot connect", 1_204, 10, 1_213), ("ready", 1, 500, 500)]);
}

#[test]
fn what_was_kept_is_there_after_a_crash_and_a_torn_end_is_cut() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    assert!(matches!(KeptLogs::open(folder.path(), UNBOUND), Err(KeptLogsError::InUse(_))));
    kept.append(&source("web"), vec![line(1, "one"), line(2, "two")]).expect("kept");
    kept.append(&source("web"), vec![line(3, "three")]).expect("kept");
    drop(kept);
    let open = only(folder.path(), "open");
    let whole = fs::read(&open).expect("a file");
    for cut in [1, 5, 12] {
        fs::write(&open, &whole[..whole.len() - cut]).expect("written");
        let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
        assert_eq!(texts(&kept.search(&query()).expect("it reads")), ["two", "one"]);
        kept.append(&source("web"), vec![line(4, "four")]).expect("kept");
        drop(kept);
        let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
        assert_eq!(texts(&kept.search(&query()).expect("it reads")), ["four", "two", "one"]);
    }
}

#[test]
fn a_part_that_was_being_sealed_is_there_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    kept.append(&source("web"), vec![line(1, "one")]).expect("kept");
    let open = only(folder.path(), "open");
    let before = fs::read(&open).expect("a file");
    kept.sync(FAR).expect("it is sealed");
    kept.append(&source("web"), vec![line(2, "two")]).expect("kept");
    drop(kept);
    let sealed = only(folder.path(), "kept");
    // The first form was not removed yet, then the second was not written to its end.
    for is_whole in [true, false] {
        fs::write(&open, &before).expect("written");
        if !is_whole {
            fs::rename(&sealed, sealed.with_extension("begun")).expect("renamed");
        }
        let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
        assert_eq!(texts(&kept.search(&query()).expect("it reads")), ["two", "one"]);
        drop(kept);
        assert!(!open.exists() && sealed.exists() && !sealed.with_extension("begun").exists());
    }
}

#[test]
fn a_part_that_the_disk_does_not_take_is_found_and_sealed_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    // Whoever runs this may write everywhere, so the file's name is taken by a folder.
    let obstacle = folder.path().join("0000000001.begun");
    fs::create_dir(&obstacle).expect("a folder");
    kept.append(&source("web"), vec![line(1, "one")]).expect("kept");
    assert!(matches!(kept.sync(FAR), Err(KeptLogsError::Io { .. })));
    kept.append(&source("web"), vec![line(2, "two")]).expect("kept");
    let found = || {
        texts(&kept.search(&query()).expect("it reads")).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found(), ["two", "one"]);
    fs::remove_dir(&obstacle).expect("removed");
    kept.sync(0).expect("it is sealed");
    assert_eq!(found(), ["two", "one"]);
    assert!(only(folder.path(), "kept").ends_with("0000000001.kept"));
}

#[test]
fn damage_costs_what_is_damaged() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    kept.append(&source("web"), vec![line(1, "one word")]).expect("kept");
    kept.append(&source("db"), vec![line(2, "two words")]).expect("kept");
    kept.sync(FAR).expect("it is sealed");
    kept.append(&source("web"), vec![line(3, "three")]).expect("kept");
    drop(kept);
    let path = only(folder.path(), "kept");
    let whole = fs::read(&path).expect("a file");
    let found = |query: &Query| {
        let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
        let page = kept.search(query).expect("it reads");
        texts(&page).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        fs::write(&path, &damaged).expect("written");
        let all = found(&query());
        assert!(all.iter().any(|text| text == "three"), "byte {at}: {all:?}");
        let some = found(&words("two"));
        assert!(some.is_empty() || some == ["two words"], "byte {at}: {some:?}");
        let _ = fs::remove_file(path.with_extension("damaged"));
    }
    fs::write(&path, &whole[..whole.len() - 7]).expect("written");
    assert_eq!(found(&query()), ["three"]);
    assert!(path.with_extension("damaged").exists(), "who knows more may look at it");
}

#[test]
fn neither_bytes_nor_age_are_passed() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings =
        KeptLogsSettings { bytes: KeptLogsSettings::LEAST, age: Duration::from_secs(100), ..UNBOUND };
    let kept = KeptLogs::open(folder.path(), settings).expect("it opens");
    let mut seed = 1_u64;
    for round in 0..400 {
        let mut next = || {
            // A sequence that no compression makes small (Knuth's MMIX constants).
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            seed >> 16
        };
        let lines = (0..100)
            .map(|at| line(round * 1_000 + at, format!("{:x}{:x}{:x}", next(), next(), next())))
            .collect();
        kept.append(&source("web"), lines).expect("kept");
        let bytes = kept.bytes();
        assert!(
            bytes <= settings.bytes && folder_bytes(folder.path()) <= settings.bytes,
            "round {round}: {bytes}"
        );
    }
    let newest = kept.search(&Query { limit: 1, ..query() }).expect("it reads");
    assert_eq!(newest.hits[0].line.at, 399_099 * MILLISECOND);
    assert!(kept.bytes() > settings.bytes / 2, "it is used");
    drop(kept);
    let smaller = KeptLogsSettings { bytes: settings.bytes / 2, ..settings };
    let kept = KeptLogs::open(folder.path(), smaller).expect("it opens");
    assert!(folder_bytes(folder.path()) <= smaller.bytes, "a bound that is less than before holds at once");
    let found = kept.search(&Query { limit: 1, ..query() }).expect("it reads");
    assert_eq!(found.hits, newest.hits, "the oldest lines went");
    let day = 24 * 60 * 60 * 1_000_000;
    kept.sync(399_099 * MILLISECOND + day + 1).expect("it is sealed, and too old");
    assert_eq!(kept.search(&query()).expect("it reads"), Page::default());
    drop(kept);
    let smaller = KeptLogs::open(folder.path(), settings).expect("it opens");
    assert_eq!(smaller.sources(), []);
}

#[test]
fn a_search_whose_time_is_over_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let kept = KeptLogs::open(folder.path(), UNBOUND).expect("it opens");
    for part in 0..5 {
        for name in ["a", "b"] {
            kept.append(&source(name), vec![line(part * 10, format!("{name}{part} x"))]).expect("kept");
        }
        kept.sync(FAR).expect("it is sealed");
    }
    let mut query = Query { deadline: Instant::now(), ..words("x") };
    let (mut found, mut pages) = (Vec::new(), 0);
    loop {
        let page = kept.search(&query).expect("it reads");
        found.extend(texts(&page).into_iter().map(str::to_owned));
        pages += 1;
        assert!(pages < 100, "it gets on: {:?}", page.next);
        let Some(next) = page.next else { break };
        query.before = Some(next);
    }
    assert_eq!(found, ["a4 x", "b4 x", "a3 x", "b3 x", "a2 x", "b2 x", "a1 x", "b1 x", "a0 x", "b0 x"]);
    assert!(pages > 5, "{pages}");
}

#[derive(Debug, Clone)]
enum Step {
    Append(usize, Vec<(u64, usize)>),
    Seal,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let lines = prop::collection::vec((0..40_u64, 0..4_usize), 1..8);
    prop_oneof![
        6 => (0..3_usize, lines).prop_map(|(source, lines)| Step::Append(source, lines)),
        1 => Just(Step::Seal),
        1 => Just(Step::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is appended, sealed and opened again: pages of any size have each line once, each source's lines in their order, also where the
    /// time of each page is over as it begins.
    #[test]
    fn pages_have_every_line_once(steps in prop::collection::vec(step(), 1..30), limit in 1..6_usize) {
        const TEXTS: [&str; 4] = ["alpha beta", "beta", "gamma 서버", "alpha"];
        let folder = tempfile::tempdir().expect("a folder");
        let mut kept = Some(KeptLogs::open(folder.path(), UNBOUND).expect("it opens"));
        let mut wanted: [Vec<KeptLine>; 3] = Default::default();
        let mut time = 0;
        for step in steps {
            match step {
                Step::Append(of, lines) => {
                    // Some are late, as a program's two outputs are.
                    let lines: Vec<_> = lines.into_iter().map(|(more, text)| {
                        time += more;
                        line(time - if more % 5 == 4 { 3.min(time) } else { 0 }, TEXTS[text])
                    }).collect();
                    wanted[of].extend(lines.clone());
                    kept.as_ref().expect("open").append(&source(&of.to_string()), lines).expect("kept");
                }
                Step::Seal => kept.as_ref().expect("open").sync(FAR).expect("sealed"),
                Step::Reopen => {
                    drop(kept.take());
                    kept = Some(KeptLogs::open(folder.path(), UNBOUND).expect("it opens"));
                }
            }
        }
        let kept = kept.expect("open");
        for (query, wants) in [(query(), None), (words("alpha"), Some("alpha")), (words("beta"), Some("beta")), (words("버"), Some("버"))] {
            for deadline in [query.deadline, Instant::now()] {
            let hits = all(&kept, &Query { limit, deadline, ..query.clone() });
            for (of, wanted) in wanted.iter().enumerate() {
                let of = source(&of.to_string());
                let wanted: Vec<&str> = wanted.iter().map(|line| &*line.text).filter(|text| wants.is_none_or(|word| text.contains(word))).collect();
                let told = hits.iter().filter(|hit| *hit.source == of);
                let told: Vec<&str> = told.flat_map(|hit| (0..hit.repeated).map(|_| &*hit.line.text)).collect();
                let told: Vec<&str> = told.into_iter().rev().collect();
                prop_assert_eq!(told, wanted);
            }
            }
        }
    }
}
