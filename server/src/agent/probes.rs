//! The probes that the server has this agent ask. They are kept on the disk: an agent that starts while the server is away goes on asking.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use common::probe::ProbeVerdict;
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio_util::task::AbortOnDropHandle;

use super::{sink::AgentSink, wire::ReportLine};
use crate::{
    private_file,
    probing::{
        answer::ProbeAnswer,
        asking::{ProbeAsker, ask_for_ever},
        order::{AgentProbing, MOST_PROBES, OrderedProbe, ProbeList, ReportedProbe},
    },
};

/// So many questions are under way at once; others wait.
const AT_ONCE: usize = 16;
/// The file of the list has at most so many bytes.
const FILE_BYTES: u64 = 512 << 10;

/// The probes of this agent.
pub(super) struct AgentProbes {
    file: PathBuf,
    /// The operator of this machine has turned them off.
    is_off: bool,
    version: u64,
    running: BTreeMap<u64, AgentProbe>,
    surroundings: ProbeSurroundings,
}

/// A probe that is asked for as long as this is kept.
struct AgentProbe {
    probe: OrderedProbe,
    _task: AbortOnDropHandle<()>,
}

/// The parts that all probes share; cheap to clone.
#[derive(Clone)]
struct ProbeSurroundings {
    sink: Arc<AgentSink>,
    turns: Arc<Semaphore>,
    /// The newest answer of each, with its name, for those that hang on it.
    verdicts: Arc<Mutex<HashMap<u64, (String, ProbeVerdict)>>>,
}

struct ProbeOfAgent {
    id: u64,
    name: String,
    parent: Option<u64>,
    all: ProbeSurroundings,
}

/// The place of the list in the agent's folder.
pub(super) fn file(folder: &Path) -> PathBuf {
    folder.join("probes.json")
}

impl AgentProbes {
    /// Begins to ask those that are kept in the agent's folder, unless they are turned off.
    pub(super) fn start(folder: &Path, is_off: bool, sink: Arc<AgentSink>) -> Self {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let surroundings = ProbeSurroundings { sink, turns, verdicts: Arc::default() };
        let file = file(folder);
        let mut probes = Self { file, is_off, version: 0, running: BTreeMap::new(), surroundings };
        if let Some(list) = read(&probes.file).filter(|_| !is_off) {
            probes.run(&list);
        }
        probes
    }

    /// Returns what the head of a report says of them.
    pub(super) fn told(&self) -> AgentProbing {
        AgentProbing { version: self.version, off: self.is_off }
    }

    /// Takes another list.
    pub(super) fn take(&mut self, list: &ProbeList) {
        if self.is_off || list.version == self.version {
            return;
        }
        self.run(list);
        let written = serde_json::to_string(list).map_err(anyhow::Error::from);
        if let Err(error) = written.and_then(|text| private_file::write(&self.file, &text)) {
            tracing::warn!(%error, "the probes of this agent are not kept until its next start");
        }
    }

    /// Asks these: those that are new begin, those that were changed begin anew, and those that are gone end.
    fn run(&mut self, list: &ProbeList) {
        self.version = list.version;
        let read: Vec<_> = list.probes.iter().take(MOST_PROBES).map(OrderedProbe::read).collect();
        let unread = read.iter().filter(|probe| probe.is_none()).count();
        if unread > 0 {
            tracing::warn!(unread, "the server asks for probes that this agent does not know");
        }
        let wanted: BTreeMap<u64, OrderedProbe> =
            read.into_iter().flatten().map(|probe| (probe.id, probe)).collect();
        self.running.retain(|id, running| wanted.get(id) == Some(&running.probe));
        self.surroundings.verdicts.lock().retain(|id, _| self.running.contains_key(id));
        for (id, probe) in wanted {
            let surroundings = &self.surroundings;
            self.running.entry(id).or_insert_with(|| AgentProbe::start(probe, surroundings.clone()));
        }
    }
}

impl AgentProbe {
    fn start(probe: OrderedProbe, all: ProbeSurroundings) -> Self {
        let OrderedProbe { id, name, spec, interval_ms, parent } = probe.clone();
        let asked = ProbeOfAgent { id, name, parent, all };
        let task = AbortOnDropHandle::new(tokio::spawn(ask_for_ever(id, spec, interval_ms, asked)));
        Self { probe, _task: task }
    }
}

impl ProbeAsker for ProbeOfAgent {
    fn turns(&self) -> &Semaphore {
        &self.all.turns
    }

    fn now(&self) -> u64 {
        self.all.sink.now()
    }

    fn asks(&self) -> bool {
        true
    }

    fn missing_parent(&self) -> Option<String> {
        let verdicts = self.all.verdicts.lock();
        let (name, verdict) = verdicts.get(&self.parent?)?;
        matches!(verdict, ProbeVerdict::Down | ProbeVerdict::Unknown).then(|| name.clone())
    }

    fn take(&self, answer: ProbeAnswer) {
        self.all.verdicts.lock().insert(self.id, (self.name.clone(), answer.verdict));
        self.all.sink.keep(&ReportLine::Probe(ReportedProbe { id: self.id, answer }));
    }
}

/// Reads a list that was kept; none where there is none that can be read.
fn read(file: &Path) -> Option<ProbeList> {
    let mut text = String::new();
    File::open(file).ok()?.take(FILE_BYTES).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}
