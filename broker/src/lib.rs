//! The contract of a log: publish, history, subscribe, presence.
//!
//! A [`Broker`] gives every publication its place in one log and tells all of them, in that order, to the one [`Subscriber`] of its
//! process, which serves the readers. An engine behind it is its own matter: the process's memory and disk, or servers that many nodes
//! share. What every broker promises stands at [`Broker`]; the module `conformance` holds each of them to it.
//!
//! Absent on purpose: connections, wire forms and JSON. Payloads are bytes.

mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod contract;
mod control;
mod entry;
mod error;
mod idempotency_key;
pub mod local;
mod presence;
mod retained;
mod topic_policy;

pub use clock::{Clock, ManualClock, SystemClock};
pub use contract::{Appended, Broker, BrokerHealth, History, HistoryFilter, Subscriber};
pub use control::{Control, ControlError, ControlHandler, ControlHandlers, LocalControl, NodeId};
pub use entry::{Entry, NewEntry, Published};
pub use error::{BrokerError, PublishError};
pub use idempotency_key::{BadIdempotencyKey, IdempotencyKey};
pub use presence::{Member, Presence};
pub use retained::{Retained, RetainedEntry};
pub use topic_policy::{Retention, TopicKind, TopicPolicy, TopicQuota, policy_of};
