//! The connection engine: one line for the page. It is told what happens and what time it is, and answers with what
//! is to be done; it has no clock, no socket and no timer of its own, so every turn of it can be tested.

mod backoff;
mod health;
mod machine;
mod outbox;
mod topics;
mod transport_selector;

#[cfg(test)]
mod tests;

pub use backoff::Backoff;
pub use health::{Health, Pace};
pub use machine::{Action, Engine, Role, Settings};
pub use transport_selector::SHARED;
