//! One process's readers: the hot part of a log, subscriptions, wakes, wire forms.
//!
//! A [`Hub`] is fed by a [`Broker`], which gives every publication its place in one log. A subscription reads the topics that it follows
//! from its own position in that log, so the log *is* its mailbox: a slow reader costs a number, not a queue. A reader that falls
//! behind what a topic keeps gets the newest value (`Latest`) or a gap (`Log`).
//!
//! Absent on purpose: files, networks, HTTP, users, JSON. Payloads are bytes that their publisher encoded once.

mod error;
mod foreign;
mod history;
mod hub;
mod log;
mod notifier;
mod open;
mod publication;
mod publish;
mod read_mark;
mod round_pace;
mod settings;
mod stats;
mod stream_readers;
mod subscriber;
mod subscription;
mod subscription_stats;
mod topic;
mod wake_coalescer;
mod wake_round;

pub use broker::{
    BadIdempotencyKey, Broker, Clock, IdempotencyKey, ManualClock, PublishError, Published, Retention,
    SystemClock, TopicKind, TopicPolicy, TopicQuota,
};
pub use error::SubscribeError;
pub use history::HistoryPage;
pub use hub::Hub;
pub use notifier::{Disconnect, Receiver};
pub use publication::{Publication, WireFormat};
pub use publish::PublishOptions;
pub use settings::Settings;
pub use stats::Metrics;
pub use stream_readers::StreamReaders;
pub use subscription::{Batch, Delivery, Progress, SubscribeOptions, Subscription, Wake};
pub use subscription_stats::SubscriptionStats;
