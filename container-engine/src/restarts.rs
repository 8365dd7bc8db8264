//! Restart loops: a container that ends and is started again, over and over.

use std::time::Duration;

use crate::{
    event::{ContainerEvent, Happening},
    time::EventTime,
};

/// The rule by which restarts are a loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartRule {
    /// So many starts that nobody asked for.
    pub starts: usize,
    /// Within such a time.
    pub within: Duration,
}

/// A loop that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartLoop {
    /// The starts that count, in the busiest time.
    pub starts: usize,
    /// The first of them.
    pub from: EventTime,
    /// The last of them.
    pub to: EventTime,
}

/// Finds a restart loop in the events of one container, in their order.
///
/// A start counts when it follows an end that nobody asked for: Docker tells a request by `kill` before the end, Podman by `restart` or
/// `kill` before it. Podman's `restart` *after* an end is its policy's, and counts.
#[must_use]
pub fn restart_loop<'a>(
    events: impl IntoIterator<Item = &'a ContainerEvent>,
    rule: RestartRule,
) -> Option<RestartLoop> {
    let mut counted: Vec<EventTime> = Vec::new();
    let (mut is_requested, mut has_ended) = (false, false);
    let mut found: Option<RestartLoop> = None;
    for event in events {
        match &event.what {
            Happening::Killed { .. } | Happening::Restarted | Happening::Stopped if !has_ended => {
                is_requested = true;
            }
            Happening::Ended { .. } => has_ended = true,
            Happening::Started => {
                if has_ended && !is_requested {
                    counted.push(event.time);
                    counted.retain(|time| event.time.since(*time) <= rule.within);
                    let starts = counted.len();
                    if starts >= rule.starts && found.is_none_or(|found| starts > found.starts) {
                        found = Some(RestartLoop { starts, from: counted[0], to: event.time });
                    }
                }
                (is_requested, has_ended) = (false, false);
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{RestartLoop, RestartRule, restart_loop};
    use crate::{
        ends::EndCause,
        event::{ContainerEvent, Happening, Seen, Signal},
        time::EventTime,
    };

    const RULE: RestartRule = RestartRule { starts: 3, within: Duration::from_secs(60) };

    /// The events by the engine's words, each at a second.
    fn events(words: &str, every: u64) -> Vec<ContainerEvent> {
        let one = |(number, word): (usize, &str)| ContainerEvent {
            time: EventTime::from_seconds(1_000 + every * number as u64),
            id: "0123456789ab".parse().unwrap(),
            name: String::new(),
            image: String::new(),
            what: match word {
                "start" => Happening::Started,
                "die" => Happening::Ended {
                    exit_code: Some(1),
                    signal: None,
                    seen: Seen::Event,
                    cause: EndCause::Untold,
                },
                "kill" => Happening::Killed { signal: Some(Signal(15)) },
                "restart" => Happening::Restarted,
                "stop" => Happening::Stopped,
                _ => Happening::Created,
            },
        };
        words.split_whitespace().enumerate().map(one).collect()
    }

    #[test]
    fn policies_of_both_engines_are_found() {
        let docker = events("create start die start die start die start", 1);
        let podman = events("create start die restart start die restart start die restart start", 1);
        for events in [docker, podman] {
            let found = restart_loop(&events, RULE).unwrap();
            assert_eq!(found.starts, 3);
            assert!(found.from < found.to && found.to == events.last().unwrap().time);
        }
    }

    #[test]
    fn restarts_that_someone_asked_for_are_no_loop() {
        let docker = events(&"start kill die stop start restart kill die stop start restart kill die start restart kill die start".repeat(2), 1);
        assert_eq!(restart_loop(&docker, RULE), None);
        // Docker 26 may say `stop` before `die`.
        assert_eq!(
            restart_loop(&events("start stop die start stop die start stop die start", 1), RULE),
            None
        );
        let podman =
            events("start restart die start restart die start restart die start restart die start", 1);
        assert_eq!(restart_loop(&podman, RULE), None);
    }

    #[test]
    fn slow_restarts_and_starts_without_an_end_are_no_loop() {
        assert_eq!(restart_loop(&events("start die start die start die start", 30), RULE), None);
        assert_eq!(restart_loop(&events("start start start start", 1), RULE), None);
        assert_eq!(restart_loop([], RULE), None);
    }

    #[test]
    fn the_busiest_time_is_told_also_when_clocks_go_back() {
        let mut events = events("start die start die start die start die start", 1);
        let found = restart_loop(&events, RULE);
        assert_eq!(
            found,
            Some(RestartLoop {
                starts: 4,
                from: EventTime::from_seconds(1_002),
                to: EventTime::from_seconds(1_008)
            })
        );
        events.reverse();
        let _ = restart_loop(&events, RULE);
    }
}
