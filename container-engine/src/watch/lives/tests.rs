use std::{collections::BTreeMap, time::Duration};

use tokio::time::Instant;

use super::{GRACE, Lives};
use crate::{
    container::{Container, Health, Limits, State},
    ends::EndCause,
    event::{ContainerEvent, Happening, Seen, Signal},
    time::EventTime,
    version::Product::{Docker, Podman},
};

fn seconds(seconds: u64) -> EventTime {
    EventTime::from_seconds(seconds)
}

fn event(time: u64, what: Happening) -> ContainerEvent {
    ContainerEvent {
        time: seconds(time),
        id: "0123456789ab".parse().unwrap(),
        name: "web".to_owned(),
        image: "bb".to_owned(),
        what,
    }
}

fn die(time: u64, code: i64) -> ContainerEvent {
    let (signal, seen, cause) = (Signal::of_exit_code(code), Seen::Event, EndCause::Untold);
    event(time, Happening::Ended { exit_code: Some(code), signal, seen, cause })
}

fn container(state: State, started: u64, finished: u64) -> Container {
    Container {
        id: "0123456789ab".parse().unwrap(),
        name: "web".to_owned(),
        image: "bb".to_owned(),
        exit_code: state.is_ended().then_some(3),
        state,
        health: None,
        oom_killed: false,
        error: None,
        restart_count: None,
        created: None,
        started_at: Some(seconds(started)),
        finished_at: (finished > 0).then(|| seconds(finished)),
        ports: Vec::new(),
        labels: BTreeMap::new(),
        pid: None,
        limits: Limits::default(),
        tty: false,
    }
}

fn cause(event: Option<ContainerEvent>) -> (EndCause, Seen) {
    match event.map(|event| event.what) {
        Some(Happening::Ended { cause, seen, .. }) => (cause, seen),
        other => panic!("no end: {other:?}"),
    }
}

#[test]
fn an_end_without_an_event_is_told_once() {
    let (mut lives, now) = (Lives::default(), Instant::now());
    lives.on_list(&[container(State::Running, 100, 0)], now);
    lives.on_list(&[container(State::Exited, 100, 110)], now);
    assert!(lives.take_due(now, Docker).is_empty(), "its event may still come");
    let due = lives.next_due().unwrap();
    lives.on_list(&[container(State::Exited, 100, 110)], now + Duration::from_secs(1));
    assert_eq!(lives.next_due(), Some(due), "another list does not put it off");
    let ends = lives.take_due(due, Docker);
    assert_eq!((ends.len(), ends[0].time), (1, seconds(110)));
    assert_eq!(cause(ends.into_iter().next()), (EndCause::Itself, Seen::Listed));
    lives.on_list(&[container(State::Exited, 100, 110)], due);
    assert_eq!(lives.next_due(), None);
    assert_eq!(lives.on_event(die(110, 3), Docker), None, "late, and told");
    // The next life is another matter.
    lives.on_event(event(120, Happening::Started), Docker).unwrap();
    assert_eq!(cause(lives.on_event(die(125, 3), Docker)), (EndCause::Itself, Seen::Event));
}

#[test]
fn an_event_in_time_is_the_one_that_is_told() {
    let (mut lives, now) = (Lives::default(), Instant::now());
    lives.on_list(&[container(State::Running, 100, 0)], now);
    lives.on_list(&[container(State::Exited, 100, 110)], now);
    lives.on_event(die(110, 3), Docker).unwrap();
    assert!(lives.take_due(now + GRACE, Docker).is_empty());
    lives.on_list(&[container(State::Exited, 100, 110)], now + GRACE);
    assert_eq!(lives.next_due(), None);
    // Short lives end before they began, on Docker's word.
    lives.on_event(event(130, Happening::Started), Docker).unwrap();
    lives.on_event(die(131, 0), Docker).unwrap();
    lives.on_list(&[container(State::Exited, 130, 129)], now + GRACE);
    assert_eq!(lives.next_due(), None);
}

#[test]
fn ends_of_the_first_list_are_history_and_of_unknown_containers_later_are_not() {
    let (mut lives, now) = (Lives::default(), Instant::now());
    lives.on_list(&[container(State::Exited, 100, 110)], now);
    assert_eq!(lives.next_due(), None);
    let (mut lives, now) = (Lives::default(), Instant::now());
    lives.on_list(&[], now);
    lives.on_list(&[container(State::Exited, 100, 110)], now);
    assert!(lives.next_due().is_some());
    lives.on_list(&[], now);
    assert_eq!(lives.next_due(), None, "gone");
}

#[test]
fn an_older_lifes_event_is_told_after_the_list_has_told_a_newer_end() {
    let (mut lives, now) = (Lives::default(), Instant::now());
    lives.on_list(&[container(State::Running, 100, 0)], now);
    lives.on_list(&[container(State::Exited, 120, 130)], now);
    assert_eq!(lives.take_due(now + GRACE, Docker).len(), 1);
    assert!(lives.on_event(die(110, 3), Docker).is_some());
    assert!(lives.on_event(event(120, Happening::Started), Docker).is_some());
    assert_eq!(lives.on_event(die(130, 3), Docker), None);
}

#[test]
fn podmans_health_is_told_when_it_changes() {
    let mut lives = Lives::default();
    let health = |time, health| event(time, Happening::Health(health));
    assert!(lives.on_event(health(1, Health::Healthy), Podman).is_some());
    assert!(lives.on_event(health(2, Health::Healthy), Podman).is_none());
    assert!(lives.on_event(health(3, Health::Unhealthy), Podman).is_some());
    lives.on_event(event(4, Happening::Started), Podman).unwrap();
    assert!(lives.on_event(health(5, Health::Unhealthy), Podman).is_some());
}

#[test]
fn causes_names_and_removals_are_followed() {
    let mut lives = Lives::default();
    let killed = |signal| event(1, Happening::Killed { signal: Some(Signal(signal)) });
    lives.on_event(killed(15), Docker).unwrap();
    assert_eq!(cause(lives.on_event(die(2, 143), Docker)).0, EndCause::Requested);
    lives.on_event(event(3, Happening::Started), Docker).unwrap();
    lives.on_event(event(4, Happening::OutOfMemory), Docker).unwrap();
    assert_eq!(cause(lives.on_event(die(5, 137), Docker)).0, EndCause::OutOfMemory);
    lives.on_event(event(6, Happening::Started), Podman).unwrap();
    lives.on_event(event(7, Happening::Restarted), Podman).unwrap();
    assert_eq!(cause(lives.on_event(die(8, 143), Podman)).0, EndCause::Requested);
    lives.on_event(event(9, Happening::Started), Podman).unwrap();
    assert_eq!(cause(lives.on_event(die(10, 1), Podman)).0, EndCause::Untold);
    let mut renamed = event(11, Happening::Renamed { from: None });
    renamed.name = "shop".to_owned();
    let told = lives.on_event(renamed, Podman).unwrap();
    assert_eq!(told.what, Happening::Renamed { from: Some("web".to_owned()) });
    assert!(lives.on_event(event(12, Happening::Removed), Docker).is_some());
    assert!(lives.lives.is_empty());
}
