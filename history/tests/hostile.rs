//! Bounds that are lowered, disks that are full, files that are gone, and everything at once.

mod common;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, AtomicI64, Ordering},
};

use common::{DAY, Folder, HOUR, MINUTE, START, at, points, settings};
use history::{Aggregate, History, HistoryError, HistorySettings, Pushed, Resolution, Series};

/// A sample every ten seconds, for so many hours.
fn fill(history: &History, hours: i64) -> Series {
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    for minute in 0..hours * 60 {
        let now = START + minute * MINUTE;
        for second in (0..60).step_by(10) {
            history.push(series, at(now + second * 1_000, 1.0), now).expect("pushed");
        }
        history.commit(now).expect("written");
        history.maintain(now).expect("kept up");
    }
    series
}

#[test]
fn what_comes_late_to_an_hour_whose_finest_files_are_gone_does_not_stand_for_the_hour() {
    let folder = Folder::new();
    fill(&folder.open(START), 4);
    for path in folder.of("sealed") {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let is_first = name.contains(&format!("-{:08}-", START / HOUR));
        if is_first && (name.starts_with("full-1") || name.starts_with("10s")) {
            fs::remove_file(path).expect("removed");
        }
    }
    let now = START + 4 * HOUR;
    let history = folder.open(now);
    let series = history.find(b"a").expect("named");
    history.push(series, at(START + 30 * MINUTE + 1, 5.0), now).expect("pushed");
    for minute in 0..130 {
        history.commit(now + minute * MINUTE).expect("written");
        history.maintain(now + minute * MINUTE).expect("kept up");
        for step in [1_000, 10_000, MINUTE] {
            let found = points(&history, series, START, START + HOUR, step, Aggregate::Max);
            assert!(found.iter().all(Option::is_some), "minute {minute}, step {step}");
        }
        let counted = points(&history, series, START, START + HOUR, MINUTE, Aggregate::Count);
        assert_eq!(counted.iter().flatten().sum::<f64>(), 361.0, "minute {minute}");
    }
}

#[test]
fn a_bound_below_what_is_not_sealed_costs_the_oldest_and_opens() {
    let folder = Folder::new();
    let history = folder.open(START);
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    let count = 700_000;
    for n in 0..count {
        let value = (n * 7_919 % 100_003) as f64;
        history.push(series, at(START + n * 10, value), START + n * 10).expect("pushed");
    }
    history.commit(START).expect("written");
    drop(history);
    let bytes = HistorySettings::LEAST;
    assert!(folder.bytes() > 2 * bytes, "{}", folder.bytes());
    let now = START + count * 10;
    let history =
        History::open(folder.path(), HistorySettings { bytes, ..settings() }, now).expect("it opens");
    assert!(folder.bytes() <= bytes && history.bytes() == folder.bytes(), "{}", folder.bytes());
    let found = history.samples(history.find(b"a").expect("named"), 0, i64::MAX).expect("read");
    assert!(found.len() > 50_000, "{}", found.len());
    assert_eq!(found[found.len() - 1].at, START + (count - 1) * 10);
    history.commit(now).expect("written");
    history.maintain(now).expect("kept up");
    assert!(folder.bytes() <= bytes);
}

#[test]
fn a_journal_that_a_crash_has_left_twice_does_not_grow() {
    let folder = Folder::new();
    let history = folder.open(START);
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    for n in 0..10_000 {
        history.push(series, at(START + n * 1_000, (n % 977) as f64), START + n * 1_000).expect("pushed");
    }
    history.commit(START).expect("written");
    drop(history);
    let before = folder.bytes();
    for round in 0..4 {
        let journal = folder.of("journal").pop().expect("one");
        fs::copy(&journal, folder.path().join(format!("{:010}.journal", 5_000 * (round + 1))))
            .expect("copied");
        let history = folder.open(START + DAY);
        let found = history.samples(history.find(b"a").expect("named"), 0, i64::MAX).expect("read");
        assert_eq!(found.len(), 10_000);
    }
    assert!(folder.bytes() <= before + 100, "{} of {before}", folder.bytes());
}

#[test]
fn a_folder_that_is_not_empty_is_not_copied_to() {
    let folder = Folder::new();
    let history = folder.open(START);
    let series = fill(&history, 2);
    let before = folder.bytes();
    assert!(history.copy_to(folder.path()).is_err(), "onto itself");
    assert_eq!(folder.bytes(), before);
    assert_eq!(history.samples(series, 0, i64::MAX).expect("read").len(), 720);
}

#[test]
fn a_file_that_was_cut_behind_our_back_costs_what_it_had() {
    let folder = Folder::new();
    let history = folder.open(START);
    let series = fill(&history, 4);
    for path in folder.of("sealed").iter().filter(|path| path.to_string_lossy().contains("full-")) {
        fs::OpenOptions::new().write(true).open(path).expect("opened").set_len(20).expect("cut");
    }
    let now = START + 4 * HOUR;
    let found = points(&history, series, START, START + 3 * HOUR, HOUR, Aggregate::Count);
    assert_eq!(found, [Some(360.0); 3]);
    history.samples(series, 0, i64::MAX).expect("read");
    history.push(series, at(now, 1.0), now).expect("pushed");
    for minute in 0..70 {
        history.commit(now + minute * MINUTE).expect("written");
        history.maintain(now + minute * MINUTE).expect("kept up");
    }
}

#[test]
fn the_first_sample_is_known_before_it_is_sealed_and_no_sample_is_no_series() {
    let folder = Folder::new();
    let history = folder.open(START);
    let series = fill(&history, 2);
    let none = history.register(b"none", Resolution::WHOLE).expect("made");
    history.push(none, at(START, f64::NAN), START).expect("told");
    let now = START + 2 * HOUR;
    history.push(series, at(START - 5 * HOUR, 1.0), now).expect("pushed");
    history.commit(now).expect("written");
    let first = |history: &History| history.series()[0].first_at;
    assert_eq!(first(&history), Some(START - 5 * HOUR));
    drop(history);
    let history = folder.open(now);
    assert_eq!(first(&history), Some(START - 5 * HOUR));
    assert_eq!(history.series_count(), 1);
    let series = history.find(b"a").expect("named");
    let pushed = history.push(series, at(i64::MAX - 1, 1.0), i64::MAX).expect("told");
    assert_eq!(pushed, Pushed::TooNew, "no clock makes a time that no file can have");
}

/// A child of the next test, in a small disk of its own.
#[test]
#[ignore = "it is the child of another test"]
fn child() {
    let Ok(folder) = std::env::var("PULSEBOARD_HISTORY_FULL") else { return };
    let folder = Path::new(&folder);
    let (data, ballast) = (folder.join("data"), folder.join("ballast"));
    let settings = HistorySettings { bytes: 2 << 20, ..settings() };
    let history = History::open(&data, settings.clone(), START).expect("it opens");
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    let (mut kept, mut now, mut failed) = (0, START, [0; 3]);
    for round in 0..4_i64 {
        let mut room = 60_000 + round * 17_001;
        while fs::metadata(&ballast).map_or(0, |data| data.len() as i64) < (8 << 20) - room {
            let more = vec![1; 4_096];
            let file = fs::OpenOptions::new().create(true).append(true).open(&ballast);
            if file.and_then(|mut file| std::io::Write::write_all(&mut file, &more)).is_err() {
                room = i64::MAX / 2;
            }
        }
        for n in 0..400_000_i64 {
            now += 100;
            let pushed = history.push(series, at(now, (n * 7_919 % 100_003) as f64), now);
            kept += usize::from(pushed.is_ok());
            failed[0] += usize::from(matches!(pushed, Err(HistoryError::Behind { .. })));
            if n % 2_000 == 0 {
                failed[1] += usize::from(history.commit(now).is_err());
                failed[2] += usize::from(history.maintain(now).is_err());
            }
        }
        assert!(fs::read_dir(&data).expect("a folder").count() < 60, "nothing is left behind");
        fs::remove_file(&ballast).expect("removed");
        history.commit(now).expect("there is room again");
        history.maintain(now).expect("there is room again");
        history.maintain(now).expect("there is room again");
        let files = fs::read_dir(&data).expect("a folder");
        let bytes: u64 = files.map(|file| file.expect("a file").metadata().expect("there").len()).sum();
        assert_eq!(bytes, history.bytes());
        assert!(bytes <= settings.bytes);
    }
    assert!(failed.iter().all(|failed| *failed > 0), "{failed:?}");
    println!("{kept} samples, failures {failed:?}");
    drop(history);
    let history = History::open(&data, settings, now).expect("it opens");
    let series = history.find(b"a").expect("named");
    let counted = points(&history, series, START, now + HOUR, HOUR, Aggregate::Count);
    assert_eq!(counted.iter().flatten().sum::<f64>(), kept as f64);
}

#[test]
fn a_disk_that_is_full_loses_nothing_that_was_taken() {
    let folder = Folder::new();
    let script = "mount -t tmpfs -o size=8m none \"$PULSEBOARD_HISTORY_FULL\" || exit 99; exec \"$0\" --exact child --ignored --nocapture";
    let child = Command::new("unshare")
        .args(["-m", "sh", "-c", script])
        .arg(std::env::current_exe().expect("this test"))
        .env("PULSEBOARD_HISTORY_FULL", folder.path())
        .output();
    let child = child.expect("unshare runs: `cargo xtask setup --tests` installs it");
    let told = String::from_utf8_lossy(&child.stdout).into_owned() + &String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "the tests need root, for a small disk of their own: {told}");
}

#[test]
fn everything_at_once_keeps_every_sample_once() {
    let folder = Folder::new();
    let history = folder.open(START);
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    let (clock, is_over) = (AtomicI64::new(START), AtomicBool::new(false));
    let now = || clock.load(Ordering::Acquire);
    let mut model: BTreeMap<i64, f64> = BTreeMap::new();
    std::thread::scope(|scope| {
        let until = |mut work: Box<dyn FnMut() + Send>| {
            let is_over = &is_over;
            scope.spawn(move || {
                while !is_over.load(Ordering::Acquire) {
                    work();
                }
            });
        };
        let all = [(); 4].map(|()| history.clone());
        let [committing, maintaining, reading, copying] = all;
        until(Box::new(move || committing.commit(now()).expect("written")));
        until(Box::new(move || maintaining.maintain(now()).expect("kept up")));
        let mut counted = [0.0; 3];
        until(Box::new(move || {
            for (step, before) in [7_000, 10_000, HOUR].into_iter().zip(&mut counted) {
                let end = START + 40 * HOUR;
                let found = points(&reading, series, START - DAY, end, step, Aggregate::Count);
                let count: f64 = found.iter().flatten().sum();
                assert!(count >= *before, "{count} after {before}, step {step}");
                *before = count;
            }
        }));
        until(Box::new(move || {
            let copy = Folder::new();
            copying.copy_to(copy.path()).expect("copied");
            let whole = copying.samples(series, 0, i64::MAX).expect("read");
            let opened = copy.open(now());
            let found = opened.find(b"a").map(|series| opened.samples(series, 0, i64::MAX).expect("read"));
            let found = found.unwrap_or_default();
            assert!(found.iter().all(|sample| whole.contains(sample)));
            let steps = points(
                &opened,
                opened.find(b"a").unwrap_or(series),
                START - DAY,
                START + 40 * HOUR,
                HOUR,
                Aggregate::Count,
            );
            assert_eq!(steps.iter().flatten().sum::<f64>(), found.len() as f64);
        }));
        let begun = std::time::Instant::now();
        let mut n = 0_i64;
        while begun.elapsed().as_secs() < 5 && n < 30 * 360 {
            let time = START + n * 10_000;
            let mut samples = vec![at(time, n as f64)];
            if n % 5 == 0 {
                samples.push(at(time - n * 7_919 % (20 * HOUR) - 1, 0.5 + n as f64));
            }
            for sample in samples {
                if history.push(series, sample, time).expect("pushed") == Pushed::Kept {
                    let value = Resolution::WHOLE.round(sample.value);
                    model.entry(sample.at).or_insert(value);
                }
            }
            clock.store(time, Ordering::Release);
            n += 1;
            if n % 20 == 0 {
                std::thread::park_timeout(std::time::Duration::from_millis(5));
            }
        }
        is_over.store(true, Ordering::Release);
    });
    let wanted: Vec<_> = model.iter().map(|(time, value)| at(*time, *value)).collect();
    assert!(wanted.len() > 1_000);
    assert_eq!(history.samples(series, 0, i64::MAX).expect("read"), wanted);
    history.commit(now() + DAY).expect("written");
    history.maintain(now() + DAY).expect("kept up");
    for step in [10_000, MINUTE, HOUR] {
        let counted = points(&history, series, START - DAY, START + 2 * DAY, step, Aggregate::Count);
        assert_eq!(counted.iter().flatten().sum::<f64>(), wanted.len() as f64, "step {step}");
    }
    assert_eq!(history.bytes(), folder.bytes());
}
