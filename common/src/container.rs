//! Containers of a host, as pages and programs are told of them.
//!
//! Two topics for each host: `docker/<host>` is a Log of what happens, `docker/<host>/usage` a Latest of what containers use. Whoever
//! shows the containers follows the first, asks for the [`ContainerList`] over REST, and applies what stands on the topic behind its
//! cursor. Each entry has the whole container as it is after it, so an entry that is applied twice changes nothing.

mod usage;

use serde::{Deserialize, Serialize};

pub use self::usage::{ContainerHistory, ContainerUsage, ContainersUsage};
use crate::{Cursor, Topic, absent, host::HostId};

/// The first segment of the topics of containers.
pub const DOCKER: &str = "docker";

impl HostId {
    /// Whatever happens to the host's containers: [`ContainerNews`].
    ///
    /// # Panics
    /// Never: a host id is one topic segment.
    #[must_use]
    pub fn containers_topic(&self) -> Topic {
        [DOCKER, "/", &self.to_string()].concat().parse().expect("a host id is one topic segment")
    }

    /// The usage of the host's containers, every second while someone watches: [`ContainersUsage`].
    ///
    /// # Panics
    /// Never: a host id is one topic segment.
    #[must_use]
    pub fn containers_usage_topic(&self) -> Topic {
        let text = [DOCKER, "/", &self.to_string(), "/usage"].concat();
        text.parse().expect("a host id is one topic segment")
    }
}

/// The containers of a host at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerList {
    /// The host.
    pub host: HostId,
    /// Its logical cores.
    pub cores: usize,
    /// Its engine.
    pub engine: EngineStatus,
    /// The place in the log: news on `docker/<host>` behind it are not in this list, or change nothing.
    pub cursor: Cursor,
    /// The containers, by name.
    pub containers: Vec<ContainerInfo>,
    /// The hosts with a container engine whose containers the reader may see, and this server's machine.
    #[serde(default)]
    pub hosts: Vec<HostId>,
}

/// The container engine of a host, and whether it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EngineStatus {
    /// Its state.
    pub state: EngineState,
    /// The moment since when, Unix milliseconds.
    pub since_ms: u64,
    /// `Docker 26.1.5` or `Podman 5.4.2`, once it has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The reason in a sentence, where it does not answer or there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// The state of a container engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum EngineState {
    /// No engine was found, or the settings want none.
    Off,
    /// It is being asked for the first time.
    Connecting,
    /// It answers.
    Connected,
    /// It does not answer; what is told of its containers is old.
    Away,
}

/// A container, as its engine tells of it. All texts are data from outside, shown as text only.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerInfo {
    /// Its id: 64 hexadecimal digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its image, as the engine names it.
    pub image: String,
    /// The engine's word for its state: `running`, `paused`, `restarting`, `exited`, `created`, `dead`, or another.
    pub state: String,
    /// `healthy`, `unhealthy` or `starting` where it has a health check and runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// The exit code of its last run, where it does not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// True if its last run ended because it reached its memory limit.
    #[serde(default, skip_serializing_if = "absent::is_false")]
    pub oom_killed: bool,
    /// Why it could not be started, in the engine's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The number of times that the engine has restarted it by its policy.
    #[serde(default)]
    pub restarts: u64,
    /// True while it starts again and again.
    #[serde(default, skip_serializing_if = "absent::is_false")]
    pub is_looping: bool,
    /// The moment at which it was created, Unix milliseconds.
    pub created_ms: u64,
    /// The moment of its last start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_ms: Option<u64>,
    /// The moment of its last end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_ms: Option<u64>,
    /// Its ports: `0.0.0.0:8080→80/tcp`, or `80/tcp` where it is not published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<String>,
    /// The compose project that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Its service in that project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The memory that it may use, bytes; none where only the host limits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<u64>,
    /// The cores that it may use; none where only the host limits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_limit: Option<f64>,
}

/// A container with its configuration, as far as people are shown it. Values that look like secrets are masked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerDetail {
    /// The container.
    pub container: ContainerInfo,
    /// True if whoever asks may start, stop and restart it.
    pub may_act: bool,
    /// The entry point and its arguments.
    pub command: Vec<String>,
    /// The environment: `NAME=value`.
    pub environment: Vec<String>,
    /// Its labels, by name: `name=value`.
    pub labels: Vec<String>,
    /// The mounts: `source → destination`.
    pub mounts: Vec<String>,
    /// The networks that it is connected to.
    pub networks: Vec<String>,
    /// The mode of its network, such as `bridge` or `host`.
    pub network_mode: Option<String>,
    /// The restart policy, such as `on-failure`; `null` without one.
    pub restart_policy: Option<String>,
    /// True where it has a health check.
    pub has_health_check: bool,
    /// True where it has a terminal.
    pub tty: bool,
    /// The processes that it may have; `null` where only the host limits them.
    pub pids_limit: Option<u64>,
}

/// Something that an engine is asked to do with a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ContainerAction {
    /// Starts it.
    Start,
    /// Stops it: by its signal, and by force where it does not end in its time.
    Stop,
    /// Stops it and starts it.
    Restart,
}

/// The request to do that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ContainerActionRequest {
    /// The action.
    pub action: ContainerAction,
}

/// The answer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerActionAnswer {
    /// True once it is done, or where there was nothing to do; false while the engine is still at it: the topic tells when it is.
    pub done: bool,
}

/// An entry of `docker/<host>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ContainerNews {
    /// Something happened to a container.
    Event(ContainerEvent),
    /// The engine's list tells of it what no event has.
    Changed {
        /// It, as it is.
        container: ContainerInfo,
    },
    /// The engine's list has it no more, and no event has told of that.
    Gone {
        /// Its id.
        id: String,
    },
    /// The whole list is known anew: whoever shows it asks for it.
    Listed,
    /// The engine answers, or does not any more.
    Engine(EngineStatus),
    /// Events of this time may be missing: the engine has forgotten them, or they came too fast.
    Unknown {
        /// The first moment, Unix milliseconds.
        from_ms: u64,
        /// The moment from which on events are told again.
        until_ms: u64,
        /// The reason in a sentence.
        why: String,
    },
}

/// Something that happened to a container.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerEvent {
    /// The moment by the engine's clock, Unix milliseconds.
    pub at_ms: u64,
    /// That moment to the nanosecond, as engines take it: `1795830896.735250568`.
    pub time: String,
    /// The container's id.
    pub id: String,
    /// Its name at that moment.
    pub name: String,
    /// Its image.
    pub image: String,
    /// The happening.
    pub what: Happening,
    /// The exit code of a run that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i64>,
    /// The signal that was sent, or that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// Its name before it was renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_name: Option<String>,
    /// True if the engine's list told it, later, and no event did.
    #[serde(default, skip_serializing_if = "absent::is_false")]
    pub is_late: bool,
    /// The container after it; none where it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<ContainerInfo>,
}

/// The kinds of things that happen to containers, equal for all engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// It was made.
    Created,
    /// It runs.
    Started,
    /// Its run ended.
    Ended,
    /// It, or a program in it, reached the memory limit.
    OutOfMemory,
    /// It was sent a signal.
    Signalled,
    /// Someone stopped it.
    Stopped,
    /// Someone restarted it.
    Restarted,
    /// It stands still.
    Paused,
    /// It goes on.
    Unpaused,
    /// Its checks succeed.
    Healthy,
    /// Its checks fail.
    Unhealthy,
    /// It begins to start again and again.
    RestartLoop,
    /// It has another name.
    Renamed,
    /// It was removed.
    Removed,
    /// An image was pulled; there is no container.
    ImagePulled,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topics_of_a_host_are_its_own() {
        let host: HostId = "web-1".parse().expect("a host");
        assert_eq!(host.containers_topic().as_str(), "docker/web-1");
        assert_eq!(host.containers_usage_topic().as_str(), "docker/web-1/usage");
    }

    #[test]
    fn an_entry_says_which_it_is_and_leaves_out_what_there_is_not() {
        let event = ContainerEvent {
            at_ms: 1_795_830_896_735,
            time: "1795830896.735250568".into(),
            id: "c2124fc163a1".into(),
            name: "web".into(),
            image: "nginx".into(),
            what: Happening::OutOfMemory,
            exit_code: None,
            signal: None,
            old_name: None,
            is_late: false,
            container: None,
        };
        let news = [
            (
                ContainerNews::Event(event),
                r#"{"type":"event","at_ms":1795830896735,"time":"1795830896.735250568","id":"c2124fc163a1","name":"web","image":"nginx","what":"out_of_memory"}"#,
            ),
            (ContainerNews::Listed, r#"{"type":"listed"}"#),
            (
                ContainerNews::Engine(EngineStatus {
                    state: EngineState::Away,
                    since_ms: 5,
                    product: None,
                    why: Some("nobody answers".into()),
                }),
                r#"{"type":"engine","state":"away","since_ms":5,"why":"nobody answers"}"#,
            ),
        ];
        for (news, text) in news {
            assert_eq!(serde_json::to_string(&news).expect("JSON"), text);
            assert_eq!(serde_json::from_str::<ContainerNews>(text).expect(text), news);
        }
    }
}
