//! A probe that runs: it is asked at its pace, and its answers are kept and told.

use std::{sync::Arc, time::Duration};

use ::probe::{ProbeOutcome, ProbeSpec, Prober};
use common::{
    Topic,
    host::HostId,
    probe::ProbeVerdict,
    series::{SeriesKey, SeriesValues},
};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use store::{Source, SourceKind};
use tokio::{
    sync::OnceCell,
    time::{Instant, MissedTickBehavior, interval_at},
};
use tokio_util::task::AbortOnDropHandle;

use super::state::ProbeMemory;
use crate::sources::{
    context::SourceContext,
    stored::{RunningSource, StoredSources},
};

/// 1 while it is up, 0 while it is down, by the number of the probe; nothing while it is not known.
const UP: &str = "probe.up";
/// The time that answers take, milliseconds, by the number of the probe.
const LATENCY: &str = "probe.latency";
/// Probes that begin at once are asked for the first time within so many milliseconds, each at a moment of its own.
const SPREAD: u64 = 1_000;

/// The probes.
pub(in crate::sources) type Probes = StoredSources<RunningProbe>;

/// Makes the list of probes, which is empty until the store is read.
pub(in crate::sources) fn probes(context: SourceContext) -> Probes {
    StoredSources::new(context)
}

/// A probe that runs for as long as this is kept.
pub(in crate::sources) struct RunningProbe {
    row: Source,
    /// The check; none where the store has something that this version cannot read.
    pub(super) spec: Option<ProbeSpec>,
    memory: Arc<Mutex<ProbeMemory>>,
    _task: Option<AbortOnDropHandle<()>>,
}

impl RunningSource for RunningProbe {
    const KIND: SourceKind = SourceKind::Probe;
    const WORD: &'static str = "probe";

    fn begin(row: Source, all: &Probes) -> Self {
        let context = all.context();
        let spec = serde_json::from_str::<ProbeSpec>(&row.spec);
        if let Err(error) = &spec {
            tracing::warn!(%error, probe = row.id.0, "a probe in the store cannot be read, and is not asked");
        }
        let spec = spec.ok();
        let verdict = match (&spec, row.is_paused) {
            (_, true) => ProbeVerdict::Paused,
            (None, _) => ProbeVerdict::Unknown,
            (Some(_), _) => ProbeVerdict::Pending,
        };
        // One that was changed begins anew; what it was remembers nobody.
        let memory = Arc::new(Mutex::new(ProbeMemory::new(verdict, context.now())));
        if row.is_paused
            && context.asks()
            && let Ok(topic) = format!("probe/{}", row.id.0).parse()
        {
            let news = memory.lock().news(row.id.0, &row.name);
            context.publish(&topic, &news);
        }
        let task = spec.clone().filter(|_| !row.is_paused).map(|spec| {
            let asking = AskedProbe { row: row.clone(), spec, all: all.clone(), memory: Arc::clone(&memory) };
            AbortOnDropHandle::new(tokio::spawn(asking.ask_for_ever()))
        });
        Self { row, spec, memory, _task: task }
    }

    fn row(&self) -> &Source {
        &self.row
    }
}

impl RunningProbe {
    /// Returns what is known of it.
    pub(super) fn memory(&self) -> ProbeMemory {
        self.memory.lock().clone()
    }
}

/// The system's authorities are read once, when the first probe is asked: most servers have none.
static PROBER: OnceCell<Prober> = OnceCell::const_new();

/// Runs a check. It is boxed, for the compiler does not see that what it borrows may go to another thread.
fn run(prober: Prober, spec: ProbeSpec) -> BoxFuture<'static, ProbeOutcome> {
    Box::pin(async move { prober.run(&spec).await })
}

struct AskedProbe {
    row: Source,
    spec: ProbeSpec,
    all: Probes,
    memory: Arc<Mutex<ProbeMemory>>,
}

impl AskedProbe {
    async fn ask_for_ever(self) {
        let number = self.row.id.0;
        let Ok(topic) = format!("probe/{number}").parse::<Topic>() else { return };
        let every = Duration::from_millis(self.row.interval_ms);
        // A whole number of a large prime spreads neighbours.
        let first = Duration::from_millis(number.wrapping_mul(7_919) % SPREAD.min(self.row.interval_ms));
        let mut ticks = interval_at(Instant::now() + first, every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            if !self.all.context().asks() {
                // Another node does, and knows better than what was known here.
                *self.memory.lock() = ProbeMemory::new(ProbeVerdict::Pending, self.all.context().now());
                continue;
            }
            self.ask().await;
            let news = self.memory.lock().news(number, &self.row.name);
            self.all.context().publish(&topic, &news);
        }
    }

    async fn ask(&self) {
        let context = self.all.context();
        if let Some(parent) = self.missing_parent() {
            self.memory.lock().lose(&parent, context.now());
            return;
        }
        let Ok(_turn) = context.turns.acquire().await else { return };
        let prober = PROBER.get_or_init(|| async {
            tokio::task::spawn_blocking(Prober::new).await.unwrap_or_else(|_| Prober::new())
        });
        let outcome = run(prober.await.clone(), self.spec.clone()).await;
        let now = context.now();
        let state = {
            let mut memory = self.memory.lock();
            memory.take(&outcome, now);
            memory.state.clone()
        };
        let mut values = SeriesValues::default();
        let number = self.row.id.0;
        match state.verdict {
            ProbeVerdict::Up => values.insert(SeriesKey::labelled(UP, number), 1.0),
            ProbeVerdict::Down => values.insert(SeriesKey::labelled(UP, number), 0.0),
            _ => {}
        }
        if let Some(latency) = state.latency_ms {
            values.insert(SeriesKey::labelled(LATENCY, number), latency);
        }
        context.keep(&HostId::local(), number, now, values);
    }

    /// The name of the probe that this one hangs on, where that is not up. One that was not asked yet is no hindrance.
    fn missing_parent(&self) -> Option<String> {
        let parent = self.all.find(self.row.parent?.0)?;
        let verdict = parent.memory.lock().state.verdict;
        matches!(verdict, ProbeVerdict::Down | ProbeVerdict::Unknown).then(|| parent.row.name.clone())
    }
}
