//! Notices: an operator or a program tells everyone, a role or a person. A notice is stored before anyone is told, so it waits for those who
//! are away; each reader acknowledges it once, for all devices, and its sender sees who has.
//!
//! The store says who has what; `access` says who may read what, by the topic of the audience (`common::notice`), here as on live
//! connections. Ways to tell readers are channels (`channel`).

mod announcer;
mod api;
mod channel;
pub mod command_line;
pub mod commands;
mod draft;
mod error;
mod feature;
mod live_topics;
mod metrics;
mod operations;
mod page;
mod push;
mod service;
mod team;

pub(crate) use feature::FEATURE;
