//! Records samples as they are measured: features that measure hand them over, and wait for nothing.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use ::history::{History, HistoryError, Resolution, Sample as Point, Series};
use common::{
    Sample, host::HostId, metric::Unit, metric_catalog::MetricCatalog, panel::Tier, series::SeriesKey,
};
use fanout::Hub;
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{error::PastError, grid::TimeGrid, key};

/// So many questions are answered at once; others wait.
const QUESTIONS: usize = 2;
/// So many series are kept of one host, and of one source: one with labels that never stop changing takes no other's room.
const HOST_SERIES: usize = 5_000;
/// So many series are taken of all sources together: half of what history has names for is for hosts.
const SOURCE_SERIES: usize = 25_000;

/// The history of series; cheap to clone. It keeps nothing where the settings say so.
#[derive(Debug, Clone, Default)]
pub(crate) struct SeriesHistory(Option<Arc<Recorder>>);

#[derive(Debug)]
struct Recorder {
    history: History,
    hub: Hub,
    known: Mutex<HashMap<RecordOwner, KnownSeries>>,
    /// The places of questions.
    questions: Arc<Semaphore>,
    /// True if the last samples were not taken: that is logged once.
    refuses: AtomicBool,
    /// True if a host had too many series: that is logged once.
    overflows: AtomicBool,
}

/// The owner of series: a host, or a source that the host asks.
type RecordOwner = (HostId, Option<u64>);

/// The series of a host that have had a sample since the start, and the grids of its times. None stands for a series that is not taken.
#[derive(Debug, Default)]
struct KnownSeries {
    series: HashMap<SeriesKey, Option<Series>>,
    grids: HashMap<u8, TimeGrid>,
}

impl SeriesHistory {
    pub(super) fn new(history: History, hub: Hub) -> Self {
        let recorder = Recorder {
            history,
            hub,
            known: Mutex::default(),
            questions: Arc::new(Semaphore::new(QUESTIONS)),
            refuses: AtomicBool::new(false),
            overflows: AtomicBool::new(false),
        };
        Self(Some(Arc::new(recorder)))
    }

    /// Returns true if the last samples were not taken: the disk is full, or does not follow.
    pub(crate) fn refuses(&self) -> bool {
        self.0.as_deref().is_some_and(|recorder| recorder.refuses.load(Ordering::Relaxed))
    }

    /// Returns the longest time after which a late sample is still kept, milliseconds; none where nothing is kept.
    pub(crate) fn longest_delay(&self) -> Option<u64> {
        self.folder().map(|folder| u64::try_from(folder.longest_delay()).unwrap_or(0))
    }

    /// Forgets what is known of a host that is watched no more.
    pub(crate) fn forget(&self, host: &HostId) {
        if let Some(recorder) = &self.0 {
            recorder.known.lock().retain(|(owner, _), _| owner != host);
        }
    }

    /// Waits for a place to ask the folder from a thread that may wait for the disk.
    ///
    /// # Errors
    /// Where nothing is kept.
    pub(super) async fn place(&self) -> Result<OwnedSemaphorePermit, PastError> {
        let recorder = self.0.as_deref().ok_or(PastError::Off)?;
        Arc::clone(&recorder.questions).acquire_owned().await.map_err(|_| PastError::BrokenOff)
    }

    /// The folder; none where nothing is kept.
    pub(super) fn folder(&self) -> Option<&History> {
        self.0.as_deref().map(|recorder| &recorder.history)
    }

    /// Records a sample of a host. `steps` are its tier and the milliseconds from one sample of it to the next; none where the times of
    /// samples are as regular as they can be.
    pub(crate) fn record(
        &self,
        host: &HostId,
        steps: Option<(Tier, u64)>,
        sample: &Sample,
        catalog: &MetricCatalog,
    ) {
        // Of several nodes that share a log one records their own machine, as one tells of it.
        if let Some(recorder) = &self.0
            && (steps.is_none() || recorder.hub.is_first_node())
        {
            recorder.record((host.clone(), None), steps, sample, Some(catalog));
        }
    }

    /// Records numbers of a source that a host asks, by the source's number.
    pub(crate) fn record_source(&self, host: &HostId, source: u64, sample: &Sample) {
        if let Some(recorder) = &self.0 {
            recorder.record((host.clone(), Some(source)), None, sample, None);
        }
    }
}

impl Recorder {
    fn record(
        &self,
        owner: RecordOwner,
        steps: Option<(Tier, u64)>,
        sample: &Sample,
        catalog: Option<&MetricCatalog>,
    ) {
        let now = i64::try_from(self.hub.clock().unix_millis()).unwrap_or(i64::MAX);
        let mut known = self.known.lock();
        let of_sources: usize = match owner.1 {
            Some(_) => known
                .iter()
                .filter(|((_, source), _)| source.is_some())
                .map(|(_, all)| all.series.len())
                .sum(),
            None => 0,
        };
        let host = owner.0.clone();
        let KnownSeries { series, grids } = known.entry(owner).or_default();
        let at = i64::try_from(sample.at).unwrap_or(i64::MAX);
        let at = steps.map_or(at, |(tier, step)| {
            grids.entry(tier as u8).or_insert_with(|| TimeGrid::new(step)).place(at)
        });
        let mut points = Vec::with_capacity(sample.values.len());
        for (key, value) in sample.values.iter() {
            let known = match series.get(key) {
                Some(known) => *known,
                None if series.len() >= HOST_SERIES || of_sources + points.len() >= SOURCE_SERIES => {
                    self.refuse_more(&host);
                    None
                }
                None => {
                    let registered = self.register(&host, key, catalog);
                    series.insert(key.clone(), registered);
                    registered
                }
            };
            points.extend(known.map(|known| (known, Point { at, value: *value })));
        }
        drop(known);
        if points.is_empty() {
            return;
        }
        match self.history.push_all(&points, now) {
            Ok(_) => self.refuses.store(false, Ordering::Relaxed),
            Err(error) => {
                // One that was gone for longer than anything is kept has been forgotten: the next sample names all anew.
                self.known.lock().clear();
                self.refuse(&error);
            }
        }
    }

    fn register(&self, host: &HostId, key: &SeriesKey, catalog: Option<&MetricCatalog>) -> Option<Series> {
        let mut metrics = catalog.into_iter().flat_map(|catalog| catalog.metrics);
        let unit = metrics.find(|metric| metric.id == key.metric()).map(|metric| metric.unit);
        let registered = self.history.register(&key::encode(host, key), resolution(unit));
        registered.map_err(|error| self.refuse(&error)).ok()
    }

    /// Logs once that a host has more series than are kept of one.
    fn refuse_more(&self, host: &HostId) {
        if !self.overflows.swap(true, Ordering::Relaxed) {
            tracing::warn!(%host, most = HOST_SERIES, "a host has more series than are kept of one; the newest are left out");
        }
    }

    fn refuse(&self, error: &HistoryError) {
        if !self.refuses.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, "numbers are not kept");
        }
    }
}

/// The decimals that a chart or a person could tell apart.
fn resolution(unit: Option<Unit>) -> Resolution {
    let decimals = match unit {
        Some(Unit::Bytes | Unit::BytesPerSecond | Unit::Seconds) => 0,
        Some(Unit::Celsius) => 1,
        Some(Unit::Percent | Unit::Count) => 2,
        None => 6,
    };
    Resolution::decimals(decimals).unwrap_or(Resolution::FINEST)
}
