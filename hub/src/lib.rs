//! The log: publish, remember, resume, fan out.
//!
//! Every publication gets the next number of one log. A subscription reads the topics that it follows from its own
//! position in that log, so the log *is* its mailbox: a slow reader costs a number, not a queue. A reader that falls
//! behind what a topic keeps gets the newest value (`Latest`) or a gap (`Log`).
//!
//! A hub that is opened on a folder also writes `Log` topics there, in `journal`, the only module with files: after a
//! restart or a `kill -9` the log goes on where it was.
//!
//! Absent on purpose: HTTP, users, JSON. Payloads are bytes that their publisher encoded once.

mod error;
mod history;
mod hub;
mod journal;
mod log;
mod notifier;
mod publication;
mod publish;
mod round_pace;
mod settings;
mod stats;
mod subscription;
mod subscription_stats;
mod topic;
mod wake_coalescer;
mod wake_round;

pub use broker::{
    BadIdempotencyKey, Clock, IdempotencyKey, ManualClock, PublishError, Retention, SystemClock, TopicKind,
    TopicPolicy, TopicQuota,
};
pub use error::SubscribeError;
pub use history::HistoryPage;
pub use hub::Hub;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub use journal::fuzzing;
pub use journal::{JournalError, JournalSettings};
pub use notifier::{Disconnect, Receiver};
pub use publication::{Publication, WireFormat};
pub use settings::Settings;
pub use stats::Metrics;
pub use subscription::{Batch, Delivery, Progress, SubscribeOptions, Subscription, Wake};
pub use subscription_stats::SubscriptionStats;
