//! Sources: what this machine asks for the team besides measuring itself. Probes ask whether services are up; targets are Prometheus endpoints
//! whose numbers are kept. The store has them; of several nodes the first one asks.

mod changes;
mod context;
mod error;
mod feature;
mod form_number;
mod news;
mod outcome;
mod probes;
mod stored;
mod targets;

pub(crate) use feature::FEATURE;
