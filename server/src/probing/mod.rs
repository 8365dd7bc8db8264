//! Probes as they run, on the server and on agents alike: one loop asks, and what an agent was asked to do and has seen goes through one exchange.

pub(crate) mod answer;
pub(crate) mod asking;
pub(crate) mod exchange;
pub(crate) mod order;
pub(crate) mod presence;
