//! The real collectors on the machine that runs the tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use common::{
    Sample,
    series::{SeriesKind, Unit, id},
};
use hub::{Clock, SystemClock};

use super::{readings::MOST_CORES, *};
use crate::hosts::history::{RATES, SHARES};
use crate::hosts::prober::Prober;

/// Two rounds of both tiers; the second is told.
#[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
fn measured(detail: Detail) -> Sample {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let apart = BackgroundReports::new(Duration::from_secs(2), &clock);
    let prober = || Prober::new(None, Duration::from_secs(2));
    apart.space.put(SpaceProbe::new(prober(), Arc::clone(&clock)).round(&|| ()));
    apart.sensors.put(SensorProbe::new(prober(), clock).round(&|| ()));
    let mut collectors = build(Tier::Fast, &apart);
    collectors.extend(build(Tier::Slow, &apart));
    let mut round = || {
        let mut readings = Readings::new(1, detail);
        collectors.iter_mut().for_each(|collect| collect(&mut readings));
        readings.into_sample()
    };
    let first = round();
    assert_eq!(first.value(id::CPU_TOTAL), None, "one reading says nothing about the time before");
    for rate in [id::NETWORK_RECEIVED, id::NETWORK_SENT, id::DISK_READ, id::DISK_WRITTEN] {
        assert_eq!(first.instances(rate).count(), 0, "one reading of {rate} is no rate");
    }
    std::thread::sleep(Duration::from_millis(300));
    round()
}

#[test]
fn every_value_is_in_the_range_of_its_unit_and_registered() {
    let series: BTreeMap<&str, &Series> = catalog().map(|series| (&*series.id, series)).collect();
    let sample = measured(Detail::Full);
    assert!(sample.values.len() > 10);
    for (key, &value) in &sample.values {
        let series = series[key.series()];
        let is_total = series.kind == SeriesKind::Rate;
        assert!(series.instanced == key.as_str().contains(':') || is_total, "{key:?}");
        let range = match series.unit {
            Unit::Percent => 0.0..=100.0,
            Unit::Celsius => -60.0..=200.0,
            _ => 0.0..=1e18,
        };
        assert!(range.contains(&value), "{key:?} is {value}");
    }
}

#[test]
fn used_is_at_most_total_and_instances_come_in_pairs() {
    let sample = measured(Detail::Full);
    let value = |id| sample.value(id);
    assert!(value(id::MEMORY_USED).expect("memory") <= value(id::MEMORY_TOTAL).expect("memory"));
    assert_eq!(value(id::SWAP_USED).is_some(), value(id::SWAP_TOTAL).is_some());
    assert_ne!(value(id::SWAP_TOTAL), Some(0.0), "no swap is absent, not zero");
    let names = |id| sample.instances(id).map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(names(id::FILESYSTEM_USED), names(id::FILESYSTEM_TOTAL));
    for (point, total) in sample.instances(id::FILESYSTEM_TOTAL) {
        assert!(sample.value(&format!("{}:{point}", id::FILESYSTEM_USED)).expect("used") <= total);
    }
}

#[test]
fn instances_are_bounded_and_the_loopback_is_not_one() {
    let sample = measured(Detail::Full);
    for series in catalog().filter(|series| series.instanced) {
        assert!(sample.instances(&series.id).count() <= MOST_CORES);
    }
    assert_eq!(sample.value("network.received:lo"), None);
}

#[test]
fn unwatched_only_what_history_keeps_is_measured() {
    let sample = measured(Detail::Trends);
    let kept = [SHARES, RATES].concat();
    assert!(sample.values.keys().all(|key| kept.contains(&key.series())), "{:?}", sample.values);
    assert!(sample.value(id::CPU_TOTAL).is_some());
}

#[test]
fn ids_are_unique_and_labelled() {
    let ids: BTreeSet<&str> = catalog().map(|series| &*series.id).collect();
    assert_eq!(ids.len(), catalog().count());
    assert!(catalog().all(|series| !series.label.is_empty()));
}
