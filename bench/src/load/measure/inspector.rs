//! Measures the cost of a page of connections that polls once a second.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Result, bail};

use super::{PAYLOAD, Plan};
use crate::load::{
    pause::pause,
    run::{Load, Outcome, Pace, run},
    subject::{PULSEBOARD, TOKEN},
    wire::WEBSOCKET,
};

/// A load without anyone who looks, the same with, and how often someone looked in it: round by round.
#[derive(Debug, Default)]
pub(crate) struct Inspector {
    /// All of each round.
    pub(crate) rounds: Vec<(Outcome, Outcome, usize)>,
}

const TIME: Duration = Duration::from_secs(10);
/// The page looks once a second. What that costs is less than what two runs differ by: so here someone looks much more often, and what
/// one look costs is told apart.
const EVERY: Duration = Duration::from_millis(50);
/// The request that the page polls with.
const PATH: &str = "/api/v1/connections?limit=200&order=lag&find=";

/// A thousand WebSockets at a hundred publications a second, with and without.
pub(crate) fn measure(plan: &Plan) -> Result<Option<Inspector>> {
    let Some(subject) = plan.start_one(&PULSEBOARD)? else { return Ok(None) };
    let load = Load { pace: Pace::Steady(100), bytes: PAYLOAD, time: TIME };
    let subscribers = [(&WEBSOCKET, WEBSOCKET.subscribers)];
    let rounds = plan.without_and_with(|is_looked_at| {
        let looking = is_looked_at.then(|| InspectorPoller::begin(subject.address));
        let outcome = run(&subject, &subscribers, load)?;
        Ok((outcome, looking.map(InspectorPoller::end).transpose()?))
    })?;
    Ok(Some(Inspector { rounds }))
}

/// Someone who looks until told to stop.
struct InspectorPoller {
    stop: Arc<AtomicBool>,
    /// The thread that polls; it returns the number of its polls.
    thread: thread::JoinHandle<Result<usize>>,
}

impl InspectorPoller {
    fn begin(server: SocketAddr) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut looks = 0;
            while !until.load(Ordering::Relaxed) {
                look(server)?;
                looks += 1;
                pause(EVERY);
            }
            Ok(looks)
        });
        Self { stop, thread }
    }

    fn end(self) -> Result<usize> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_else(|_| bail!("whoever looked at the connections has panicked"))
    }
}

fn look(server: SocketAddr) -> Result<()> {
    let mut socket = TcpStream::connect(server)?;
    write!(
        socket,
        "GET {PATH} HTTP/1.1\r\nHost: {server}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        bail!("the connections are not shown: {}", String::from_utf8_lossy(&answer[..answer.len().min(200)]));
    }
    Ok(())
}
