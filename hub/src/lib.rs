//! The log: publish, remember, resume, fan out.
//!
//! Every publication gets the next number of one log. A session reads the topics it follows from its own place in
//! that log, so its mailbox *is* the log: a slow reader costs a number, not a queue. A reader that falls behind what a
//! topic keeps finds the newest value (`Latest`) or is told of its gap (`Log`).
//!
//! A hub that is opened on a folder also writes `Log` topics there, in `journal`, the only room with files: after a
//! restart or a `kill -9` the log goes on where it was.
//!
//! Absent on purpose: HTTP, users, JSON. Payloads are bytes that their publisher encoded once.

mod bell;
mod error;
mod hub;
mod inline;
mod journal;
mod key;
mod late;
mod log;
mod look_back;
mod publication;
mod publish;
mod rule;
mod session;
mod standing;
mod stats;
mod topic;

pub use bell::Bye;
pub use error::{AttachError, PublishError};
pub use hub::{Hub, Settings};
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub use journal::fuzzing;
pub use journal::{JournalError, JournalSettings};
pub use key::{BadPublishKey, PublishKey};
pub use look_back::LookBack;
pub use publication::{Form, Publication};
pub use rule::{Kind, Retention, Rule, Share};
pub use session::{Attach, Batch, Delivery, Progress, Session, Wake};
pub use standing::Standing;
pub use stats::Figures;
