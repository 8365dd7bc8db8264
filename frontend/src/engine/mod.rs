//! The connection engine: one line for the page. It is told what happens and what time it is, and answers with what
//! is to be done; it has no clock, no socket and no timer of its own, so every turn of it can be tested.

mod backoff;
mod close_reason;
mod health;
mod machine;
mod outbox;
mod pacing;
mod role;
mod topics;
mod transport_selector;
mod upgrade_probe;

#[cfg(test)]
mod tests;

pub use backoff::Backoff;
pub use health::{Health, Pace};
pub use machine::{Action, Engine, Settings};
pub use role::Role;
pub use transport_selector::SHARED;
