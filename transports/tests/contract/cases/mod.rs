//! The cases, by what they promise.

pub mod asking;
pub mod deflate;
pub mod drain;
pub mod order;
pub mod refusal;
pub mod resume;
pub mod silence;
pub mod slow;
pub mod upstream;
