//! The log in the data folder: what was published outlives a restart.

use std::{fs, io, path::Path, sync::Arc};

use anyhow::Context;
use broker::{Clock, TopicPolicy};
use broker_journal::{JournalBroker, JournalSettings, LogSettings};
use common::Epoch;

use super::limits::{BYTES, TOPICS};
use crate::config::Config;

/// Opens it.
///
/// # Errors
/// When the data folder cannot be had, or another server has it.
pub(super) fn open(
    config: &Config,
    policies: &[TopicPolicy],
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<JournalBroker> {
    let data_dir = &config.data_dir;
    let cannot =
        || format!("cannot keep data in {}: choose another folder with --data-dir", data_dir.display());
    let before = EarlierEpoch::find(data_dir).with_context(cannot)?;
    let settings = LogSettings {
        clock: Arc::clone(clock),
        epoch: new_epoch(before.epoch, &**clock),
        policies: policies.into(),
        topics: TOPICS,
        bytes: BYTES,
    };
    let journal = JournalSettings::new(data_dir.join("log"), config.log_store.bytes);
    let journal = JournalBroker::open(settings, &journal).with_context(cannot)?;
    before.discard().with_context(cannot)?;
    Ok(journal)
}

/// The epoch of a new life of the log: the present time in milliseconds, or one more than the last where the clock was
/// set back. A client that comes with a cursor of an earlier one learns that the log began anew.
fn new_epoch(last: Epoch, clock: &dyn Clock) -> Epoch {
    Epoch(clock.unix_millis().max(last.0.saturating_add(1)))
}

/// The file `epoch`, in which servers kept it that had no stored log.
struct EarlierEpoch<'a> {
    data_dir: &'a Path,
    epoch: Epoch,
}

impl<'a> EarlierEpoch<'a> {
    fn find(data_dir: &'a Path) -> io::Result<Self> {
        let epoch = match fs::read_to_string(data_dir.join("epoch")) {
            Ok(text) => text.trim().parse().unwrap_or(0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(Self { data_dir, epoch: Epoch(epoch) })
    }

    /// To be called when the stored log has an epoch of its own.
    fn discard(self) -> io::Result<()> {
        match fs::remove_file(self.data_dir.join("epoch")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use broker::ManualClock;

    use super::*;

    #[test]
    fn epochs_rise_with_the_clock_and_where_it_was_set_back() {
        let clock = ManualClock::new(1_795_183_407_000);
        assert_eq!(new_epoch(Epoch(0), &clock), Epoch(1_795_183_407_000));
        clock.set(7);
        assert_eq!(new_epoch(Epoch(1_795_183_407_000), &clock), Epoch(1_795_183_407_001));
        assert_eq!(new_epoch(Epoch(u64::MAX), &clock), Epoch(u64::MAX));
    }
}
