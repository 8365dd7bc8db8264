//! The suite that every broker passes: each promise of [`Broker`](crate::Broker) as a case over a small fixture.

mod recorder;

pub use recorder::{Recorded, Recorder, Recording};
