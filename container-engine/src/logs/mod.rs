//! Lines that containers wrote: frames, pieces of long lines, timestamps, and going on after a break.

mod frames;
mod lines;
mod query;
mod resume;

pub use frames::{FrameDecoder, FrameError, FramePart, StdStream};
pub use lines::{LineAssembler, LogLine, MAX_LINE};
pub use query::LogQuery;
pub use resume::{PIECES, Replay, ResumePoint};
