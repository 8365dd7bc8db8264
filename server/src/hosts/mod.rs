//! The machines that are watched: what is measured on them, how often, and what is remembered of it.
//!
//! One collector is one file in `collect/` and one line in its registry. Threads of their own run them in parts at the
//! pace that the people watching call for, keep the newest values in [`local::LocalHost`] and publish them to the
//! hub. What may never answer is asked by `prober/`, in another process.

mod api;
mod catalog;
mod clock;
mod collect;
mod cpumemdisk;
mod feature;
mod health;
mod history;
mod info;
mod list;
mod local;
mod metrics;
mod pace;
mod parts;
mod prober;
mod publisher;
mod readable;
mod run;
mod schedule;
pub(crate) mod settings;

pub(crate) use catalog::{BadThresholds, ThresholdSetting, check_thresholds};
pub(crate) use feature::FEATURE;
pub(crate) use prober::serve as serve_prober;
