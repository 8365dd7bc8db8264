//! Series of numbers, kept small in a folder on disk: at full resolution for hours, and in coarser tiers for years.
//!
//! Samples are appended to a journal, which a crash cuts at most at its end. Every five minutes they are sealed, and every hour they enter the
//! tiers: buckets of ten seconds, a minute, ten minutes and an hour that keep the least, the greatest, the sum, the number and the last of their
//! samples. Sealed files never change; they are merged into larger ones, and removed when they are too old or their room is needed. The format
//! of the files: `docs/history.md`.
//!
//! ```
//! use history::{Aggregate, History, HistorySettings, Query, Resolution, Sample};
//!
//! # fn main() -> Result<(), history::HistoryError> {
//! # let folder = tempfile::tempdir().expect("a folder");
//! let now = 1_800_000_000_000;
//! let history = History::open(folder.path(), HistorySettings::default(), now)?;
//! let cpu = history.register(b"local cpu.total", Resolution::decimals(1).expect("few"))?;
//! history.push(cpu, Sample { at: now, value: 12.34 }, now)?;
//! history.commit(now)?;
//! let query = Query { series: vec![cpu], from: now, to: now + 2_000, step: 1_000, aggregate: Aggregate::Max };
//! assert_eq!(history.query(&query)?.series[0].values, [Some(12.3), None]);
//! # Ok(())
//! # }
//! ```

mod bucket;
mod bytes;
mod change;
mod chunk;
mod clock;
mod column;
mod copied;
mod error;
mod file_set;
mod folder;
mod format;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod head;
mod history;
mod inner;
mod journal;
mod merge;
mod names_file;
mod open;
mod pending;
mod query;
mod read;
mod record;
mod resolution;
mod roll;
mod sample;
mod sealed_file;
mod sealed_reader;
mod sealed_writer;
mod series;
mod series_table;
mod settings;
mod stream;
mod tier;
mod times;
mod upkeep;

pub use copied::{files_to_copy, is_file_to_copy};
pub use error::HistoryError;
pub use history::History;
pub use query::{Aggregate, Points, Query, SeriesPoints};
pub use resolution::Resolution;
pub use sample::Sample;
pub use series::{PushCounts, Pushed, Series, SeriesSummary};
pub use settings::HistorySettings;
pub use tier::Tier;
