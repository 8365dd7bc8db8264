//! Following one engine for ever.
//!
//! Events are a hint and the list is the truth: an engine keeps few events, loses them when it restarts, and never tells of what happened
//! while it was away. So the list is read after connecting, after a gap and now and then, and ends that no event told are added.

mod engine_watch;
mod event_reader;
mod follower;
mod lives;
mod report;
mod seen_keys;

pub use engine_watch::EngineWatch;
pub use report::{GapCause, WatchReport};
