//! The machines that are watched: what is measured on them, how often, and what is remembered of it.
//!
//! The crate `collect` measures; [`collector`] keeps the newest values in [`watched::WatchedHost`] and publishes them to the hub.

mod api;
mod catalog;
mod collector;
mod cpumemdisk;
mod feature;
mod health;
mod history;
mod list;
mod metrics;
mod page;
mod publisher;
mod readable;
mod remote;
mod rows;
pub(crate) mod settings;
mod sink;
mod watched;

pub(crate) use catalog::{BadThresholds, ThresholdSetting, check_thresholds};
pub(crate) use feature::FEATURE;
