//! The usage of containers in the last hour, so that a page that opens has something to show.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use common::container::{ContainerHistory, ContainerUsage};
use parking_lot::RwLock;

/// The time from one point to the next.
pub(super) const STEP: Duration = Duration::from_secs(10);
/// The most points of a container: an hour.
const POINTS: usize = 360;
/// An hour, where points are fewer.
const AGE_MS: u64 = 3_600_000;

/// The past usage of every container that there is; cheap to clone, and shared.
#[derive(Debug, Clone, Default)]
pub(super) struct UsageHistory(Arc<RwLock<HashMap<String, VecDeque<Point>>>>);

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
    /// Adds what was used up to a moment, and forgets containers that are not there any more.
    pub(super) fn add(&self, at: u64, used: &[ContainerUsage], is_there: impl Fn(&str) -> bool) {
        let mut all = self.0.write();
        all.retain(|id, _| is_there(id));
        for usage in used {
            let points = all.entry(usage.id.clone()).or_default();
            while points.len() == POINTS || points.front().is_some_and(|first| first.at + AGE_MS < at) {
                points.pop_front();
            }
            points.push_back(Point::of(at, usage));
        }
    }

    /// Returns the past of a container; empty where nothing is known of it.
    pub(super) fn of(&self, id: &str) -> ContainerHistory {
        let step_ms = STEP.as_millis() as u64;
        let all = self.0.read();
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
        let history = UsageHistory::default();
        let usage = |id: &str, memory| ContainerUsage {
            id: id.into(),
            memory: Some(memory),
            ..ContainerUsage::default()
        };
        for at in 0..POINTS as u64 + 3 {
            history.add(at, &[usage("a", at), usage("b", 1)], |_| true);
        }
        let past = history.of("a");
        assert_eq!((past.step_ms, past.at.len(), past.at[0]), (10_000, POINTS, 3));
        assert_eq!(past.memory.last(), Some(&Some(POINTS as u64 + 2)));
        assert_eq!(past.cpu.last(), Some(&None), "what could not be read is no zero");
        history.add(1_000, &[usage("a", 7)], |id| id == "a");
        assert_eq!(history.of("a").memory.last(), Some(&Some(7)));
        assert!(history.of("b").at.is_empty());
    }
}
