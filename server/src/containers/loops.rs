//! Restart loops: which containers start again and again.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Duration,
};

use container_engine::{Container, ContainerEvent, ContainerId, EventTime, RestartRule, restart_loop};

/// So many starts that nobody asked for are a loop.
const RULE: RestartRule = RestartRule { starts: 3, within: Duration::from_secs(60) };
/// The newest events of a container that are kept: a loop is an end, a start and what stands between, three times.
const KEPT: usize = 32;

/// The last events of each container, and those that loop.
#[derive(Debug, Default)]
pub(super) struct Loops {
    events: HashMap<ContainerId, VecDeque<ContainerEvent>>,
    looping: HashSet<ContainerId>,
}

impl Loops {
    /// Takes an event. Returns true if a loop begins with it.
    pub(super) fn hear(&mut self, event: &ContainerEvent) -> bool {
        let events = self.events.entry(event.id.clone()).or_default();
        events.push_back(event.clone());
        if events.len() > KEPT {
            events.pop_front();
        }
        restart_loop(events.iter(), RULE).is_some() && self.looping.insert(event.id.clone())
    }

    pub(super) fn is_looping(&self, id: &ContainerId) -> bool {
        self.looping.contains(id)
    }

    /// Takes out those whose last restarts are so long ago that they loop no more.
    pub(super) fn ended(&mut self, now: EventTime) -> Vec<ContainerId> {
        let is_over = |id: &&ContainerId| {
            let last = self.events.get(*id).and_then(VecDeque::back);
            last.is_none_or(|last| now.since(last.time) > RULE.within)
        };
        let over: Vec<ContainerId> = self.looping.iter().filter(is_over).cloned().collect();
        for id in &over {
            self.looping.remove(id);
            self.events.remove(id);
        }
        over
    }

    /// Forgets a container that is gone.
    pub(super) fn forget(&mut self, id: &ContainerId) {
        self.events.remove(id);
        self.looping.remove(id);
    }

    /// Forgets containers that are not there any more.
    pub(super) fn keep(&mut self, all: &[Container]) {
        let there: HashSet<&ContainerId> = all.iter().map(|one| &one.id).collect();
        self.events.retain(|id, _| there.contains(id));
        self.looping.retain(|id| there.contains(id));
    }
}

#[cfg(test)]
mod tests {
    use container_engine::{EndCause, Happening, Seen};

    use super::*;

    fn event(second: u64, what: Happening) -> ContainerEvent {
        let id = "0123456789ab".parse().expect("an id");
        ContainerEvent {
            time: EventTime::from_seconds(second),
            id,
            name: "web".into(),
            image: "bb".into(),
            what,
        }
    }

    #[test]
    fn a_loop_begins_once_and_is_over_when_nothing_happens_for_a_while() {
        let ended = || Happening::Ended {
            exit_code: Some(1),
            signal: None,
            seen: Seen::Event,
            cause: EndCause::Untold,
        };
        let mut loops = Loops::default();
        let mut begun = Vec::new();
        for round in 0..6_u64 {
            begun.push(loops.hear(&event(1_000 + 2 * round, Happening::Started)));
            loops.hear(&event(1_001 + 2 * round, ended()));
        }
        assert_eq!(
            begun,
            [false, false, false, true, false, false],
            "the fourth start is the third that nobody asked for"
        );
        let id: ContainerId = "0123456789ab".parse().expect("an id");
        assert!(loops.is_looping(&id));
        assert!(loops.ended(EventTime::from_seconds(1_040)).is_empty());
        assert_eq!(loops.ended(EventTime::from_seconds(1_100)), std::slice::from_ref(&id));
        assert!(!loops.is_looping(&id));
        loops.hear(&event(1_200, Happening::Started));
        loops.forget(&id);
        assert!(loops.events.is_empty(), "one that is removed costs nothing");
    }
}
