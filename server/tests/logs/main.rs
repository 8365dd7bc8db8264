//! Lines of containers, of the journal and of files, from where they are written to every transport.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]
#![allow(clippy::print_stdout, reason = "figures for whoever asks for them")]

mod absent;
mod containers;
mod files;
mod journal;
mod kept;
mod reader;

#[path = "../support/mod.rs"]
mod support;
