//! The agent: it measures the machine that it runs on, and reports to a server elsewhere. It connects outwards only, listens nowhere, and
//! carries nothing out: an answer of the server tells it what someone looks at, and which services to ask whether they are up.

mod answered;
mod args;
mod begin;
mod containers;
mod doctor;
mod hub;
mod identity;
mod ladder;
mod links;
mod news_queue;
mod once;
mod probes;
mod reporter;
mod run;
mod sink;
mod spool;
mod transport;
pub(crate) mod wire;

pub use args::{AgentArgs, AgentCommand};
pub use run::run;
pub use transport::AgentTransport;
