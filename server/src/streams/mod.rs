//! Finite streams: what begins, is written by one source, and ends with a word why. Programs write them over REST; the server's own sources,
//! such as the lines of containers, by [`StreamWriter`].
//!
//! A stream belongs to the node that opened it: there it is written and ended. It is read at every node.

mod api;
mod body;
mod error;
mod feature;
mod live_stream;
mod page;
mod registry;
mod writer;

pub(crate) use error::StreamError;
pub(crate) use feature::{FEATURE, retention};
pub(crate) use registry::Streams;
pub(crate) use writer::StreamWriter;
