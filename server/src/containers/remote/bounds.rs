//! The bounds of what is told of another machine's containers, at both ends: an agent keeps them, and a server does not believe that it does.

use common::container::{
    ContainerEvent, ContainerInfo, ContainerNews, ContainerUsage, ContainersUsage, EngineStatus,
};
use container_engine::{ContainerId, clean_text};

use super::super::news::time_of;

/// A host has at most so many containers here.
pub(crate) const CONTAINERS: usize = 2_000;
/// A container with more bytes of JSON is told without its ports and its texts beside the name.
const BYTES: usize = 8 << 10;
/// The most ports of a container that are told.
const PORTS: usize = 64;
/// The lengths, in characters, to which texts are cut.
const WORD: usize = 32;
const NAME: usize = 256;
const REFERENCE: usize = 512;
const SENTENCE: usize = 500;
/// A moment may be ahead of the server's clock by so much, milliseconds.
const AHEAD: u64 = 60_000;

/// Makes a container fit to be told: without what is not to be seen, and within its bounds.
pub(crate) fn bounded(one: ContainerInfo) -> ContainerInfo {
    let option = |text: Option<String>, longest| text.map(|text| clean_text(&text, longest));
    let mut one = ContainerInfo {
        name: clean_text(&one.name, NAME),
        image: clean_text(&one.image, REFERENCE),
        state: clean_text(&one.state, WORD),
        health: option(one.health, WORD),
        error: option(one.error, SENTENCE),
        ports: one.ports.iter().take(PORTS).map(|port| clean_text(port, NAME)).collect(),
        project: option(one.project, NAME),
        service: option(one.service, NAME),
        ..one
    };
    if serde_json::to_vec(&one).map_or(usize::MAX, |text| text.len()) > BYTES {
        one.ports = Vec::new();
        (one.error, one.project, one.service) = (None, None, None);
    }
    one
}

/// Reads a container of another machine.
///
/// # Errors
/// The text says why it cannot be one.
pub(super) fn container(one: ContainerInfo) -> Result<ContainerInfo, String> {
    id(&one.id)?;
    Ok(bounded(one))
}

/// Reads what is said of another machine's engine.
pub(super) fn engine(status: EngineStatus, now_ms: u64) -> EngineStatus {
    EngineStatus {
        state: status.state,
        since_ms: status.since_ms.min(now_ms),
        product: status.product.map(|product| clean_text(&product, NAME)),
        why: status.why.map(|why| clean_text(&why, SENTENCE)),
    }
}

/// Reads news of another machine.
///
/// # Errors
/// The text says why they cannot be any.
pub(super) fn news(news: ContainerNews, now_ms: u64) -> Result<ContainerNews, String> {
    let moment = |at: u64| {
        if at > now_ms.saturating_add(AHEAD) {
            Err("it is told of a time to come".to_owned())
        } else {
            Ok(at)
        }
    };
    Ok(match news {
        ContainerNews::Event(one) => {
            moment(one.at_ms)?;
            ContainerNews::Event(event(one)?)
        }
        ContainerNews::Changed { container: one } => ContainerNews::Changed { container: container(one)? },
        ContainerNews::Gone { id: gone } => {
            id(&gone)?;
            ContainerNews::Gone { id: gone }
        }
        ContainerNews::Listed => return Err("an agent tells the list itself".to_owned()),
        ContainerNews::Engine(status) => ContainerNews::Engine(engine(status, now_ms)),
        ContainerNews::Unknown { from_ms, until_ms, why } => ContainerNews::Unknown {
            from_ms: moment(from_ms)?,
            until_ms: moment(until_ms)?,
            why: clean_text(&why, SENTENCE),
        },
    })
}

fn event(one: ContainerEvent) -> Result<ContainerEvent, String> {
    // Of a pulled image there is no container.
    if !(one.id.is_empty() && one.container.is_none()) {
        id(&one.id)?;
    }
    if time_of(&one.time).is_none() {
        return Err("its time is none of an engine's".to_owned());
    }
    let after = one.container.map(container).transpose()?;
    if after.as_ref().is_some_and(|after| after.id != one.id) {
        return Err("it is of one container and brings another".to_owned());
    }
    Ok(ContainerEvent {
        name: clean_text(&one.name, NAME),
        image: clean_text(&one.image, REFERENCE),
        old_name: one.old_name.map(|name| clean_text(&name, NAME)),
        container: after,
        ..one
    })
}

/// Reads usage of another machine: that of containers that `is_there` knows.
///
/// # Errors
/// The text says why it cannot be any.
pub(super) fn usage(
    usage: ContainersUsage,
    now_ms: u64,
    is_there: impl Fn(&str) -> bool,
) -> Result<ContainersUsage, String> {
    if usage.at > now_ms.saturating_add(AHEAD) {
        return Err("it is usage of a time to come".to_owned());
    }
    let real = |value: Option<f64>| value.filter(|value| value.is_finite() && *value >= 0.0);
    let told = usage.containers.into_iter().filter(|one| is_there(&one.id)).take(CONTAINERS);
    let told = told.map(|one| ContainerUsage {
        cpu: real(one.cpu),
        received: real(one.received),
        sent: real(one.sent),
        read: real(one.read),
        written: real(one.written),
        ..one
    });
    Ok(ContainersUsage { at: usage.at, containers: told.collect() })
}

fn id(text: &str) -> Result<(), String> {
    match text.parse::<ContainerId>() {
        Ok(_) => Ok(()),
        Err(_) => Err("a container's id has 12 to 64 of 0-9 and a-f".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use common::container::Happening;

    use super::*;

    const ID: &str = "0123456789ab";

    fn event_of(change: impl FnOnce(&mut ContainerEvent)) -> ContainerNews {
        let mut event = ContainerEvent {
            at_ms: 5_000,
            time: "5.000000000".into(),
            id: ID.into(),
            name: "web\u{202e}".into(),
            image: "bb".into(),
            what: Happening::Started,
            exit_code: None,
            signal: None,
            old_name: None,
            is_late: false,
            container: Some(ContainerInfo { id: ID.into(), ..ContainerInfo::default() }),
        };
        change(&mut event);
        ContainerNews::Event(event)
    }

    #[test]
    fn hostile_texts_are_cut_and_lose_what_is_not_to_be_seen() {
        let one = ContainerInfo {
            id: ID.into(),
            name: "\u{1b}[31m".repeat(10_000),
            image: "i".repeat(100_000),
            ports: vec!["1→1/tcp".to_owned(); 70_000],
            error: Some("웹".repeat(9_000)),
            ..ContainerInfo::default()
        };
        let told = bounded(one);
        assert!(!told.name.contains('\u{1b}') && told.name.chars().count() == NAME + 1);
        assert!(told.ports.len() <= PORTS);
        assert!(serde_json::to_vec(&told).expect("JSON").len() <= BYTES);
        assert_eq!(bounded(told.clone()), told, "once is enough");
    }

    #[test]
    fn an_event_is_of_one_container_and_of_no_time_to_come() {
        let now = 6_000;
        let Ok(ContainerNews::Event(told)) = news(event_of(|_| ()), now) else { panic!("it is one") };
        assert_eq!(told.name, "web\u{fffd}");
        assert!(news(event_of(|event| event.id = "../../etc".into()), now).is_err());
        assert!(news(event_of(|event| event.id = "ba9876543210".into()), now).is_err());
        assert!(news(event_of(|event| event.at_ms = u64::MAX), now).is_err());
        assert!(news(event_of(|event| event.time = "now".into()), now).is_err());
        assert!(news(event_of(|event| event.id = String::new()), now).is_err());
        let pulled = event_of(|event| (event.id, event.container) = (String::new(), None));
        assert!(news(pulled, now).is_ok());
        assert!(news(ContainerNews::Listed, now).is_err());
    }

    #[test]
    fn usage_of_unknown_containers_is_left_out() {
        let of = |id: &str| ContainerUsage { id: id.into(), cpu: Some(-1.0), ..ContainerUsage::default() };
        let told = ContainersUsage { at: 5, containers: vec![of("mine"), of("foreign")] };
        let told = usage(told, 6, |id| id == "mine").expect("it is usage");
        assert_eq!(told.containers, [ContainerUsage { id: "mine".into(), ..ContainerUsage::default() }]);
        assert!(usage(ContainersUsage { at: u64::MAX, containers: Vec::new() }, 6, |_| true).is_err());
    }
}
