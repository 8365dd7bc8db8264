//! The words both sides say: cursors, topics, frames, metrics. Pure data with serde; no I/O, no clock, no async,
//! so that the same types serve the server, the browser and any test.

pub mod api;
pub mod chat;
pub mod close;
pub mod connection;
pub mod cursor;
pub mod doctor;
pub mod frame;
pub mod history;
pub mod host;
pub mod json;
pub mod lab;
pub mod message;
pub mod percent;
pub mod sample;
pub mod series;
pub mod shape;
pub mod topic;
mod word;

pub use cursor::{Cursor, Epoch, Seq};
pub use message::{Message, MessageId};
pub use percent::Percent;
pub use sample::Sample;
pub use topic::{Topic, TopicPattern};
