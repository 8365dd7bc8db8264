//! A hundred containers that are watched: the CPU of the engine and the server together, beside an engine that tells their statistics itself.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::net::UnixStream,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use container_engine::{
    ContainerId,
    test_engine::{Docker, TestEngine},
};
use serde_json::json;

use super::Plan;
use crate::load::{
    pause::pause,
    process::cpu_seconds,
    subject::{Subject, start_beside_engine},
};

/// Containers, in a whole run and in a short one.
const CONTAINERS: [usize; 2] = [100, 20];
/// Figures are taken for so long, in a whole run and in a short one.
const TIME: [Duration; 2] = [Duration::from_secs(30), Duration::from_secs(10)];
/// The time for what has begun to be as it will stay: the second look of a reader, the engine's first statistics.
const SETTLE: Duration = Duration::from_secs(12);
/// A reader of a stream looks this often whether it may end.
const LOOK: Duration = Duration::from_millis(500);

/// CPU seconds a second, round by round.
#[derive(Debug)]
pub(crate) struct WatchedContainers {
    pub(crate) count: usize,
    /// The engine alone; nobody asks it for anything.
    pub(crate) alone: Vec<f64>,
    /// The engine and the server; nobody looks.
    pub(crate) watched: Vec<f64>,
    /// The engine and the server, with a page open that shows usage and events.
    pub(crate) shown: Vec<f64>,
    /// The engine alone, with a stream of statistics for each container, as `docker stats` asks for.
    pub(crate) streamed: Vec<f64>,
}

/// Starts the engine of this machine and a crowd of containers.
pub(crate) fn measure(plan: &Plan, is_quick: bool) -> Result<WatchedContainers> {
    let (count, time) = (CONTAINERS[usize::from(is_quick)], TIME[usize::from(is_quick)]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let engine = runtime.block_on(Docker::start());
    let containers: Vec<ContainerId> = (0..count)
        .map(|number| engine.run(&format!("idle-{number}"), &["sleep", "100000"], &json!({})))
        .collect();
    let figures = || Vec::with_capacity(plan.rounds);
    let mut all = WatchedContainers {
        count,
        alone: figures(),
        watched: figures(),
        shown: figures(),
        streamed: figures(),
    };
    for _ in 0..plan.rounds {
        all.alone.push(cpu(&engine, None, time)?);
        {
            let subject = start_beside_engine(&plan.binary, &engine.socket())?;
            all.watched.push(cpu(&engine, Some(&subject), time)?);
            let page = Readers::of_page(subject.address)?;
            all.shown.push(cpu(&engine, Some(&subject), time)?);
            ensure!(page.end()? > 0, "the page was told nothing");
        }
        let readers = Readers::of_statistics(&engine.socket(), &containers)?;
        all.streamed.push(cpu(&engine, None, time)?);
        ensure!(readers.end()? > 0, "the engine told nothing");
    }
    Ok(all)
}

/// CPU seconds a second of the engine with its helpers and containers, and of the server.
fn cpu(engine: &TestEngine, subject: Option<&Subject>, time: Duration) -> Result<f64> {
    pause(SETTLE);
    let mut pids = engine.processes();
    if let Some(subject) = subject {
        pids.extend(subject.pids()?);
    }
    let before = cpu_seconds(&pids)?;
    pause(time);
    Ok((cpu_seconds(&pids)? - before) / time.as_secs_f64())
}

/// Threads that read answers without an end, and throw away what they read.
struct Readers {
    stop: Arc<AtomicBool>,
    /// Each returns the bytes that it has read.
    threads: Vec<JoinHandle<Result<u64>>>,
}

impl Readers {
    fn of_page(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_read_timeout(Some(LOOK))?;
        let target = "/live/stream?topics=docker/local,docker/local/usage";
        Self::begin(vec![asked(stream, target, &server.to_string())?])
    }

    fn of_statistics(socket: &Path, containers: &[ContainerId]) -> Result<Self> {
        let ask = |id: &ContainerId| {
            let stream = UnixStream::connect(socket).context("the engine listens")?;
            stream.set_read_timeout(Some(LOOK))?;
            asked(stream, &format!("/v1.41/containers/{id}/stats?stream=1"), "engine")
        };
        Self::begin(containers.iter().map(ask).collect::<Result<_>>()?)
    }

    #[allow(clippy::unnecessary_wraps, reason = "whoever begins readers has connected before")]
    fn begin<S: Read + Send + 'static>(streams: Vec<S>) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = streams.into_iter().map(|stream| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || drain(stream, &stop))
        });
        Ok(Self { threads: threads.collect(), stop })
    }

    fn end(self) -> Result<u64> {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().try_fold(0, |sum, thread| match thread.join() {
            Ok(read) => Ok(sum + read?),
            Err(_) => bail!("a reader has panicked"),
        })
    }
}

fn asked<S: Read + Write>(mut stream: S, target: &str, host: &str) -> Result<S> {
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n")?;
    Ok(stream)
}

fn drain(mut stream: impl Read, stop: &AtomicBool) -> Result<u64> {
    let mut room = vec![0; 64 << 10];
    let mut bytes = 0;
    while !stop.load(Ordering::Relaxed) {
        match stream.read(&mut room) {
            Ok(0) => bail!("an answer has ended"),
            Ok(read) => bytes += read as u64,
            Err(error)
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(bytes)
}
