//! The bound of bytes holds at every moment, and what goes first is what is finest.

mod common;

use common::{DAY, Folder, HOUR, MINUTE, START, at, points, settings};
use history::{Aggregate, HistoryError, HistorySettings, Resolution, Tier};

/// A number that looks like noise.
fn noise(seed: i64) -> f64 {
    let mut mixed = (seed as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ mixed >> 31) % 100_000) as f64
}

#[test]
fn the_bound_holds_after_every_step_and_long_history_stays_in_coarse_tiers() {
    let most = 1 << 20;
    let folder = Folder::with(HistorySettings { bytes: most, ..settings() });
    let mut history = folder.open(START);
    let series: Vec<_> =
        (0..12_u8).map(|key| history.register(&[key], Resolution::WHOLE).expect("made")).collect();
    let minutes = 24 * 60 * 5;
    for minute in 0..minutes {
        let now = START + minute * MINUTE;
        for (n, of) in (0..).zip(&series) {
            for second in (0..60).step_by(5) {
                let sample = at(now + second * 1_000, noise(minute * 1_000 + second * 13 + n));
                history.push(*of, sample, now).expect("pushed");
            }
        }
        history.commit(now).expect("written");
        if minute % 5 == 0 {
            history.maintain(now).expect("kept up");
        }
        if minute % 7 == 0 || minute > minutes - 100 {
            assert!(folder.bytes() <= most, "{} bytes", folder.bytes());
            assert_eq!(folder.bytes(), history.bytes());
        }
        if minute % 2_000 == 1_999 {
            drop(history);
            history = folder.open(now);
            (0..12_u8).for_each(|key| {
                history.register(&[key], Resolution::WHOLE).expect("made");
            });
        }
    }
    let end = START + minutes * MINUTE;
    let of = history.find(&[3]).expect("named");
    let hours = points(&history, of, START, end, HOUR, Aggregate::Max);
    let kept = hours.iter().flatten().count();
    assert!(kept as i64 >= 5 * 24 - 6, "coarse tiers reach back: {kept} hours");
    let full = history.samples(of, 0, i64::MAX).expect("read");
    let tiers = Tier::ALL.map(|tier| history.tier_bytes(tier));
    assert!(
        full[0].at > START + 2 * DAY,
        "full resolution went first: {} h, {tiers:?}",
        (full[0].at - START) / HOUR
    );
    assert!(!full.is_empty() && history.tier_bytes(Tier::Hour) > 0);
}

#[test]
fn a_smaller_bound_holds_at_once() {
    let folder = Folder::new();
    {
        let history = folder.open(START);
        let series = history.register(b"a", Resolution::WHOLE).expect("made");
        for minute in 0..3_000 {
            let now = START + minute * MINUTE;
            for second in 0..60 {
                history
                    .push(series, at(now + second * 1_000, noise(minute * 60 + second)), now)
                    .expect("pushed");
            }
            if minute % 10 == 0 {
                history.commit(now).expect("written");
                history.maintain(now).expect("kept up");
            }
        }
        history.commit(START + 3_000 * MINUTE).expect("written");
    }
    let before = folder.bytes();
    assert!(before > 100_000, "{before}");
    let bytes = HistorySettings::LEAST;
    for _ in 0..8 {
        // Files that were set aside count, and go first.
        std::fs::write(folder.path().join(format!("{}.damaged", folder.files())), vec![0; 200_000])
            .expect("written");
    }
    assert!(folder.bytes() > bytes);
    let history = history::History::open(
        folder.path(),
        HistorySettings { bytes, ..settings() },
        START + 3_000 * MINUTE,
    )
    .expect("it opens");
    assert!(folder.bytes() <= bytes);
    assert_eq!(folder.bytes(), history.bytes());
    let series = history.find(b"a").expect("named");
    assert!(!history.samples(series, 0, i64::MAX).expect("read").is_empty());
}

#[test]
fn samples_that_the_disk_does_not_take_do_not_fill_memory() {
    let folder = Folder::with(HistorySettings { bytes: 1 << 20, ..settings() });
    let history = folder.open(START);
    let series = history.register(b"a", Resolution::WHOLE).expect("made");
    let mut refused = None;
    for n in 0..1_000_000 {
        if let Err(error) = history.push(series, at(START + n, noise(n)), START) {
            refused = Some((n, error));
            break;
        }
    }
    assert!(matches!(refused, Some((1_000.., HistoryError::Behind { .. }))), "{refused:?}");
    history.commit(START).expect("written");
    history.push(series, at(START + 2_000_000, 1.0), START).expect("there is room again");
}

#[test]
fn thousands_of_series_are_kept_and_found() {
    let folder = Folder::with(HistorySettings { series: 3_000, ..settings() });
    let mut history = folder.open(START);
    let key = |n: i64| format!("host-{}\0metric.{n}\0label", n % 7).into_bytes();
    for minute in 0..130 {
        let now = START + minute * MINUTE;
        for n in 0..3_000 {
            let series = history.register(&key(n), Resolution::WHOLE).expect("made");
            history.push(series, at(now, (n * 1_000 + minute) as f64), now).expect("pushed");
        }
        history.commit(now).expect("written");
        history.maintain(now).expect("kept up");
        if minute == 97 {
            drop(history);
            history = folder.open(now);
        }
    }
    assert_eq!(history.series_count(), 3_000);
    for n in (0..3_000).step_by(37) {
        let series = history.find(&key(n)).expect("named");
        let found = history.samples(series, 0, i64::MAX).expect("read");
        assert_eq!(found.len(), 130);
        assert!(found.iter().zip(0..).all(|(sample, minute)| sample.value == (n * 1_000 + minute) as f64));
        let most = points(&history, series, START, START + 3 * HOUR, HOUR, Aggregate::Max);
        assert_eq!(most, [59, 119, 129].map(|minute| Some((n * 1_000 + minute) as f64)));
    }
}
