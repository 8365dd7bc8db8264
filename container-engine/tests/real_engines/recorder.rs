//! A watch, and all that it has told.

use std::time::Duration;

use container_engine::{
    Container, ContainerEvent, ContainerId, Engine, EngineWatch, GapCause, Happening, WatchReport,
};
use tokio::time::timeout;

/// The test has failed when nothing happens for so long.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Recorder {
    watch: EngineWatch,
    pub(crate) told: Vec<WatchReport>,
}

impl Recorder {
    pub(crate) fn new(engine: Engine) -> Self {
        Self { watch: EngineWatch::new(engine), told: Vec::new() }
    }

    /// Reads on until it tells this.
    pub(crate) async fn until(&mut self, is_it: impl Fn(&WatchReport) -> bool) {
        loop {
            let next = timeout(PATIENCE, self.watch.next()).await;
            let report = next.unwrap_or_else(|_| panic!("nothing more after {:#?}", self.told));
            self.told.push(report);
            if is_it(&self.told[self.told.len() - 1]) {
                return;
            }
        }
    }

    /// Reads on until it tells this of a container, where it has not told it yet, and returns the event and the container after it.
    pub(crate) async fn event(
        &mut self,
        id: &ContainerId,
        is_it: impl Fn(&Happening) -> bool,
    ) -> (ContainerEvent, Option<Container>) {
        let wanted = |report: &WatchReport| match report {
            WatchReport::Event { event, container } if event.id == *id && is_it(&event.what) => {
                Some((event.clone(), container.clone()))
            }
            _ => None,
        };
        if let Some(found) = self.told.iter().find_map(wanted) {
            return found;
        }
        self.until(|report| wanted(report).is_some()).await;
        self.told.last().and_then(wanted).expect("it was just told")
    }

    /// The events of a container.
    pub(crate) fn of(&self, id: &ContainerId) -> Vec<ContainerEvent> {
        let events = self.told.iter().filter_map(|report| match report {
            WatchReport::Event { event, .. } if event.id == *id => Some(event.clone()),
            _ => None,
        });
        events.collect()
    }

    /// The ends of a container that were told.
    pub(crate) fn ends(&self, id: &ContainerId) -> usize {
        self.of(id).iter().filter(|event| matches!(event.what, Happening::Ended { .. })).count()
    }

    pub(crate) fn gaps(&self) -> Vec<GapCause> {
        let gaps = self.told.iter().filter_map(|report| match report {
            WatchReport::Unknown { why, from, until } => {
                assert!(from <= until);
                Some(*why)
            }
            _ => None,
        });
        gaps.collect()
    }
}
