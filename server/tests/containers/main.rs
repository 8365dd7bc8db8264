//! Containers of a real engine, from what happens to them to every transport and to REST.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]
#![allow(clippy::print_stdout, reason = "figures for whoever asks for them")]

mod absent;
mod docs;
mod memory_ports_pulls;
mod news;
mod one;

#[path = "../support/mod.rs"]
mod support;
