//! The lives of containers, from a start to an end. Each end is told once: by its event, or by the list where no event came.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

use crate::{
    container::{Container, Health, State},
    ends::{EndCause, EndJudge},
    event::{ContainerEvent, Happening, Seen, Signal},
    id::ContainerId,
    time::EventTime,
    version::Product,
};

/// The time for which the event of an end that the list shows is waited for. Podman writes it when it cleans up.
const GRACE: Duration = Duration::from_secs(3);
/// A start is told within this time of the moment that the list shows for it.
const START_TOLD: u64 = 50_000_000;

/// The containers that are followed.
#[derive(Debug, Default)]
pub(super) struct Lives {
    lives: HashMap<ContainerId, Life>,
    has_listed: bool,
}

#[derive(Debug, Default)]
struct Life {
    name: String,
    health: Option<Health>,
    judge: EndJudge,
    /// The time of the last end that was told.
    told_end: EventTime,
    /// The start of the life whose end the list alone has told, and that end, or the start where it is later.
    listed_end: Option<(EventTime, EventTime)>,
    due: Option<DueEnd>,
}

/// An end that the list shows, and the time until which its event may come.
#[derive(Debug)]
struct DueEnd {
    deadline: Instant,
    /// The start of the life that has ended.
    started: EventTime,
    event: ContainerEvent,
}

impl Lives {
    /// Takes an event. Nothing when it was told before: an end that the list has told, a health that has not changed.
    pub(super) fn on_event(&mut self, mut event: ContainerEvent, product: Product) -> Option<ContainerEvent> {
        if event.what == Happening::Removed {
            self.lives.remove(&event.id);
            return Some(event);
        }
        let life = self.lives.entry(event.id.clone()).or_default();
        match &mut event.what {
            Happening::Started => {
                life.judge.on_start();
                life.health = None;
                if life.listed_end.is_some_and(|(_, later)| event.time.0 > later.0.saturating_add(START_TOLD))
                {
                    life.listed_end = None;
                }
            }
            Happening::Ended { exit_code, cause, .. } => {
                if life.listed_end.is_some_and(|(started, _)| event.time >= started) {
                    return None;
                }
                life.told_end = life.told_end.max(event.time);
                life.due = None;
                *cause = life.judge.on_end(product, *exit_code == Some(137));
            }
            Happening::Killed { signal } => life.judge.on_kill(signal.map(|signal| signal.0)),
            Happening::Stopped => life.judge.on_stop(),
            // Podman says so before it ends the container; Docker after it has started it.
            Happening::Restarted if product == Product::Podman => life.judge.on_stop(),
            Happening::OutOfMemory => life.judge.on_out_of_memory(),
            Happening::Health(health) => {
                if life.health.as_ref() == Some(health) {
                    return None;
                }
                life.health = Some(health.clone());
            }
            Happening::Renamed { from }
                if from.is_none() && !life.name.is_empty() && life.name != event.name =>
            {
                *from = Some(life.name.clone());
            }
            _ => {}
        }
        life.name.clone_from(&event.name);
        Some(event)
    }

    /// Takes a list. An end in it that no event has told is told when none comes in time; those of the first list are history.
    pub(super) fn on_list(&mut self, containers: &[Container], now: Instant) {
        let is_first = !std::mem::replace(&mut self.has_listed, true);
        let mut before = std::mem::take(&mut self.lives);
        for container in containers {
            let mut life = before.remove(&container.id).unwrap_or_default();
            life.name.clone_from(&container.name);
            if container.health.is_some() {
                life.health.clone_from(&container.health);
            }
            let has_ended = container.state.is_ended() || container.state == State::Restarting;
            let untold = container.started_at.filter(|started| has_ended && life.told_end < *started);
            match untold {
                Some(started) if is_first => life.told_end = started,
                Some(started) => {
                    let deadline = life.due.take().map_or(now + GRACE, |due| due.deadline);
                    life.due = Some(DueEnd { deadline, started, event: end_of(container, started) });
                }
                None => life.due = None,
            }
            self.lives.insert(container.id.clone(), life);
        }
    }

    /// The time at which an end has to be told.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.lives.values().filter_map(|life| life.due.as_ref().map(|due| due.deadline)).min()
    }

    /// The ends whose events have not come.
    pub(super) fn take_due(&mut self, now: Instant, product: Product) -> Vec<ContainerEvent> {
        let mut ends = Vec::new();
        for life in self.lives.values_mut() {
            let Some(DueEnd { started, mut event, .. }) = life.due.take_if(|due| due.deadline <= now) else {
                continue;
            };
            if let Happening::Ended { exit_code, cause, .. } = &mut event.what {
                *cause = life.judge.on_end(product, *exit_code == Some(137));
            }
            let later = event.time.max(started);
            life.told_end = life.told_end.max(later);
            life.listed_end = Some((started, later));
            ends.push(event);
        }
        ends.sort_by_key(|event| event.time);
        ends
    }
}

/// The end that a list shows.
fn end_of(container: &Container, started: EventTime) -> ContainerEvent {
    let exit_code = container.exit_code;
    let signal = exit_code.and_then(Signal::of_exit_code);
    ContainerEvent {
        time: container.finished_at.unwrap_or(started),
        id: container.id.clone(),
        name: container.name.clone(),
        image: container.image.clone(),
        what: Happening::Ended { exit_code, signal, seen: Seen::Listed, cause: EndCause::Untold },
    }
}

#[cfg(test)]
mod tests;
