//! Events, normalised between Docker and Podman.

use std::fmt;

use serde_json::Value;

use crate::{
    container::Health, ends::EndCause, id::ContainerId, json::Json, list::plain_name, text, time::EventTime,
};

/// The names of the events that are asked for, the union of what both engines call them. A name that an engine does not have does no harm.
/// Those of checks and of commands in a container are left out: they flood the stream, and hold whole command lines with passwords.
pub(crate) const NAMES: [&str; 17] = [
    "create",
    "start",
    "die",
    "died",
    "oom",
    "kill",
    "stop",
    "restart",
    "pause",
    "unpause",
    "destroy",
    "remove",
    "rename",
    "update",
    "health_status",
    "pull",
    "load",
];

/// Something that an engine has told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineEvent {
    /// Something became of a container.
    Container(ContainerEvent),
    /// An image was fetched, or loaded from an archive.
    ImagePulled {
        /// The time.
        time: EventTime,
        /// The image's name.
        image: String,
    },
}

/// Something that became of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerEvent {
    /// The time on the engine's clock.
    pub time: EventTime,
    /// The container.
    pub id: ContainerId,
    /// Its name at that time.
    pub name: String,
    /// Its image.
    pub image: String,
    /// The happening itself.
    pub what: Happening,
}

/// The events of containers, by one word for both engines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// It was made.
    Created,
    /// It was started.
    Started,
    /// Its first process ended, and with it the container.
    Ended {
        /// The code; none where the engine did not say.
        exit_code: Option<i64>,
        /// The signal that ended it, where the code says so: 128 and the signal's number. A program may end by such a code itself.
        signal: Option<Signal>,
        /// The source that told it.
        seen: Seen,
        /// The cause, as far as it can be told.
        cause: EndCause,
    },
    /// The memory limit ended a process in it. Podman has no such event.
    OutOfMemory,
    /// A signal was sent to it by the engine's API; Podman does not say which.
    Killed {
        /// The signal.
        signal: Option<Signal>,
    },
    /// It was stopped by the engine's API. Docker 26 and newer may say so before the end; Podman 4.3 and 5.8 never do.
    Stopped,
    /// It was restarted by the engine's API. Docker says so after everything else, Podman before, and for its policy's restarts, too.
    Restarted,
    /// It was stopped in its tracks.
    Paused,
    /// It goes on.
    Unpaused,
    /// Its health was told. Podman tells it at each check.
    Health(Health),
    /// It has a new name.
    Renamed {
        /// The name before; Podman does not say it.
        from: Option<String>,
    },
    /// Its limits or its restart policy were changed.
    Updated,
    /// It is gone.
    Removed,
}

/// The source of an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The engine's event.
    Event,
    /// The list alone: the engine was away when it happened, or its event was lost.
    Listed,
}

/// A signal, by its number on Linux.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signal(pub u8);

impl Signal {
    /// Reads a number or a name, such as `15`, `SIGTERM` or `TERM`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Ok(number) = text.parse::<u8>() {
            return (1..=64).contains(&number).then_some(Self(number));
        }
        let name = text.strip_prefix("SIG").unwrap_or(text);
        SIGNALS.iter().find(|(_, known)| *known == name).map(|(number, _)| Self(*number))
    }

    /// The signal of an exit code above 128.
    #[must_use]
    pub fn of_exit_code(code: i64) -> Option<Self> {
        u8::try_from(code.checked_sub(128)?).ok().filter(|number| (1..=64).contains(number)).map(Self)
    }
}

/// The signals that end programs, with their numbers on Linux (signal(7)).
const SIGNALS: [(u8, &str); 16] = [
    (1, "HUP"),
    (2, "INT"),
    (3, "QUIT"),
    (4, "ILL"),
    (5, "TRAP"),
    (6, "ABRT"),
    (7, "BUS"),
    (8, "FPE"),
    (9, "KILL"),
    (10, "USR1"),
    (11, "SEGV"),
    (12, "USR2"),
    (13, "PIPE"),
    (14, "ALRM"),
    (15, "TERM"),
    (31, "SYS"),
];

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match SIGNALS.iter().find(|(number, _)| *number == self.0) {
            Some((_, name)) => write!(f, "SIG{name}"),
            None => write!(f, "signal {}", self.0),
        }
    }
}

/// Why a line is no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The line is no object of JSON.
    #[error("the line is no JSON object")]
    Json,
    /// The event has no time, or its container no id.
    #[error("the event lacks its time or its container's id")]
    Incomplete,
}

/// An event, with the key by which it is told from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyedEvent {
    /// The time, the id of what it is about, and the engine's word for what happened.
    pub(crate) key: EventKey,
    /// The event; none for one of a type or an action that is not read.
    pub(crate) event: Option<EngineEvent>,
}

/// The key by which an event that comes twice is recognised.
pub(crate) type EventKey = (EventTime, String, String);

/// Parses a line of the engine's stream. Nothing for an event of a type or an action that is not read, of which there may always be new ones.
///
/// # Errors
/// When the line is no event.
pub fn parse_event(line: &[u8]) -> Result<Option<EngineEvent>, EventError> {
    parse_keyed(line).map(|keyed| keyed.event)
}

pub(crate) fn parse_keyed(line: &[u8]) -> Result<KeyedEvent, EventError> {
    let value: Value = serde_json::from_slice(line).map_err(|_| EventError::Json)?;
    if !value.is_object() {
        return Err(EventError::Json);
    }
    let json = Json(Some(&value));
    let nanoseconds = json.get("timeNano").u64().filter(|time| *time > 0);
    let time = nanoseconds.map(EventTime).or_else(|| json.get("time").u64().map(EventTime::from_seconds));
    let time = time.ok_or(EventError::Incomplete)?;
    let actor = json.get("Actor");
    let id = actor.get("ID").text().or(json.get("id").text()).unwrap_or_default();
    let action = json.any(&["Action", "status"]).text().unwrap_or_default();
    // The command line of an exec stands in its action.
    let (word, detail) = action.split_once(": ").unwrap_or((action, ""));
    let event = match json.get("Type").text().unwrap_or("container") {
        "container" => container_event(json, time, id, word, detail)?.map(EngineEvent::Container),
        "image" if matches!(word, "pull" | "load" | "loadfromarchive") => {
            let name = actor.get("Attributes").get("name").word().unwrap_or(id);
            Some(EngineEvent::ImagePulled { time, image: text::clean(name, text::REFERENCE) })
        }
        _ => None,
    };
    let key = (time, text::clean(id, text::NAME), text::clean(word, text::NAME));
    Ok(KeyedEvent { key, event })
}

fn container_event(
    json: Json<'_>,
    time: EventTime,
    id: &str,
    word: &str,
    detail: &str,
) -> Result<Option<ContainerEvent>, EventError> {
    let attributes = json.get("Actor").get("Attributes");
    let Some(what) = happening(json, attributes, word, detail) else { return Ok(None) };
    let image = attributes.get("image").word().or(json.get("from").word()).unwrap_or_default();
    Ok(Some(ContainerEvent {
        time,
        id: id.parse().map_err(|_| EventError::Incomplete)?,
        name: plain_name(attributes.get("name").text().unwrap_or_default()),
        image: text::clean(image, text::REFERENCE),
        what,
    }))
}

fn happening(json: Json<'_>, attributes: Json<'_>, word: &str, detail: &str) -> Option<Happening> {
    Some(match word {
        "create" => Happening::Created,
        "start" => Happening::Started,
        "die" | "died" => {
            // Podman 4 writes `containerExitCode: 0` on every event; only this one counts, and only of an end.
            let exit_code = attributes.get("exitCode").text().and_then(|code| code.parse().ok());
            let signal = exit_code.and_then(Signal::of_exit_code);
            Happening::Ended { exit_code, signal, seen: Seen::Event, cause: EndCause::Untold }
        }
        "oom" => Happening::OutOfMemory,
        "kill" => Happening::Killed { signal: attributes.get("signal").text().and_then(Signal::parse) },
        "stop" => Happening::Stopped,
        "restart" => Happening::Restarted,
        "pause" => Happening::Paused,
        "unpause" => Happening::Unpaused,
        // Docker's word has the value in it, Podman's stands beside.
        "health_status" => {
            let value = json.any(&["HealthStatus", "health_status"]).word().unwrap_or(detail);
            Happening::Health(Health::parse(value)?)
        }
        "rename" => {
            let from = attributes.get("oldName").word().map(plain_name);
            Happening::Renamed { from }
        }
        "update" => Happening::Updated,
        "destroy" | "remove" => Happening::Removed,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
