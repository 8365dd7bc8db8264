//! An agent beside its peers: all run side by side on this machine, for the same time.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};

use super::{
    hub::Hub,
    peer_report::{self, Contender, SideBySide},
    peers::{Peer, copy},
    request::KeptConnection,
    resources::Resources,
    section,
};
use crate::{
    Options,
    load::{build, child::Running, machine::CoreTime, pause::pause},
};

/// Figures are taken for so long, where no other time is given.
const MINUTES: u32 = 60;
/// The time for what has begun to be as it will stay.
const SETTLE: Duration = Duration::from_secs(40);
/// Memory is looked at this often.
const LOOK: Duration = Duration::from_secs(10);
/// Progress is told this often.
const TELL: Duration = Duration::from_secs(60);

/// A way in which an agent is run.
struct AgentRun {
    name: &'static str,
    host: &'static str,
    slow_ms: &'static str,
    is_watched: bool,
}

const RUNS: [AgentRun; 3] = [
    AgentRun { name: "nobody looks", host: "alone", slow_ms: "2000", is_watched: false },
    AgentRun { name: "somebody looks at everything", host: "watched", slow_ms: "2000", is_watched: true },
    AgentRun {
        name: "somebody looks at everything, and all of it each second",
        host: "full",
        slow_ms: "1000",
        is_watched: true,
    },
];

/// Measures, prints, and writes the section. Always true: nothing is delivered here.
pub(crate) fn beside_peers(options: &Options) -> Result<bool> {
    let binary = match &options.server {
        Some(binary) => binary.clone(),
        None => build::server()?,
    };
    let time = Duration::from_secs(60) * options.minutes.unwrap_or(MINUTES);
    let folder = tempfile::Builder::new().prefix("pulseboard-bench-").tempdir()?;
    let hub = Hub::start(&binary, folder.path(), None)?;
    let agents =
        RUNS.iter().map(|run| Agent::start(run, &binary, &hub, folder.path())).collect::<Result<Vec<_>>>()?;
    let peers = Peer::start_all(folder.path())?;
    pause(SETTLE);

    let own = std::process::id();
    let pids = agents.iter().map(|agent| agent.running.id()).chain(peers.iter().map(Peer::pid));
    let pids = pids.chain([hub.pid(), own]);
    let mut measured = pids.map(Resources::begin).collect::<Result<Vec<_>>>()?;
    let (cores, began) = (CoreTime::now()?, Instant::now());
    let mut told = Duration::ZERO;
    while began.elapsed() < time {
        pause(LOOK.min(time.saturating_sub(began.elapsed())));
        for program in &mut measured {
            program.look()?;
        }
        if began.elapsed() >= told + TELL {
            told += TELL;
            eprintln!("bench: {} of {} minutes", told.as_secs() / 60, time.as_secs() / 60);
        }
    }
    let usage = measured.iter_mut().map(Resources::usage).collect::<Result<Vec<_>>>()?;
    let used = measured.iter().map(Resources::cpu_seconds).sum::<Result<f64>>()?;
    let foreign = CoreTime::now()?.foreign_since(cores, used);

    let names = agents.iter().map(|agent| agent.name.to_owned());
    let names = names.chain(peers.iter().map(|peer| peer.name.to_owned())).chain(["server".to_owned()]);
    let contenders = names.zip(usage).map(|(name, usage)| Contender { name, usage }).collect();
    let versions = peers.iter().map(|peer| (peer.name, peer.version.clone())).collect();
    let figures =
        SideBySide { contenders, ours: RUNS.len(), versions, time, foreign, processes: processes()? };
    for agent in agents {
        let is_watched = agent.reader.is_some();
        let bytes = agent.end()?;
        ensure!(!is_watched || bytes > 0, "a reader was told nothing");
    }
    for peer in peers {
        if let (name, Some(scrapes)) = (peer.name, peer.end()?) {
            eprintln!("bench: {name}: {scrapes} scrapes");
        }
    }
    let text = peer_report::section(&figures);
    println!("{text}");
    section::write(options, &text)?;
    Ok(true)
}

/// The programs that run on this machine: those that list them have so much to do.
fn processes() -> Result<usize> {
    let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    let entries = fs::read_dir("/proc")?.flatten();
    Ok(entries.filter(|entry| entry.file_name().to_str().is_some_and(is_number)).count())
}

/// An agent that reports to the server, from a copy of the binary: pages that it shared with the server would count half.
struct Agent {
    name: &'static str,
    running: Running,
    reader: Option<Reader>,
}

impl Agent {
    fn start(run: &AgentRun, binary: &Path, hub: &Hub, folder: &Path) -> Result<Self> {
        let own = folder.join(run.host);
        fs::create_dir_all(&own)?;
        let binary = copy(binary, &own)?;
        let log = File::create(own.join("log"))?;
        let mut command = Command::new(&binary);
        command.arg("--data-dir").arg(own.join("data")).args(["agent", "--slow-ms", run.slow_ms]);
        command.args(["--hub", &format!("http://{}", hub.address), "--enrol", &hub.code()?]);
        let running = Running::start(
            command.args(["--name", run.host]).stdout(Stdio::null()).stderr(Stdio::from(log)),
        )?;
        let reader = run.is_watched.then(|| Reader::begin(hub, run.host)).transpose()?;
        Ok(Self { name: run.name, running, reader })
    }

    /// Ends it, and returns the bytes that its reader was told.
    fn end(self) -> Result<u64> {
        self.reader.map_or(Ok(0), Reader::end)
    }
}

/// Somebody who looks at everything of a host.
struct Reader {
    stop: Arc<AtomicBool>,
    /// Returns the bytes that it was told.
    thread: JoinHandle<Result<u64>>,
}

impl Reader {
    fn begin(hub: &Hub, host: &str) -> Result<Self> {
        let topics = ["metrics", "system", "processes"].map(|kind| format!("host/{host}/{kind}")).join(",");
        let mut connection = KeptConnection::open(hub.address)?;
        let head = format!("GET /live/sse?topics={topics} HTTP/1.1\r\nHost: {}\r\n\r\n", hub.address);
        connection.send(head.as_bytes())?;
        let head = connection.read_head()?;
        ensure!(head.starts_with("HTTP/1.1 200 "), "{head}");
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut bytes = 0;
            while !told.load(Ordering::Relaxed) {
                bytes += connection.read_some()?.len() as u64;
            }
            Ok(bytes)
        });
        Ok(Self { stop, thread })
    }

    /// Each second it is told something, and then it ends.
    fn end(self) -> Result<u64> {
        self.stop.store(true, Ordering::Relaxed);
        match self.thread.join() {
            Ok(bytes) => bytes,
            Err(_) => bail!("the thread of a reader has panicked"),
        }
    }
}
