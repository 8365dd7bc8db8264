//! Whatever comes, in whatever order: what is read is what a simple model has.

mod common;

use std::collections::BTreeMap;

use common::{DAY, Folder, HOUR, MINUTE, START, at, points, settings};
use history::{Aggregate, History, HistorySettings, Pushed, Resolution, Series};
use proptest::prelude::*;

const SERIES: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    /// Samples of a series from so long ago on, at a step.
    Burst {
        series: usize,
        back: i64,
        count: i64,
        step: i64,
        value: f64,
    },
    Advance(i64),
    Commit,
    Maintain,
    /// The process ends without a word, after a commit or not.
    Reopen {
        after_commit: bool,
    },
}

fn any_step() -> impl Strategy<Value = Step> {
    let back = prop_oneof![4 => Just(0), 2 => 0..5 * MINUTE, 2 => 0..3 * HOUR, 1 => 0..2 * DAY];
    let steps = prop_oneof![Just(500_i64), Just(1_000), Just(977), Just(10_000), Just(61_000)];
    let value = prop_oneof![8 => -100.0..100.0_f64, 1 => Just(1e17)];
    prop_oneof![
        8 => (0..SERIES, back, 1_i64..80, steps, value)
            .prop_map(|(series, back, count, step, value)| Step::Burst { series, back, count, step, value }),
        4 => prop_oneof![0..MINUTE, 0..HOUR, 0..4 * HOUR].prop_map(Step::Advance),
        3 => Just(Step::Commit),
        4 => Just(Step::Maintain),
        1 => any::<bool>().prop_map(|after_commit| Step::Reopen { after_commit }),
    ]
}

/// All samples, and those of them that no commit has seen.
#[derive(Default)]
struct Model {
    kept: [BTreeMap<i64, f64>; SERIES],
    pending: Vec<(usize, i64)>,
}

impl Model {
    fn lose(&mut self) {
        for (series, at) in self.pending.drain(..) {
            self.kept[series].remove(&at);
        }
    }

    fn points(&self, series: usize, from: i64, to: i64, step: i64, aggregate: Aggregate) -> Vec<Option<f64>> {
        let of = |begin: i64| {
            let values: Vec<f64> =
                self.kept[series].range(begin..begin + step).map(|(_, value)| *value).collect();
            let last = *values.last()?;
            Some(match aggregate {
                Aggregate::Min => values.iter().copied().fold(f64::MAX, f64::min),
                Aggregate::Max => values.iter().copied().fold(f64::MIN, f64::max),
                Aggregate::Average => values.iter().sum::<f64>() / values.len() as f64,
                Aggregate::Last => last,
                Aggregate::Count => values.len() as f64,
                Aggregate::Sum => values.iter().sum(),
            })
        };
        (from / step..(to + step - 1) / step).map(|index| of(index * step)).collect()
    }
}

fn register(history: &History) -> [Series; SERIES] {
    [0, 1, 2].map(|n: u8| {
        let resolution = Resolution::decimals(n).expect("few");
        history.register(&[n], resolution).expect("made")
    })
}

fn check(history: &History, series: &[Series], model: &Model, now: i64, finest: i64) {
    let (from, to) = (START, now + 2 * HOUR);
    for (index, of) in series.iter().enumerate() {
        if finest == 1 {
            let wanted: Vec<_> = model.kept[index].iter().map(|(time, value)| at(*time, *value)).collect();
            assert_eq!(history.samples(*of, 0, i64::MAX).expect("read"), wanted);
        }
        for step in [1_000, 7_000, 10_000, 60_000, 90_000, 600_000, HOUR, DAY] {
            if step < finest || step % finest != 0 {
                continue;
            }
            // No more points than a test has time for.
            let from = from.max(to - step * 12_000);
            for aggregate in [
                Aggregate::Count,
                Aggregate::Min,
                Aggregate::Max,
                Aggregate::Last,
                Aggregate::Average,
                Aggregate::Sum,
            ] {
                let found = points(history, *of, from, to, step, aggregate);
                let wanted = model.points(index, from, to, step, aggregate);
                assert_eq!(found.len(), wanted.len());
                for (place, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                    let is_near = match (found, wanted) {
                        (Some(found), Some(wanted))
                            if matches!(aggregate, Aggregate::Average | Aggregate::Sum) =>
                        {
                            (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0)
                        }
                        _ => found == wanted,
                    };
                    assert!(is_near, "step {step}, {aggregate:?}, point {place}: {found:?} for {wanted:?}");
                }
            }
        }
    }
}

fn run(steps: Vec<Step>, settings: HistorySettings, finest: i64) {
    let folder = Folder::with(settings);
    // Two days are behind it.
    let mut now = START + 2 * DAY;
    let mut history = folder.open(now);
    let mut series = register(&history);
    let mut model = Model::default();
    history.commit(now).expect("written");
    for step in steps {
        match step {
            Step::Burst { series: index, back, count, step, value } => {
                let resolution = Resolution::decimals(index as u8).expect("few");
                for n in 0..count {
                    let sample = at(now - back + n * step, value + (n % 13) as f64 * 1.25);
                    if sample.at > now + HOUR {
                        break;
                    }
                    let pushed = history.push(series[index], sample, now).expect("pushed");
                    if pushed == Pushed::Kept {
                        let pending = &mut model.pending;
                        model.kept[index].entry(sample.at).or_insert_with(|| {
                            pending.push((index, sample.at));
                            resolution.round(sample.value)
                        });
                    }
                }
            }
            Step::Advance(by) => now += by,
            Step::Commit => {
                history.commit(now).expect("written");
                model.pending.clear();
            }
            Step::Maintain => {
                history.commit(now).expect("written");
                model.pending.clear();
                history.maintain(now).expect("kept up");
                assert_eq!(history.bytes(), folder.bytes());
            }
            Step::Reopen { after_commit } => {
                if after_commit {
                    history.commit(now).expect("written");
                    model.pending.clear();
                }
                model.lose();
                drop(history);
                history = folder.open(now);
                series = register(&history);
                assert_eq!(history.bytes(), folder.bytes());
            }
        }
    }
    check(&history, &series, &model, now, finest);
    // All is sealed, rolled up and merged, and then read again.
    for hours in [1, 2, 30] {
        now += hours * HOUR;
        history.commit(now).expect("written");
        history.maintain(now).expect("kept up");
    }
    let known: usize = model.kept.iter().map(BTreeMap::len).sum();
    check(&history, &series, &model, now, finest);
    drop(history);
    let history = folder.open(now);
    let series = register(&history);
    check(&history, &series, &model, now, finest);
    let counted = history.series().iter().filter(|one| one.last.is_some()).count();
    assert_eq!(counted > 0, known > 0);
    for (index, of) in series.iter().enumerate() {
        let wanted = model.kept[index].last_key_value().map(|(time, value)| at(*time, *value));
        assert_eq!(history.last(*of).expect("there"), wanted);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_sample_is_there_and_every_tier_agrees(steps in prop::collection::vec(any_step(), 1..60)) {
        run(steps, settings(), 1);
    }

    /// Full resolution is gone after three hours, and so may be what is late.
    #[test]
    fn tiers_alone_agree(steps in prop::collection::vec(any_step(), 1..60)) {
        let mut ages = settings().ages;
        ages[0] = 3 * HOUR;
        run(steps, HistorySettings { ages, ..settings() }, 10_000);
    }
}
