//! Container engines, Docker and Podman: their containers, events, statistics and logs, by the Docker-compatible API on a socket.
//!
//! The client is our own few calls on hyper, and its types are tolerant: states, actions and types of events are words, of which some are known.
//! A generated client with closed types (bollard) was weighed. Podman 4's state `stopped` fails its whole list, an event of a type that it
//! does not know ends its stream, and Podman's empty health is no word of its own; each is an everyday answer of a real engine.
//!
//! The crate reads: [`CALLS`] lists every request that it makes for that. Where it is asked to, it acts: [`ACTIONS`] lists the three requests. [`EngineWatch`] follows an engine for ever, [`Engine`] makes single
//! calls, [`stats`] and [`cgroup`] measure, [`logs`] has the lines.

mod address;
mod backoff;
mod call;
pub mod cgroup;
mod container;
mod ends;
mod engine;
mod error;
mod event;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod id;
mod inspect;
mod json;
mod list;
pub mod logs;
mod mask;
mod ports;
mod restarts;
pub mod stats;
mod streams;
#[cfg(feature = "test-engine")]
pub mod test_engine;
mod text;
mod time;
mod tls;
pub mod usage;
mod version;
mod watch;

pub use address::{AddressError, EngineAddress, TlsFiles};
pub use call::{ACTIONS, CALLS, EngineAction};
pub use container::{Container, Health, Limits, State};
pub use ends::{EndCause, EndJudge};
pub use engine::Engine;
pub use error::EngineError;
pub use event::{ContainerEvent, EngineEvent, EventError, Happening, Seen, Signal, parse_event};
pub use id::{ContainerId, IdError};
pub use inspect::{Inspected, parse_inspected};
pub use list::{ListedContainer, parse_list};
pub use mask::{mask_argument, mask_arguments, mask_value, mask_variable};
pub use ports::Port;
pub use restarts::{RestartLoop, RestartRule, restart_loop};
pub use streams::{EventStream, LogStream, StatsStream};
pub use text::clean as clean_text;
pub use time::EventTime;
pub use version::{ApiVersion, EngineVersion, Product};
pub use watch::{EngineWatch, GapCause, WatchReport};
