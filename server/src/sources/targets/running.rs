//! A target that is scraped: at its pace, and its numbers are kept.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use common::{
    host::HostId,
    series::{SeriesKey, SeriesValues},
};
use parking_lot::Mutex;
use scrape::{Outbound, Rates, Scrape, Target, TargetSpec};
use store::{Source, SourceKind};
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::task::AbortOnDropHandle;

use crate::sources::{
    context::SourceContext,
    stored::{RunningSource, StoredSources},
};

/// Targets that begin at once are asked for the first time within so many milliseconds, each at a moment of its own.
const SPREAD: u64 = 1_000;

/// The targets.
pub(in crate::sources) type Targets = StoredSources<RunningTarget>;

/// Makes the list of targets, which is empty until the store is read.
pub(in crate::sources) fn targets(context: SourceContext) -> Targets {
    StoredSources::new(context)
}

/// The last answer of a target.
#[derive(Debug, Clone)]
pub(super) struct LastScrape {
    /// When it was asked, milliseconds since 1970.
    pub(super) at_ms: u64,
    pub(super) took: Duration,
    pub(super) series: usize,
    pub(super) bytes: usize,
    pub(super) faults: Vec<String>,
    /// The reason for which there is none.
    pub(super) error: Option<String>,
}

/// A target that is scraped for as long as this is kept.
pub(in crate::sources) struct RunningTarget {
    row: Source,
    /// The settings; none where the store has something that this version cannot read.
    pub(super) spec: Option<TargetSpec>,
    last: Arc<Mutex<Option<LastScrape>>>,
    _task: Option<AbortOnDropHandle<()>>,
}

impl RunningSource for RunningTarget {
    const KIND: SourceKind = SourceKind::Scrape;
    const WORD: &'static str = "target";

    fn begin(row: Source, all: &Targets) -> Self {
        let spec = serde_json::from_str::<TargetSpec>(&row.spec);
        if let Err(error) = &spec {
            tracing::warn!(%error, number = row.id.0, "a target in the store cannot be read, and is not scraped");
        }
        let spec = spec.ok();
        let last = Arc::new(Mutex::new(None));
        let task = spec.clone().filter(|_| !row.is_paused).map(|spec| {
            let context = all.context().clone();
            let scraped = ScrapedTarget { row: row.clone(), context, last: Arc::clone(&last) };
            AbortOnDropHandle::new(tokio::spawn(scraped.scrape_for_ever(spec)))
        });
        Self { row, spec, last, _task: task }
    }

    fn row(&self) -> &Source {
        &self.row
    }
}

impl RunningTarget {
    /// Returns its last answer; none where it was not asked yet.
    pub(super) fn last(&self) -> Option<LastScrape> {
        self.last.lock().clone()
    }
}

/// The system's authorities are read once, for the first target: most servers have none.
static OUTBOUND: OnceLock<Outbound> = OnceLock::new();

struct ScrapedTarget {
    row: Source,
    context: SourceContext,
    last: Arc<Mutex<Option<LastScrape>>>,
}

impl ScrapedTarget {
    async fn scrape_for_ever(self, spec: TargetSpec) {
        // The system's authorities are read from files.
        let made = tokio::task::spawn_blocking(move || {
            let outbound = match OUTBOUND.get() {
                Some(outbound) => outbound.clone(),
                None => {
                    let made = Outbound::new().map_err(|error| error.to_string())?;
                    OUTBOUND.get_or_init(|| made).clone()
                }
            };
            Target::new(spec, &outbound).map_err(|error| error.to_string())
        });
        let mut target = match made.await.unwrap_or_else(|_| Err("it could not be made ready".to_owned())) {
            Ok(target) => target,
            Err(error) => return self.fail(self.context.now(), Duration::ZERO, error),
        };
        let every = Duration::from_millis(self.row.interval_ms);
        let spread = SPREAD.min(self.row.interval_ms);
        let first = Duration::from_millis(self.row.id.0.wrapping_mul(7_919) % spread);
        let mut ticks = interval_at(Instant::now() + first, every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut rates = Rates::default();
        loop {
            ticks.tick().await;
            if !self.context.asks() {
                continue;
            }
            let Ok(_turn) = self.context.turns.acquire().await else { return };
            let (begun, at) = (Instant::now(), self.context.now());
            match target.scrape().await {
                Ok(scrape) => self.take(&mut rates, at, scrape),
                Err(error) => self.fail(at, begun.elapsed(), error.to_string()),
            }
        }
    }

    fn take(&self, rates: &mut Rates, at_ms: u64, scrape: Scrape) {
        let last = LastScrape {
            at_ms,
            took: scrape.took,
            series: scrape.series.len(),
            bytes: scrape.body_bytes,
            faults: scrape.faults,
            error: None,
        };
        let source = format!("target:{}", self.row.id.0);
        // Their time is that of the question, also where the endpoint tells another: numbers of one scrape stand together.
        let measured = rates.update(scrape.started, scrape.series).into_iter();
        let values: SeriesValues = measured
            .map(|series| {
                let labels = [source.clone(), series.labels];
                (SeriesKey::with_labels(&series.metric, labels), series.value)
            })
            .collect();
        self.context.keep(&HostId::local(), self.row.id.0, at_ms, values);
        *self.last.lock() = Some(last);
    }

    fn fail(&self, at_ms: u64, took: Duration, error: String) {
        let failed = LastScrape { at_ms, took, series: 0, bytes: 0, faults: Vec::new(), error: Some(error) };
        *self.last.lock() = Some(failed);
    }
}
