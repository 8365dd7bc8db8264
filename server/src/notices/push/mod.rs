//! The channel of browsers without an open page: a notice waits in the store for each of their subscriptions (`store::PushStore`), and a task of
//! each node hands on what waits. So a push service that is slow or away holds up neither live topics nor the browsers of others, and
//! what a node has not told when it ends, another one tells.

mod channel;
mod queue;

pub(super) use channel::PushQueue;
pub(super) use queue::run;
