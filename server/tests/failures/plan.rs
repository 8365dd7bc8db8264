//! Plans: what happens to a board of three nodes, event by event, from a seed.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde::{Deserialize, Serialize};

pub(crate) const NODES: usize = 3;
pub(crate) const CLIENTS: usize = 9;

/// The mean number of events between the beginnings of two failures, and the bounds of a failure's length.
const BETWEEN_FAILURES: usize = 40;
const LENGTHS: std::ops::Range<usize> = 12..60;

/// One event. Each makes sense without those before it, so that a plan can be shortened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Event {
    /// Something is published, at this node first.
    Publish { log: Log, node: usize },
    /// A client leaves, and comes back on this transport, at this node first.
    Switch { client: usize, transport: usize, node: usize, since: Since },
    /// Something breaks, where enough is left that works.
    Begin(Failure),
    /// It is over; nothing happens where it did not begin.
    End(Failure),
}

/// The topics of kind Log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Log {
    /// A room of the chat, which keeps all that a run publishes.
    Room,
    /// A custom topic, which keeps [`Log::CUSTOM_KEEPS`] entries.
    Custom,
}

/// The place from which a client goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Since {
    /// Its own.
    Last,
    /// One that it had, so many hundredths of what it has heard ago.
    Earlier(usize),
    /// One that the log never gave out.
    Forged,
}

/// A part that does not work for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Failure {
    /// SIGKILL; then it is started again.
    NodeKilled(usize),
    /// SIGSTOP; then SIGCONT.
    NodeStopped(usize),
    /// Its connections to NATS are cut, and refused until the end.
    NodeCutOff(usize),
    /// SIGKILL to the NATS server that leads the log; then it is started again.
    LeaderKilled,
}

impl Log {
    pub(crate) const ALL: [Self; 2] = [Self::Room, Self::Custom];
    pub(crate) const CUSTOM_KEEPS: usize = 1024;

    pub(crate) fn topic(self) -> &'static str {
        match self {
            Self::Room => "chat/lobby",
            Self::Custom => "custom/events",
        }
    }
}

/// A plan of so many events. Every kind of failure comes in each four.
pub(crate) fn draw(seed: u64, events: usize, transports: usize) -> Vec<Event> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut plan: Vec<Event> = (0..events).map(|_| draw_event(&mut random, transports)).collect();
    let mut kinds = Vec::new();
    let mut failures = Vec::new();
    for at in (BETWEEN_FAILURES / 4..events.saturating_sub(1)).step_by(BETWEEN_FAILURES) {
        if kinds.is_empty() {
            kinds = vec![0, 1, 2, 3];
            kinds.shuffle(&mut random);
        }
        let node = random.random_range(0..NODES);
        let failure = match kinds.pop() {
            Some(0) => Failure::NodeKilled(node),
            Some(1) => Failure::NodeStopped(node),
            Some(2) => Failure::NodeCutOff(node),
            _ => Failure::LeaderKilled,
        };
        let begin = (at + random.random_range(0..BETWEEN_FAILURES)).min(events - 1);
        let end = (begin + random.random_range(LENGTHS)).min(events - 1);
        failures.push((begin, Event::Begin(failure)));
        failures.push((end, Event::End(failure)));
    }
    // From behind, so that the places of those before them stay; what begins and ends at one place keeps its order.
    failures.sort_by_key(|(at, _)| *at);
    for (at, event) in failures.into_iter().rev() {
        plan.insert(at, event);
    }
    plan.truncate(events);
    plan
}

fn draw_event(random: &mut StdRng, transports: usize) -> Event {
    let node = random.random_range(0..NODES);
    if random.random_ratio(2, 3) {
        let log = Log::ALL[random.random_range(0..Log::ALL.len())];
        return Event::Publish { log, node };
    }
    let since = match random.random_range(0..100) {
        0..6 => Since::Earlier(random.random_range(1..=100)),
        6..9 => Since::Forged,
        _ => Since::Last,
    };
    let (client, transport) = (random.random_range(0..CLIENTS), random.random_range(0..transports));
    Event::Switch { client, transport, node, since }
}

/// Shortens a plan that fails, part by part, as long as what is left fails, too; `fails` is asked so many times at most.
pub(crate) async fn shrink(
    mut plan: Vec<Event>,
    mut tries: usize,
    mut fails: impl AsyncFnMut(&[Event]) -> bool,
) -> Vec<Event> {
    let mut size = plan.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < plan.len() {
            if tries == 0 {
                return plan;
            }
            tries -= 1;
            let mut shorter = plan.clone();
            shorter.drain(at..(at + size).min(plan.len()));
            if fails(&shorter).await {
                plan = shorter;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    plan
}

#[tokio::test]
async fn a_plan_is_shortened_to_the_events_that_it_fails_by() {
    let plan = draw(7, 400, 6);
    assert_eq!(plan, draw(7, 400, 6), "a seed is a plan");
    let guilty = |plan: &[Event]| {
        let killed = plan.iter().position(|event| matches!(event, Event::Begin(Failure::NodeKilled(_))));
        killed.is_some_and(|at| {
            plan[at..].iter().any(|event| matches!(event, Event::Switch { since: Since::Forged, .. }))
        })
    };
    assert!(guilty(&plan));
    let short = shrink(plan, 2000, async |plan| guilty(plan)).await;
    assert_eq!(short.len(), 2, "{short:?}");
    assert!(guilty(&short));
}
