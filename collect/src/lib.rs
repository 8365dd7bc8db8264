//! The measuring of the machine that this process runs on: by the server for its own host, by an agent for another one.
//!
//! One collector is one file in `collectors/` and one line in its registry. Threads of their own run them in parts at the
//! pace that the people watching call for, and hand what was measured to a [`SampleSink`]. What may never answer is asked by
//! `prober/`, in another process.

mod clock;
mod collectors;
mod info;
mod pace;
mod parts;
mod prober;
mod run;
mod schedule;
mod settings;
mod sink;
mod spikes;

pub use clock::wall_offset_ms;
pub use collectors::{metrics, panels, shares};
pub use info::host_info;
pub use parts::{PartAge, Parts};
pub use prober::serve as serve_prober;
pub use run::{RunningCollector, StartError, parts, start};
pub use settings::{BadInterval, CollectorSettings, FAST_MS, SLOW_MS};
pub use sink::{Measurement, SampleKind, SampleSink};
