//! The words both sides say: cursors, topics, frames, metrics. Pure data with serde; no I/O, no clock, no async,
//! so that the same types serve the server, the browser and any test.

mod absent;
pub mod api;
pub mod chat;
pub mod close;
pub mod connection;
pub mod container;
pub mod cursor;
pub mod dashboard;
pub mod doctor;
pub mod door;
mod error_code;
pub mod frame;
pub mod history;
pub mod host;
pub mod host_labels;
pub mod host_status;
pub mod json;
pub mod kept_logs;
pub mod lab;
pub mod limit;
pub mod logs;
pub mod message;
pub mod metric;
pub mod metric_catalog;
pub mod notice;
#[cfg(feature = "openapi")]
mod openapi;
pub mod panel;
pub mod past;
pub mod percent;
pub mod probe;
pub mod role;
pub mod sample;
mod serde_str;
pub mod series;
pub mod series_address;
pub mod shape;
pub mod spike;
pub mod status;
pub mod stream;
pub mod target;
pub mod topic;
pub mod uptime;

pub use cursor::{Cursor, Epoch, Seq};
pub use message::{ClientMessage, MessageId};
pub use percent::Percent;
pub use sample::Sample;
pub use topic::{Topic, TopicPattern};
