//! Lines of programs, kept small in a folder on disk, and searched by words, pattern and time.
//!
//! Lines are appended to an open part, a file that a crash cuts at most at its end. A part that is full is sealed: its lines become compressed
//! blocks of one source each, with a filter of the words of each block, so that a search reads only blocks that can have what it looks for.
//! The oldest sealed parts are removed when the whole is too large, or they are too old. The format of the files: `docs/kept-logs.md`.

mod block;
mod bytes;
mod error;
mod folder;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod kept_logs;
mod line;
mod open_part;
mod page;
mod part;
mod query;
mod sealed_part;
mod settings;
mod source;
mod words;

pub use block::kept_time;
pub use error::KeptLogsError;
pub use kept_logs::KeptLogs;
pub use line::KeptLine;
pub use page::{Hit, Page};
pub use query::{Place, Query};
pub use settings::KeptLogsSettings;
pub use source::{Source, SourceSummary};
pub use words::{BadWords, Words};
