//! Real engines for tests: Debian's dockerd and podman (and its registry of images), each with its data, its socket and its image in a temporary folder, and ended with
//! all that it started.
//!
//! They need root, and `cargo xtask setup --tests` installs them. Mounts are made in a namespace of their own, and cgroups below one of
//! their own, so that nothing is left behind.

#![allow(missing_docs, clippy::missing_panics_doc, reason = "only tests read it")]

mod api;
mod cleanup;
mod launch;
mod registry;

pub use launch::{Docker, Podman, TestEngine};
pub use registry::TestRegistry;
