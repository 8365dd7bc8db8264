//! The machines that are watched: what is measured on them, how often, and what is remembered of it.
//!
//! One collector is one file in `collect/` and one line in its registry. Threads of their own run them in parts at the
//! pace that the people watching call for, keep the newest values in [`LocalHost`] and publish them to the
//! hub. What may never answer is asked by `prober/`, in another process.

pub(crate) mod api;
pub(crate) mod cpumemdisk;

mod clock;
mod collect;
mod history;
mod info;
mod local;
mod pace;
mod parts;
mod prober;
mod publisher;
mod run;
mod schedule;
mod settings;
mod wall_clock;

pub(crate) use collect::catalog;
pub(crate) use local::LocalHost;
pub(crate) use parts::PartAge;
pub(crate) use prober::serve as serve_prober;
pub(crate) use run::{HostCollector, start};
pub(crate) use settings::CollectorSettings;
pub(crate) use wall_clock::unix_millis;
