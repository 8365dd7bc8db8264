//! The live connections, for operators: statistics of each, a way to disconnect one, and a way to follow its frames.
//!
//! A connection counts for itself, in its [`ConnectionStats`]: plain numbers that its own task writes. Its topics,
//! its lag and its round trip are found on demand. So the inspector costs nothing while nobody looks.

mod disconnect;
mod frame_tap;
mod frames;
mod list;
mod round_trip;
mod stats;
mod text;

pub use frame_tap::{FrameTap, TappedFrame};
pub use frames::FollowError;
pub(crate) use list::shown;
pub use list::{ConnectionFilter, SortOrder};
pub use stats::ConnectionStats;
pub(crate) use text::{of_frame, of_publication};
