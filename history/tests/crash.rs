//! The process ends at any moment: what was committed is there, once.

mod common;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use common::{Folder, HOUR, MINUTE, START, at, points, settings};
use history::{Aggregate, History, Resolution};

#[test]
fn a_journal_that_is_cut_anywhere_has_all_before_the_cut() {
    let folder = Folder::new();
    let history = folder.open(START);
    let mut lengths = Vec::new();
    for round in 0..12_i64 {
        for key in 0..3_u8 {
            let series = history.register(&[key], Resolution::WHOLE).expect("made");
            history.push(series, at(START + round * 1_000, (round * 100) as f64), START).expect("pushed");
            // Late ones are in the journal, too.
            history.push(series, at(START - 500_000 + round * 1_000, 1.0), START).expect("pushed");
        }
        history.commit(START + round).expect("written");
        let journal = folder.of("journal").pop().expect("one");
        lengths.push((fs::metadata(journal).expect("there").len(), 2 * (round + 1)));
    }
    let journal = folder.of("journal").pop().expect("one");
    let bytes = fs::read(&journal).expect("read");
    for cut in 0..=bytes.len() {
        let copy = Folder::new();
        fs::write(copy.path().join(journal.file_name().expect("a name")), &bytes[..cut]).expect("written");
        let history = copy.open(START + 60_000);
        let committed =
            lengths.iter().filter(|(length, _)| *length <= cut as u64).map(|(_, samples)| *samples).max();
        let next =
            lengths.iter().find(|(length, _)| *length > cut as u64).map_or(24, |(_, samples)| *samples);
        for key in 0..3_u8 {
            let found = history
                .find(&[key])
                .map_or(0, |series| history.samples(series, 0, i64::MAX).expect("read").len() as i64);
            assert!((committed.unwrap_or(0)..=next).contains(&found), "cut at {cut}: {found} samples");
        }
        assert_eq!(history.bytes(), copy.bytes());
    }
}

/// A child of the next test: a day of samples as fast as it can, with the second up to which they are committed.
#[test]
#[ignore = "it is the child of another test"]
fn child() {
    let Ok(folder) = std::env::var("PULSEBOARD_HISTORY_CHILD") else { return };
    let history = History::open(Path::new(&folder), settings(), START).expect("it opens");
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    let next = history.last(series).expect("there").map_or(0, |last| (last.at - START) / 1_000 + 1);
    println!("\ncommitted {}", next - 1);
    for second in next..next + 86_400 {
        let now = START + second * 1_000;
        history.push(series, at(now, second as f64), now).expect("pushed");
        if second % 30 == 0 {
            history.commit(now).expect("written");
            println!("committed {second}");
        }
        if second % 60 == 0 {
            history.maintain(now).expect("kept up");
        }
    }
}

#[test]
fn a_process_that_is_killed_loses_only_what_it_had_not_committed() {
    let folder = Folder::new();
    let mut most = 0;
    for round in 0..25_u64 {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "child", "--ignored", "--nocapture"])
            .env("PULSEBOARD_HISTORY_CHILD", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut committed = -1;
        // Another number of commits each time.
        for _ in 0..3 + round * 11 % 90 {
            let Some(Ok(line)) = lines.next() else { break };
            committed =
                line.strip_prefix("committed ").map_or(committed, |second| second.parse().expect("a second"));
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        for line in lines.map_while(Result::ok) {
            // A line may be cut, too.
            let second = line.strip_prefix("committed ").and_then(|second| second.parse().ok());
            committed = committed.max(second.unwrap_or(-1).min(committed + 30));
        }
        let history = folder.open(START);
        let Some(series) = history.find(b"a") else { continue };
        let found = history.samples(series, 0, i64::MAX).expect("read");
        assert!(
            found
                .iter()
                .zip(0..)
                .all(|(sample, second)| *sample == at(START + second * 1_000, second as f64))
        );
        assert!(found.len() as i64 > committed, "{} of {committed}", found.len());
        most = most.max(found.len());
        let hours = found.len() as i64 / 3_600;
        for step in [10_000, MINUTE, 10 * MINUTE, HOUR] {
            let counted = points(&history, series, START, START + (hours + 1) * HOUR, step, Aggregate::Count);
            let sum: f64 = counted.iter().flatten().sum();
            assert_eq!(sum, found.len() as f64, "each sample is in the tier of {step} once");
        }
        assert_eq!(history.bytes(), folder.bytes());
    }
    assert!(most > 4 * 3_600, "hours were rolled up meanwhile: {most}");
}
