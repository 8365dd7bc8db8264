//! Samples are kept, read at any step, and removed in time.

mod common;

use common::{DAY, Folder, HOUR, MINUTE, START, at, points, settings};
use history::{Aggregate, HistoryError, HistorySettings, Pushed, Resolution, Sample, Tier};

/// A year of hours, and the last five of full resolution.
#[test]
fn a_range_that_crosses_tiers_is_whole() {
    let mut ages = settings().ages;
    ages[0] = 5 * HOUR;
    ages[1] = 20 * HOUR;
    let folder = Folder::with(HistorySettings { ages, ..settings() });
    let history = folder.open(START);
    let series = history.register(b"load", Resolution::WHOLE).expect("made");
    let end = START + 3 * DAY;
    let mut now = START;
    while now < end {
        for second in (0..600).step_by(5) {
            let at = now + second * 1_000;
            history.push(series, Sample { at, value: ((at - START) / HOUR) as f64 }, at).expect("pushed");
        }
        now += 10 * MINUTE;
        history.commit(now).expect("written");
        history.maintain(now).expect("kept up");
    }
    for (step, width) in [(5_000, 5_000), (10_000, 10_000), (HOUR / 4, HOUR / 4), (HOUR, HOUR), (DAY, DAY)] {
        let found = points(&history, series, START, end, step, Aggregate::Min);
        assert_eq!(found.len() as i64, 3 * DAY / step);
        for (index, value) in (0..).zip(&found) {
            let wanted = (index * width / HOUR) as f64;
            assert_eq!(*value, Some(wanted), "step {step}, point {index}");
        }
    }
    let counted = points(&history, series, START, end, HOUR, Aggregate::Count);
    assert_eq!(counted, vec![Some(720.0); 72]);
    let first = history.samples(series, START, end).expect("read")[0].at;
    assert!(
        first >= end - 7 * HOUR && first <= end - 4 * HOUR,
        "full resolution is kept for its time: {first}"
    );
    assert!(history.tier_bytes(Tier::Full) > 0 && history.tier_bytes(Tier::Hour) > 0);
    let listed = history.series();
    assert_eq!((listed[0].first_at, listed[0].last.map(|last| last.at)), (Some(START), Some(end - 5_000)));
}

#[test]
fn a_spike_of_ten_seconds_is_seen_in_hours_after_months() {
    let mut ages = settings().ages;
    ages[..3].copy_from_slice(&[2 * HOUR, 6 * HOUR, DAY]);
    let folder = Folder::with(HistorySettings { ages, ..settings() });
    let history = folder.open(START);
    let series = history.register(b"cpu", Resolution::decimals(1).expect("one")).expect("made");
    let spike = START + 9 * DAY + 1_234_000;
    for hour in 0..(24 * 60) {
        let begin = START + hour * HOUR;
        for minute in 0..60 {
            history.push(series, Sample { at: begin + minute * MINUTE, value: 20.0 }, begin).expect("pushed");
        }
        if (begin..begin + HOUR).contains(&spike) {
            for second in 0..10 {
                let late = Sample { at: spike + second * 1_000, value: 99.5 };
                history.push(series, late, begin).expect("pushed");
            }
        }
        history.commit(begin + HOUR).expect("written");
        history.maintain(begin + HOUR).expect("kept up");
    }
    let end = START + 60 * DAY;
    let found = points(&history, series, START, end, HOUR, Aggregate::Max);
    let high: Vec<_> = (0..).zip(&found).filter(|(_, value)| **value == Some(99.5)).collect();
    assert_eq!(high.len(), 1);
    assert_eq!(START + high[0].0 * HOUR, spike - spike.rem_euclid(HOUR));
    assert_eq!(found.iter().filter(|value| **value == Some(20.0)).count(), found.len() - 1);
    let average = points(&history, series, START, end, 30 * DAY, Aggregate::Average);
    let count = 30.0 * 24.0 * 60.0;
    let wanted = (20.0 * count + 99.5 * 10.0) / (count + 10.0);
    // START is in the middle of thirty days since 1970, so the range has three of them.
    assert!(average.iter().flatten().any(|value| (value - wanted).abs() < 0.05), "{average:?}");
    assert!(folder.files() < 160, "files are merged: {}", folder.files());
    let bytes = history.bytes();
    assert_eq!(bytes, folder.bytes());
}

#[test]
fn what_cannot_be_kept_is_told() {
    let folder = Folder::with(HistorySettings { series: 3, points: 100, ..settings() });
    let history = folder.open(START);
    let one = Resolution::decimals(1).expect("one");
    let series = history.register(b"a", one).expect("made");
    assert_eq!(history.register(b"a", Resolution::WHOLE).expect("it is there"), series);
    let finer = history.register(b"a", Resolution::FINEST);
    assert!(matches!(finer, Err(HistoryError::Resolution { kept: 1, wanted: 6 })));
    history.register(b"b", one).expect("made");
    history.register(b"c", one).expect("made");
    assert!(matches!(history.register(b"d", one), Err(HistoryError::TooManySeries { most: 3 })));
    assert!(matches!(history.register(b"", one), Err(HistoryError::BadKey { .. })));
    assert!(matches!(history.register(&[7; 1_025], one), Err(HistoryError::BadKey { .. })));
    let push = |at, value| history.push(series, Sample { at, value }, START).expect("told");
    assert_eq!(push(START, f64::NAN), Pushed::Absent);
    assert_eq!(push(START, f64::INFINITY), Pushed::Absent);
    assert_eq!(push(START, 1.0), Pushed::Kept);
    assert_eq!(push(START, 2.0), Pushed::Duplicate);
    assert_eq!(push(START - 40 * DAY, 2.0), Pushed::TooOld);
    assert_eq!(push(i64::MIN, 2.0), Pushed::TooOld);
    assert_eq!(push(i64::MAX, 2.0), Pushed::TooNew);
    assert_eq!(history.samples(series, i64::MIN, i64::MAX).expect("read"), [at(START, 1.0)]);
    assert_eq!(history.last(series).expect("there"), Some(at(START, 1.0)));
    let query = |from, to, step| {
        let query = history::Query { series: vec![series], from, to, step, aggregate: Aggregate::Last };
        history.query(&query)
    };
    assert!(matches!(query(0, 101, 1), Err(HistoryError::TooManyPoints { points: 101, most: 100 })));
    assert!(matches!(query(i64::MIN, i64::MAX, 1), Err(HistoryError::TooManyPoints { most: 100, .. })));
    assert!(matches!(query(0, 10, 0), Err(HistoryError::BadQuery)));
    assert!(matches!(query(10, 10, 1), Err(HistoryError::BadQuery)));
    assert!(query(i64::MIN, i64::MAX, i64::MAX).is_err());
    assert_eq!(query(START, START + 2, 1).expect("read").series[0].values, [Some(1.0), None]);
    let other = Folder::new();
    let foreign = other.open(START);
    assert!(matches!(foreign.last(series), Err(HistoryError::NoSuchSeries)));
    assert!(matches!(foreign.push(series, at(START, 1.0), START), Err(HistoryError::NoSuchSeries)));
}

#[test]
fn a_folder_has_one_owner() {
    let folder = Folder::new();
    let history = folder.open(START);
    let second = history::History::open(folder.path(), settings(), START);
    assert!(matches!(second, Err(HistoryError::InUse(_))));
    drop(history);
    folder.open(START);
}

#[test]
fn large_and_small_values_come_back_as_they_were() {
    let folder = Folder::new();
    let history = folder.open(START);
    let values = [0.0, -0.5, 1e300, f64::MAX, f64::MIN, 1.5e15, 123_456.789, 5e-324, 1e18 + 4_096.0];
    for decimals in 0..=6 {
        let resolution = Resolution::decimals(decimals).expect("few");
        let series = history.register(&[decimals], resolution).expect("made");
        for (n, value) in (0..).zip(values) {
            history.push(series, at(START + n * 977, value), START).expect("pushed");
        }
    }
    let wanted = |decimals: u8| {
        let resolution = Resolution::decimals(decimals).expect("few");
        let row = |(n, value): (i64, &f64)| at(START + n * 977, resolution.round(*value));
        (0..).zip(&values).map(row).collect::<Vec<_>>()
    };
    for now in [START, START + 10 * MINUTE, START + 3 * HOUR, START + 3 * DAY] {
        history.commit(now).expect("written");
        history.maintain(now).expect("kept up");
        for decimals in 0..=6 {
            let series = history.find(&[decimals]).expect("there");
            assert_eq!(history.samples(series, 0, START + DAY).expect("read"), wanted(decimals));
            let most = points(&history, series, START, START + 1, DAY, Aggregate::Max);
            assert_eq!(most, [Some(f64::MAX)]);
        }
    }
}

#[test]
fn a_clock_that_is_set_costs_no_history() {
    let folder = Folder::with(HistorySettings { ages: [DAY; 5], ..settings() });
    let history = folder.open(START);
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    let tick = |now: i64, value: f64| {
        history.push(series, at(now, value), now).expect("pushed");
        history.commit(now).expect("written");
        history.maintain(now).expect("kept up");
    };
    for minute in 0..300 {
        tick(START + minute * MINUTE, 1.0);
    }
    let here = START + 300 * MINUTE;
    let count = || history.samples(series, 0, i64::MAX).expect("read").len();
    assert_eq!(count(), 300);
    // Ten years ahead for eight minutes, then to 1970, then right again.
    (0..8).for_each(|minute| tick(here + 3_650 * DAY + minute * MINUTE, 2.0));
    (0..8).for_each(|minute| tick(minute * MINUTE, 3.0));
    (0..30).for_each(|minute| tick(here + minute * MINUTE, 4.0));
    let found = history.samples(series, 0, i64::MAX).expect("read");
    assert_eq!(found.iter().filter(|sample| sample.value == 1.0).count(), 300);
    assert_eq!(found.iter().filter(|sample| sample.value == 4.0).count(), 30);
    (0..60 * 30).for_each(|minute| tick(here + (30 + minute) * MINUTE, 5.0));
    let found = history.samples(series, START, here + 2 * DAY).expect("read");
    assert!(found.iter().all(|sample| sample.at >= here), "a steady clock removes what is too old");
}

#[test]
fn a_copy_is_whole_while_samples_come() {
    let folder = Folder::new();
    let history = folder.open(START);
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    for second in 0..9_000 {
        let now = START + second * 1_000;
        history.push(series, at(now, second as f64), now).expect("pushed");
        if second % 100 == 0 {
            history.commit(now).expect("written");
            history.maintain(now).expect("kept up");
        }
    }
    let copy = Folder::new();
    let bytes = history.copy_to(copy.path()).expect("copied");
    assert_eq!(bytes, copy.bytes());
    history.push(series, at(START + 9_000_000, 1.0), START + 9_000_000).expect("pushed");
    let again = copy.open(START + 9_000_000);
    let series = again.find(b"a").expect("named");
    assert_eq!(again.samples(series, 0, i64::MAX).expect("read").len(), 9_000);
}

#[test]
fn series_that_are_too_old_are_forgotten_and_no_number_is_used_twice() {
    let folder = Folder::with(HistorySettings {
        ages: [HOUR, HOUR, HOUR, 2 * HOUR, 3 * HOUR],
        series: 2,
        ..settings()
    });
    let history = folder.open(START);
    let old = history.register(b"old", Resolution::WHOLE).expect("made");
    history.push(old, at(START, 7.0), START).expect("pushed");
    for step in 0..(30 * 6) {
        let now = START + step * 10 * MINUTE;
        let series = history.register(b"new", Resolution::WHOLE).expect("made");
        history.push(series, at(now, 1.0), now).expect("pushed");
        history.commit(now).expect("written");
        history.maintain(now).expect("kept up");
    }
    assert_eq!(history.find(b"old"), None);
    assert!(matches!(history.push(old, at(START, 7.0), START), Err(HistoryError::NoSuchSeries)));
    let now = START + 30 * HOUR;
    let again = history.register(b"old", Resolution::WHOLE).expect("there is room");
    assert_eq!(history.samples(again, 0, now).expect("read"), []);
    drop(history);
    let history = folder.open(now);
    assert_eq!(history.series_count(), 1, "a series that was never written is gone");
}

#[test]
fn readers_see_every_sample_while_files_are_merged() {
    use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
    let folder = Folder::new();
    let history = folder.open(START);
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    let (pushed, is_over) = (AtomicI64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for step in [1_000, HOUR] {
            let (history, pushed, is_over) = (history.clone(), &pushed, &is_over);
            scope.spawn(move || {
                while !is_over.load(Ordering::Acquire) {
                    let before = pushed.load(Ordering::Acquire);
                    let end = START + 40 * HOUR;
                    let counted: f64 =
                        points(&history, series, START, end, step, Aggregate::Count).iter().flatten().sum();
                    let after = pushed.load(Ordering::Acquire) + 1;
                    assert!(
                        counted as i64 >= before && counted as i64 <= after,
                        "{before}, {counted}, {after}"
                    );
                }
            });
        }
        for minute in 0..40 * 60 {
            let now = START + minute * MINUTE;
            history.push(series, at(now, 1.0), now).expect("pushed");
            pushed.store(minute + 1, Ordering::Release);
            history.commit(now).expect("written");
            history.maintain(now).expect("kept up");
        }
        is_over.store(true, Ordering::Release);
    });
}
