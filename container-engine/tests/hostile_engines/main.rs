//! Engines that break off, lie, or never end, played by a few lines on a socket: no panic, no memory without a bound, and a plain error.

#![allow(clippy::unwrap_used, reason = "helpers of tests, too, fail by it")]

mod calls;
mod played;
mod watching;
