//! A probe that runs: it is asked at its pace, here or by an agent, and its answers are kept and told.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use ::probe::ProbeSpec;
use common::{Topic, host::HostId, probe::ProbeVerdict};
use parking_lot::Mutex;
use store::{Source, SourceKind, SourceNumber};
use tokio_util::task::AbortOnDropHandle;

use super::{
    elsewhere::ProbeElsewhere, here::ProbeHere, parent::MissingParent, state::ProbeMemory,
    uptime::UptimeMemory,
};
use crate::{
    probing::{
        answer::longest_stand_ms, asking::ask_for_ever, exchange::ExchangedProbe, order::OrderedProbe,
    },
    sources::{
        context::SourceContext,
        stored::{RunningSource, StoredSources},
    },
};

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
    pub(super) uptime: UptimeMemory,
    _run: Option<ProbeRun>,
}

/// The asking of a probe, which ends when this is dropped.
struct ProbeRun {
    _task: AbortOnDropHandle<()>,
    _exchanged: Option<ExchangedProbe>,
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
        let topic = format!("probe/{}", row.id.0).parse::<Topic>().ok();
        if row.is_paused
            && context.asks()
            && let Some(topic) = &topic
        {
            let news = memory.lock().news(row.id.0, &row.name);
            context.publish(topic, &news);
        }
        let asked = spec.clone().zip(topic).filter(|_| !row.is_paused);
        let run = asked.map(|(spec, topic)| ProbeRun::start(&row, spec, topic, all, &memory));
        Self { row, spec, memory, uptime: UptimeMemory::default(), _run: run }
    }

    fn row(&self) -> &Source {
        &self.row
    }

    fn all_run(context: &SourceContext) {
        context.probes.publish();
    }
}

impl ProbeRun {
    fn start(
        row: &Source,
        spec: ProbeSpec,
        topic: Topic,
        all: &Probes,
        memory: &Arc<Mutex<ProbeMemory>>,
    ) -> Self {
        let (row, memory, context) = (row.clone(), Arc::clone(memory), all.context().clone());
        let (all, parent) = (all.clone(), row.parent);
        let parent: MissingParent = Box::new(move || all.missing(parent));
        let (id, interval_ms) = (row.id.0, row.interval_ms);
        match row.host.parse::<HostId>() {
            Ok(host) if host != HostId::local() => {
                let longest = Duration::from_millis(longest_stand_ms(&spec, interval_ms));
                let (name, hangs_on) = (row.name.clone(), row.parent.map(|parent| parent.0));
                let probe = OrderedProbe { id, name, spec, interval_ms, parent: hangs_on };
                let exchange = context.probes.clone();
                let heard = Mutex::new(Instant::now());
                let elsewhere = Arc::new(ProbeElsewhere { row, host, topic, context, parent, memory, heard });
                let taker = Arc::clone(&elsewhere);
                let exchanged = exchange.enter(elsewhere.host.as_str(), probe, taker);
                let task = tokio::spawn(elsewhere.watch_for_ever(longest));
                Self { _task: AbortOnDropHandle::new(task), _exchanged: Some(exchanged) }
            }
            _ => {
                let here = ProbeHere { row, topic, context, parent, memory };
                let task = tokio::spawn(ask_for_ever(id, spec, interval_ms, here));
                Self { _task: AbortOnDropHandle::new(task), _exchanged: None }
            }
        }
    }
}

impl RunningProbe {
    /// Returns what is known of it.
    pub(super) fn memory(&self) -> ProbeMemory {
        self.memory.lock().clone()
    }
}

impl Probes {
    /// The name of the probe that another one hangs on, where that is not up. One that was not asked yet is no hindrance.
    pub(super) fn missing(&self, parent: Option<SourceNumber>) -> Option<String> {
        let parent = self.find(parent?.0)?;
        let verdict = parent.memory.lock().shown().verdict;
        matches!(verdict, ProbeVerdict::Down | ProbeVerdict::Unknown).then(|| parent.row.name.clone())
    }
}
