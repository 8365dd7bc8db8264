//! The real collectors on the machine that runs the tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use broker::{Clock, SystemClock};
use common::{
    Sample,
    metric::{MetricKind, Unit},
    panel::PanelView,
};

use super::{readings::MOST_CORES, *};
use crate::prober::Prober;

/// Two rounds of both tiers; the second is told.
#[allow(clippy::disallowed_methods, reason = "a thread of its own, without a runtime")]
fn measured(detail: Detail) -> Sample {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let apart = BackgroundReports::new(Duration::from_secs(2), &clock);
    let prober = || Prober::new(None, Duration::from_secs(2));
    apart.space.put(SpaceProbe::new(prober(), Arc::clone(&clock)).round(&|| ()));
    apart.sensors.put(SensorProbe::new(Arc::clone(&clock)).round(&mut prober(), &|| ()));
    apart.fans.put(FanProbe::new(Arc::clone(&clock)).round(&mut prober(), &|| ()));
    apart.gpus.put(GpuProbe::new(Arc::clone(&clock)).round(&mut prober(), &|| ()));
    apart.sockets.put(SocketProbe::new().round());
    apart.units.put(UnitProbe::new(Arc::clone(&clock)).round(&|| ()));
    apart.smart.put(SmartProbe::new(clock).round(&|| ()));
    let mut collectors = build(Tier::Fast, &apart);
    collectors.extend(build(Tier::Slow, &apart));
    let mut round = || {
        let mut readings = Readings::new(1, detail);
        collectors.iter_mut().for_each(|collect| collect(&mut readings));
        readings.into_sample()
    };
    let first = round();
    assert_eq!(first.value("cpu.total"), None, "one reading says nothing about the time before");
    for rate in ["network.received", "network.sent", "disk.read", "disk.written"] {
        assert_eq!(first.values.instances(rate).count(), 0, "one reading of {rate} is no rate");
    }
    std::thread::sleep(Duration::from_millis(300));
    round()
}

#[test]
fn every_value_is_in_the_range_of_its_unit_and_registered() {
    let known: BTreeMap<&str, &Metric> = metrics().map(|metric| (metric.id, metric)).collect();
    let sample = measured(Detail::Full);
    assert!(sample.values.len() > 10);
    for (key, value) in sample.values.iter() {
        let metric = known[key.metric()];
        let is_total = metric.kind == MetricKind::Rate && key.labels().is_empty();
        assert!(metric.labels.len() == key.labels().len() || is_total, "{key:?}");
        let range = match metric.unit {
            Unit::Percent => 0.0..=100.0,
            Unit::Celsius => -60.0..=200.0,
            _ => 0.0..=1e18,
        };
        assert!(range.contains(value), "{key:?} is {value}");
    }
}

#[test]
fn used_is_at_most_total_and_instances_come_in_pairs() {
    let sample = measured(Detail::Full);
    let value = |id| sample.value(id);
    assert!(value("memory.used").expect("memory") <= value("memory.total").expect("memory"));
    assert_eq!(value("swap.used").is_some(), value("swap.total").is_some());
    assert_ne!(value("swap.total"), Some(0.0), "no swap is absent, not zero");
    let names = |id| sample.values.instances(id).map(|(name, _)| name).collect::<BTreeSet<_>>();
    assert_eq!(names("filesystem.used"), names("filesystem.total"));
    for (point, total) in sample.values.instances("filesystem.total") {
        assert!(sample.values.get_labelled("filesystem.used", &point).expect("used") <= total);
    }
}

#[test]
fn instances_are_bounded_and_the_loopback_is_not_one() {
    let sample = measured(Detail::Full);
    for metric in metrics().filter(|metric| !metric.labels.is_empty()) {
        assert!(sample.values.instances(metric.id).count() <= MOST_CORES);
    }
    assert_eq!(sample.values.get_labelled("network.received", "lo"), None);
}

#[test]
fn unwatched_only_what_history_keeps_is_measured() {
    let sample = measured(Detail::Trends);
    let panels = panels();
    let trends = panels.iter().filter(|panel| panel.view == PanelView::Trend);
    let kept: BTreeSet<&str> = trends.flat_map(|panel| panel.lines).map(|line| line.metric.id).collect();
    assert!(sample.values.iter().all(|(key, _)| kept.contains(key.metric())), "{:?}", sample.values);
    assert!(sample.value("cpu.total").is_some());
}

#[test]
fn ids_are_unique_and_texts_are_there_in_both_languages() {
    let ids: BTreeSet<&str> = metrics().map(|metric| metric.id).collect();
    assert_eq!(ids.len(), metrics().count());
    let names = metrics().map(|metric| metric.name);
    let labels = metrics().flat_map(|metric| metric.labels).map(|label| label.name);
    let panels = panels();
    let titles = panels.iter().map(|panel| panel.title);
    assert!(names.chain(labels).chain(titles).all(|text| !text.en.is_empty() && !text.ko.is_empty()));
    assert!(panels.iter().all(|panel| panel.empty.en.is_empty() == panel.empty.ko.is_empty()));
    assert!(panels.iter().all(|panel| panel.hint.en.is_empty() == panel.hint.ko.is_empty()));
    assert!(ids.iter().all(|id| !id.contains([':', ' ', '\t'])), "colons are the older form's");
}

#[test]
fn every_panel_has_a_place_of_its_own_and_metrics_that_come_when_it_looks() {
    let panels = panels();
    let ids: BTreeSet<&str> = panels.iter().map(|panel| panel.id).collect();
    let places: BTreeSet<u32> = panels.iter().map(|panel| panel.place).collect();
    assert_eq!((ids.len(), places.len()), (panels.len(), panels.len()));
    let tier_of = |metric: &Metric| {
        let collector = REGISTRY.iter().find(|one| one.metrics.iter().any(|known| known.id == metric.id));
        collector.map(|collector| collector.tier)
    };
    for panel in panels {
        let metrics = panel.lines.iter().map(|line| line.metric).chain(panel.share_of.iter().copied());
        for metric in metrics.chain(panel.judged_by) {
            let tier = tier_of(metric);
            assert!(tier.is_some(), "{}: {} is registered", panel.id, metric.id);
            assert!(panel.view != PanelView::Trend || tier == Some(panel.tier), "{}", panel.id);
        }
    }
}
