//! News of the engine, in the words of pages and programs.

use common::container::{ContainerEvent, ContainerInfo, Happening};
use container_engine::{
    self as engine, Container, EngineVersion, EventTime, GapCause, Health, Port, Product, Seen,
};

/// A container as it is told.
pub(super) fn info(one: &Container, is_looping: bool) -> ContainerInfo {
    ContainerInfo {
        id: one.id.to_string(),
        name: one.name.clone(),
        image: one.image.clone(),
        state: one.state.as_str().to_owned(),
        health: one.health.as_ref().map(|health| health.as_str().to_owned()),
        exit_code: one.exit_code.filter(|_| one.state.is_ended() || one.error.is_some()),
        oom_killed: one.oom_killed,
        error: one.error.clone(),
        restarts: one.restart_count.unwrap_or_default(),
        is_looping,
        created_ms: one.created.map(milliseconds).unwrap_or_default(),
        started_ms: one.started_at.map(milliseconds),
        finished_ms: one.finished_at.map(milliseconds),
        ports: one.ports.iter().map(port).collect(),
        project: one.compose_project().map(str::to_owned),
        service: one.compose_service().map(str::to_owned),
        memory_limit: one.limits.memory,
        cpu_limit: one.limits.nano_cpus.map(|nano| nano as f64 / 1e9),
    }
}

fn port(one: &Port) -> String {
    let inside = format!("{}/{}", one.inside, one.protocol);
    match &one.published {
        None => inside,
        Some((address, port)) if address.contains(':') => format!("[{address}]:{port}→{inside}"),
        Some((address, port)) if address.is_empty() => format!("{port}→{inside}"),
        Some((address, port)) => format!("{address}:{port}→{inside}"),
    }
}

/// An event as it is told, with the container after it; none for what says nothing to people.
pub(super) fn event(
    event: &engine::ContainerEvent,
    container: Option<ContainerInfo>,
) -> Option<ContainerEvent> {
    let what = match &event.what {
        engine::Happening::Created => Happening::Created,
        engine::Happening::Started => Happening::Started,
        engine::Happening::Ended { .. } => Happening::Ended,
        engine::Happening::OutOfMemory => Happening::OutOfMemory,
        engine::Happening::Killed { .. } => Happening::Signalled,
        engine::Happening::Stopped => Happening::Stopped,
        engine::Happening::Restarted => Happening::Restarted,
        engine::Happening::Paused => Happening::Paused,
        engine::Happening::Unpaused => Happening::Unpaused,
        engine::Happening::Health(Health::Healthy) => Happening::Healthy,
        engine::Happening::Health(Health::Unhealthy) => Happening::Unhealthy,
        engine::Happening::Renamed { .. } => Happening::Renamed,
        engine::Happening::Removed => Happening::Removed,
        engine::Happening::Health(_) | engine::Happening::Updated => return None,
    };
    let mut told = ContainerEvent { container, ..bare(what, event.time, event.id.as_str()) };
    told.name.clone_from(&event.name);
    told.image.clone_from(&event.image);
    match &event.what {
        engine::Happening::Ended { exit_code, signal, seen, .. } => {
            told.exit_code = *exit_code;
            told.signal = signal.map(|signal| i32::from(signal.0));
            told.is_late = *seen == Seen::Listed;
        }
        engine::Happening::Killed { signal } => told.signal = signal.map(|signal| i32::from(signal.0)),
        engine::Happening::Renamed { from } => told.old_name.clone_from(from),
        _ => {}
    }
    Some(told)
}

/// An image was pulled.
pub(super) fn image_pulled(time: EventTime, image: &str) -> ContainerEvent {
    ContainerEvent {
        name: image.to_owned(),
        image: image.to_owned(),
        ..bare(Happening::ImagePulled, time, "")
    }
}

/// A container begins to start again and again.
pub(super) fn restart_loop(
    event: &engine::ContainerEvent,
    container: Option<ContainerInfo>,
) -> ContainerEvent {
    ContainerEvent {
        name: event.name.clone(),
        image: event.image.clone(),
        container,
        ..bare(Happening::RestartLoop, event.time, event.id.as_str())
    }
}

/// The engine with its version.
pub(super) fn product(version: &EngineVersion) -> String {
    let name = match version.product {
        Product::Docker => "Docker",
        Product::Podman => "Podman",
    };
    format!("{name} {}", version.version)
}

/// The reason for which events may be missing, in a sentence.
pub(super) fn gap(why: GapCause) -> &'static str {
    match why {
        GapCause::HistoryLost => "The engine does not remember back to the last event.",
        GapCause::Overflow => "More events came than could be taken in.",
    }
}

fn bare(what: Happening, time: EventTime, id: &str) -> ContainerEvent {
    ContainerEvent {
        at_ms: milliseconds(time),
        time: time.parameter(),
        id: id.to_owned(),
        name: String::new(),
        image: String::new(),
        what,
        exit_code: None,
        signal: None,
        old_name: None,
        is_late: false,
        container: None,
    }
}

/// Unix milliseconds of an engine's time.
pub(super) fn milliseconds(time: EventTime) -> u64 {
    time.0 / 1_000_000
}

/// Reads an engine's time as [`EventTime::parameter`] writes it.
pub(crate) fn time_of(text: &str) -> Option<EventTime> {
    let (seconds, nanoseconds) = text.split_once('.')?;
    let nanoseconds: u64 = nanoseconds.parse().ok().filter(|_| nanoseconds.len() == 9)?;
    let seconds: u64 = seconds.parse().ok()?;
    seconds.checked_mul(1_000_000_000)?.checked_add(nanoseconds).map(EventTime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for nanoseconds in [0, 7, 1_795_830_896_735_250_568, u64::MAX] {
            let time = EventTime(nanoseconds);
            assert_eq!(time_of(&time.parameter()), Some(time));
        }
        for text in ["", "1", "1.5", "1.0000000000", "x.000000000", "99999999999999999999.000000000"] {
            assert_eq!(time_of(text), None, "{text}");
        }
    }

    #[test]
    fn an_event_is_told_with_all_that_belongs_to_it() {
        let of = |what| {
            let id = "0123456789ab".parse().expect("an id");
            let one = engine::ContainerEvent {
                time: EventTime(5_000_000_007),
                id,
                name: "web".into(),
                image: "bb".into(),
                what,
            };
            event(&one, None)
        };
        let signal = Some(engine::Signal(9));
        let cause = engine::EndCause::Untold;
        let ended = engine::Happening::Ended { exit_code: Some(137), signal, seen: Seen::Listed, cause };
        let told = of(ended).expect("it is told");
        assert_eq!((told.at_ms, &*told.time, &*told.name), (5_000, "5.000000007", "web"));
        assert_eq!((told.what, told.exit_code, told.signal), (Happening::Ended, Some(137), Some(9)));
        assert!(told.is_late);
        let renamed = of(engine::Happening::Renamed { from: Some("old".into()) }).expect("it is told");
        assert_eq!(renamed.old_name.as_deref(), Some("old"));
        assert_eq!(of(engine::Happening::Updated), None);
        assert_eq!(of(engine::Happening::Health(Health::Starting)), None);
    }
}
