//! The log behind the namespaces: `/` has all topics, `/<kind>` those whose first segment is that kind, and the server
//! may add plain ones that tell one topic's payloads alone.

mod auth;
mod close_code;
mod feed;
mod frames;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod join;
mod raw_feed;
mod raw_namespace;
mod recovery;
mod requests;
mod sending;
mod turned_away;

pub(super) use join::{AdmissionOutcome, BridgeState, LogBridge};
pub use raw_namespace::RawNamespace;
pub(super) use turned_away::TurnedAwayCounts;
