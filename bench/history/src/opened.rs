//! History as a server uses it: its settings, the keys of series, and the pace of its upkeep.

use anyhow::Result;
use history::{History, HistorySettings, Resolution, Series};

use crate::{load::Load, spread::SeriesName};

/// The server writes to the journal and tidies this often, in seconds.
pub(crate) const COMMIT: i64 = 5;
pub(crate) const MAINTAIN: i64 = 60;
/// An hour enters the tiers some minutes after its end.
pub(crate) const AFTER: i64 = 10 * 60_000;

/// The settings of a server where nobody has set any.
pub(crate) fn settings() -> HistorySettings {
    HistorySettings { bytes: 1 << 30, ..HistorySettings::default() }
}

/// The key of a series, as the server makes it.
pub(crate) fn key(name: &SeriesName) -> Vec<u8> {
    let mut key = format!("{}\0{}", name.host, name.metric);
    if !name.label.is_empty() {
        key = key + "\0" + name.label;
    }
    key.into_bytes()
}

/// Registers the series of a load.
pub(crate) fn register(history: &History, load: &Load) -> Result<Vec<Series>> {
    let register = |name: &SeriesName| {
        let resolution = Resolution::decimals(name.decimals).unwrap_or(Resolution::WHOLE);
        Ok(history.register(&key(name), resolution)?)
    };
    load.names.iter().map(register).collect()
}
