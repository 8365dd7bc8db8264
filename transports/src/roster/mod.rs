//! Who is connected, for those who look after the server: what each connection has done, a way to end one, and a way to follow what
//! stands on it.
//!
//! A connection counts for itself, in its [`Meter`]: plain numbers that its own task writes. Which topics it follows, how far behind it is and
//! how long the way to its client takes is found out when someone asks. So nobody looking, there is nothing to be done.

mod frames;
mod kick;
mod list;
mod meter;
mod round_trip;
mod tap;
mod text;

pub use frames::Unfollowed;
pub(crate) use list::shown;
pub use list::{Order, Wanted};
pub use meter::Meter;
pub use tap::{Follow, Followed};
pub(crate) use text::{of_frame, of_publication};
