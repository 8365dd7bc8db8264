//! One container: how it is, its last hour, what happened to it, and its configuration.

mod actions;
mod charts;
mod configuration;
mod past;
mod state;
mod view;
mod words;

pub(super) use view::view;
