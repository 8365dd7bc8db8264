//! The usage of containers in the last hour, so that a page that opens has something to show.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use common::container::{ContainerHistory, ContainerUsage};
use parking_lot::RwLock;

/// The time from one point to the next, of this machine's containers.
pub(super) const STEP: Duration = Duration::from_secs(10);
/// The most points of a container: an hour.
const POINTS: usize = 360;
/// An hour, where points are fewer.
const AGE_MS: u64 = 3_600_000;

/// The past usage of every container that there is; cheap to clone, and shared.
#[derive(Debug, Clone)]
pub(super) struct UsageHistory {
    step_ms: u64,
    points: Arc<RwLock<HashMap<String, VecDeque<Point>>>>,
}

/// The usage of a container over one step.
#[derive(Debug, Clone, Copy)]
struct Point {
    at: u64,
    cpu: Option<f32>,
    memory: Option<u64>,
    received: Option<f32>,
    sent: Option<f32>,
    read: Option<f32>,
    written: Option<f32>,
}

impl Point {
    #[allow(clippy::cast_possible_truncation, reason = "seven digits are more than a chart shows")]
    fn of(at: u64, usage: &ContainerUsage) -> Self {
        let small = |value: Option<f64>| value.map(|value| value as f32);
        Self {
            at,
            cpu: small(usage.cpu),
            memory: usage.memory,
            received: small(usage.received),
            sent: small(usage.sent),
            read: small(usage.read),
            written: small(usage.written),
        }
    }
}

impl UsageHistory {
    /// An empty one whose points are so far apart.
    pub(super) fn new(step: Duration) -> Self {
        Self { step_ms: step.as_millis() as u64, points: Arc::default() }
    }

    /// Adds what was used up to a moment, and forgets containers that are not there any more. A point that comes late stands at its time, and
    /// one that is closer to another than half a step is passed over.
    pub(super) fn add(&self, at: u64, used: &[ContainerUsage], is_there: impl Fn(&str) -> bool) {
        if used.is_empty() {
            return;
        }
        let mut all = self.points.write();
        all.retain(|id, _| is_there(id));
        for usage in used {
            let points = all.entry(usage.id.clone()).or_default();
            let newest = points.back().map_or(at, |last| last.at.max(at));
            if newest > at.saturating_add(AGE_MS) {
                // The clock was set back.
                points.clear();
            }
            while points.front().is_some_and(|first| first.at.saturating_add(AGE_MS) < at) {
                points.pop_front();
            }
            let place = points.partition_point(|point| point.at < at);
            let is_close = |index: Option<usize>| {
                let beside = index.and_then(|index| points.get(index));
                beside.is_some_and(|point| point.at.abs_diff(at) < self.step_ms / 2)
            };
            if is_close(place.checked_sub(1)) || is_close(Some(place)) {
                continue;
            }
            points.insert(place, Point::of(at, usage));
            if points.len() > POINTS {
                points.pop_front();
            }
        }
    }

    /// Returns the past of a container; empty where nothing is known of it.
    pub(super) fn of(&self, id: &str) -> ContainerHistory {
        let step_ms = self.step_ms;
        let all = self.points.read();
        let Some(points) = all.get(id) else {
            return ContainerHistory { step_ms, ..ContainerHistory::default() };
        };
        let column = |read: fn(&Point) -> Option<f32>| points.iter().map(read).collect();
        ContainerHistory {
            step_ms,
            at: points.iter().map(|point| point.at).collect(),
            cpu: column(|point| point.cpu),
            memory: points.iter().map(|point| point.memory).collect(),
            received: column(|point| point.received),
            sent: column(|point| point.sent),
            read: column(|point| point.read),
            written: column(|point| point.written),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_kept_of_those_that_are_there() {
        let history = UsageHistory::new(STEP);
        let usage = |id: &str, memory| ContainerUsage {
            id: id.into(),
            memory: Some(memory),
            ..ContainerUsage::default()
        };
        for step in 0..POINTS as u64 + 3 {
            history.add(step * 10_000, &[usage("a", step), usage("b", 1)], |_| true);
        }
        let past = history.of("a");
        assert_eq!((past.step_ms, past.at.len(), past.at[0]), (10_000, POINTS, 30_000));
        assert_eq!(past.memory.last(), Some(&Some(POINTS as u64 + 2)));
        assert_eq!(past.cpu.last(), Some(&None), "what could not be read is no zero");
        history.add(3_700_000, &[usage("a", 7)], |id| id == "a");
        assert_eq!(history.of("a").memory.last(), Some(&Some(7)));
        assert!(history.of("b").at.is_empty());
    }

    #[test]
    fn a_point_that_comes_late_stands_at_its_time_and_one_that_is_told_twice_stands_once() {
        let history = UsageHistory::new(Duration::from_secs(60));
        let usage = [ContainerUsage { id: "a".into(), ..ContainerUsage::default() }];
        for at in [600_000, 120_000, 180_000, 180_000, 200_000, 660_000] {
            history.add(at, &usage, |_| true);
        }
        assert_eq!(history.of("a").at, [120_000, 180_000, 600_000, 660_000]);
        history.add(100, &usage, |_| true);
        assert_eq!(history.of("a").at[0], 100);
        history.add(8_000_000, &usage, |_| true);
        assert_eq!(history.of("a").at, [8_000_000], "the rest is older than an hour");
        history.add(1_000_000, &usage, |_| true);
        assert_eq!(history.of("a").at, [1_000_000], "the clock was set back");
    }
}
