//! The share of time that services were up, from history: read for many probes at once, and remembered for a while.

use std::time::{Duration, Instant};

use common::{
    host::HostId,
    series::SeriesKey,
    uptime::{ProbeUptime, UptimeStretch},
};
use parking_lot::Mutex;
use store::Source;

use super::kept::{DOWN_SECONDS, UP_SECONDS};
use crate::{history::PastError, sources::context::SourceContext};

/// The days that a page shows.
pub(super) const DAYS: u64 = 90;
/// The most days that are asked for.
pub(super) const MOST_DAYS: u64 = 3_660;
/// An uptime is told for so long before it is read anew.
const FRESH: Duration = Duration::from_secs(20);
const HOUR: i64 = 3_600_000;

/// The uptime of a probe as it was read last.
#[derive(Debug, Default)]
pub(super) struct UptimeMemory(Mutex<Option<(Instant, Option<ProbeUptime>)>>);

impl UptimeMemory {
    /// Returns what is remembered; none where that is too old.
    fn get(&self) -> Option<Option<ProbeUptime>> {
        let known = self.0.lock();
        known.as_ref().filter(|(at, _)| at.elapsed() < FRESH).map(|(_, uptime)| uptime.clone())
    }

    fn set(&self, uptime: Option<ProbeUptime>) {
        *self.0.lock() = Some((Instant::now(), uptime));
    }
}

/// Returns the uptime of each of these probes over [`DAYS`]; none where nothing is kept.
pub(super) async fn of_all(
    context: &SourceContext,
    probes: &[(&Source, &UptimeMemory)],
) -> Vec<Option<ProbeUptime>> {
    let known: Vec<_> = probes.iter().map(|(_, memory)| memory.get()).collect();
    let missing = probes.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(probe, _)| *probe);
    let missing: Vec<_> = missing.collect();
    let rows: Vec<_> = missing.iter().map(|(row, _)| *row).collect();
    let read = if rows.is_empty() { Ok(Vec::new()) } else { read(context, &rows, DAYS).await };
    let read: Vec<Option<ProbeUptime>> = match read {
        Ok(read) => read.into_iter().map(Some).collect(),
        Err(PastError::Off) => vec![None; rows.len()],
        Err(error) => {
            tracing::warn!(%error, "the uptime of probes cannot be read");
            vec![None; rows.len()]
        }
    };
    let mut read = read.into_iter();
    let mut missing = missing.into_iter();
    let tell = |known: Option<Option<ProbeUptime>>| {
        known.unwrap_or_else(|| {
            let uptime = read.next().flatten();
            if let Some((_, memory)) = missing.next() {
                memory.set(uptime.clone());
            }
            uptime
        })
    };
    known.into_iter().map(tell).collect()
}

/// Reads the uptime of these probes, with so many days.
///
/// # Errors
/// When nothing is kept, or it cannot be read.
pub(super) async fn read(
    context: &SourceContext,
    rows: &[&Source],
    days: u64,
) -> Result<Vec<ProbeUptime>, PastError> {
    let now_ms = context.now();
    let now = i64::try_from(now_ms).unwrap_or(i64::MAX);
    let longest = days.max(DAYS).saturating_add(1) * 24;
    let from = (now - i64::try_from(longest).unwrap_or(0) * HOUR).max(0) / HOUR * HOUR;
    let series = rows.iter().flat_map(|row| {
        let host = row.host.parse().unwrap_or_else(|_| HostId::local());
        [UP_SECONDS, DOWN_SECONDS].map(|metric| (host.clone(), SeriesKey::labelled(metric, row.id.0)))
    });
    // A second of now is in the hour that goes on.
    let told = context.history.sums(series.collect(), from, now + 1, HOUR).await?;
    let start = u64::try_from(told.start).unwrap_or(0);
    let uptimes = told.sums.chunks(2).map(|pair| {
        let length = pair.iter().map(Vec::len).max().unwrap_or(0);
        let at =
            |of: usize, hour: usize| pair.get(of).and_then(|sums| sums.get(hour)).copied().unwrap_or(0.0);
        let hours: Vec<[f64; 2]> = (0..length).map(|hour| [at(0, hour), at(1, hour)]).collect();
        ProbeUptime::of_hours(start, &hours, now_ms, days)
    });
    Ok(uptimes.collect())
}

/// All days of an uptime in one stretch.
pub(super) fn whole(uptime: &ProbeUptime) -> Option<UptimeStretch> {
    let (first, last) = (uptime.days.first()?, uptime.days.last()?);
    let sum = |of: fn(&UptimeStretch) -> u64| uptime.days.iter().map(of).sum();
    Some(UptimeStretch {
        from_ms: first.from_ms,
        to_ms: last.to_ms,
        up_ms: sum(|day| day.up_ms),
        down_ms: sum(|day| day.down_ms),
    })
}
