//! A container, as the list and the inspection tell it together.

use std::collections::BTreeMap;

use crate::{id::ContainerId, ports::Port, time::EventTime};

/// A container's state. Docker and Podman have different ones, and new ones may come.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum State {
    /// Made, and not started; also what could not be started.
    Created,
    /// Running.
    Running,
    /// Stopped in its tracks.
    Paused,
    /// Between an end and the next start, by Docker's restart policy. Podman has no such state.
    Restarting,
    /// About to be gone.
    Removing,
    /// Ended.
    Exited,
    /// Ended, and not yet cleaned up, by Podman; also between restarts.
    Stopped,
    /// Ended, and could not be removed, by Docker.
    Dead,
    /// A word that is none of these.
    Other(String),
}

impl State {
    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "created" => Self::Created,
            "running" => Self::Running,
            "paused" => Self::Paused,
            "restarting" => Self::Restarting,
            "removing" => Self::Removing,
            "exited" => Self::Exited,
            "stopped" => Self::Stopped,
            "dead" => Self::Dead,
            other => Self::Other(crate::text::clean(other, crate::text::NAME)),
        }
    }

    /// The engine's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Removing => "removing",
            Self::Exited => "exited",
            Self::Stopped => "stopped",
            Self::Dead => "dead",
            Self::Other(word) => word,
        }
    }

    /// True after a life's end.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        matches!(self, Self::Exited | Self::Stopped | Self::Dead)
    }
}

/// The result of a container's own health check.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Health {
    /// No check has been good yet, and not enough were bad.
    Starting,
    /// The last check was good.
    Healthy,
    /// As many checks in a row were bad as the container allows.
    Unhealthy,
    /// A word that is none of these.
    Other(String),
}

impl Health {
    /// Reads the engine's word. `none` and, with Podman, an empty one stand for a container without a check.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "" | "none" => None,
            "starting" => Some(Self::Starting),
            "healthy" => Some(Self::Healthy),
            "unhealthy" => Some(Self::Unhealthy),
            other => Some(Self::Other(crate::text::clean(other, crate::text::NAME))),
        }
    }

    /// The engine's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Starting => "starting",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Other(word) => word,
        }
    }
}

/// The limits of a container; none where it has no such limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Bytes of memory.
    pub memory: Option<u64>,
    /// Processors, in billionths: 1,500,000,000 is one and a half.
    pub nano_cpus: Option<u64>,
    /// Processes and threads.
    pub pids: Option<u64>,
}

/// One container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its whole id.
    pub id: ContainerId,
    /// Its name, without the slash that the engine writes before it.
    pub name: String,
    /// The image, as it was asked for; Podman's is qualified by its registry.
    pub image: String,
    /// Its state.
    pub state: State,
    /// Its health while it runs; none without a check, before the start and after the end, where the engine's word means nothing.
    pub health: Option<Health>,
    /// The code that the last life ended with, or that the start failed with.
    pub exit_code: Option<i64>,
    /// True where the memory limit ended a process of the last life. Podman 4 never says so on cgroup v2.
    pub oom_killed: bool,
    /// The engine's sentence on why it could not be started.
    pub error: Option<String>,
    /// The restarts by its policy since it was last started by hand; none where only the list has told of it.
    pub restart_count: Option<u64>,
    /// The time at which it was made.
    pub created: Option<EventTime>,
    /// The time of the last start.
    pub started_at: Option<EventTime>,
    /// The time of the last end. For short lives it may lie milliseconds before the start.
    pub finished_at: Option<EventTime>,
    /// Its ports.
    pub ports: Vec<Port>,
    /// Its labels, with secrets masked.
    pub labels: BTreeMap<String, String>,
    /// The host's number of its first process, while it runs.
    pub pid: Option<u32>,
    /// Its limits.
    pub limits: Limits,
    /// True where it has a terminal: then its output is one stream.
    pub tty: bool,
}

impl Container {
    /// The project of Docker Compose, or of Podman's, that it belongs to.
    #[must_use]
    pub fn compose_project(&self) -> Option<&str> {
        self.label(&["com.docker.compose.project", "io.podman.compose.project"])
    }

    /// Its service in that project.
    #[must_use]
    pub fn compose_service(&self) -> Option<&str> {
        self.label(&["com.docker.compose.service", "io.podman.compose.service"])
    }

    fn label(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.labels.get(*name))
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}
