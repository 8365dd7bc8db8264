//! Measures the time to the first event, from the server itself and through nginx with its default settings: a proxy
//! that waits for its buffer to fill would delay it.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use super::Plan;
use crate::load::subject::{Nginx, PULSEBOARD, Subject};

/// The time to a transport's first event.
#[derive(Debug)]
pub(crate) struct FirstEvent {
    /// The transport.
    pub(crate) name: &'static str,
    /// From the server itself, milliseconds, try by try.
    pub(crate) direct: Vec<f64>,
    /// Through nginx; nothing where nginx does not carry it.
    pub(crate) proxied: Vec<f64>,
}

/// A transport, and how one asks for what is kept of the topic. Says how long it took, or that it was refused.
type ProxiedRequest = (&'static str, fn(SocketAddr) -> Result<Option<Duration>>);

const WAYS: [ProxiedRequest; 6] = [
    ("SSE", |to| ask(to, "GET /live/sse?topics=custom/bench&snapshot=custom/bench", "")),
    ("HTTP stream", |to| ask(to, "GET /live/stream?topics=custom/bench&snapshot=custom/bench", "")),
    ("long polling", |to| ask(to, "GET /live/long-poll?topics=custom/bench&snapshot=custom/bench", "")),
    ("polling", |to| ask(to, "GET /live/poll?topics=custom/bench&snapshot=custom/bench", "")),
    ("Socket.IO over polling", socket_io),
    ("WebSocket", |to| ask(to, "GET /live/ws?topics=custom/bench&snapshot=custom/bench", UPGRADE)),
];

const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n";
/// The one publication, made before anyone asks; nothing else contains it.
const MARK: &str = "the first event";
/// Tries for each transport and way.
const TRIES: usize = 50;
/// An event that has not come after this time counts as having come then.
const PATIENCE: Duration = Duration::from_secs(10);

/// Measures each transport both ways, in turns.
pub(crate) fn measure(plan: &Plan) -> Result<Vec<FirstEvent>> {
    let subject = (PULSEBOARD.start)(&plan.binary)?;
    let nginx = match Nginx::before(subject.address) {
        Ok(nginx) => nginx,
        Err(error) => {
            eprintln!("bench: without nginx: {error:#}");
            return Ok(Vec::new());
        }
    };
    publish(&subject)?;
    WAYS.into_iter().map(|way| one(way, subject.address, nginx.address)).collect()
}

fn one((name, way): ProxiedRequest, direct: SocketAddr, proxied: SocketAddr) -> Result<FirstEvent> {
    let mut first = FirstEvent { name, direct: Vec::new(), proxied: Vec::new() };
    for _ in 0..TRIES {
        for (to, times) in [(direct, &mut first.direct), (proxied, &mut first.proxied)] {
            let took = way(to).with_context(|| format!("while asking for a first event: {name}"))?;
            times.extend(took.map(|took| 1e3 * took.as_secs_f64()));
        }
    }
    Ok(first)
}

fn publish(subject: &Subject) -> Result<()> {
    let (before, after) = subject.publish.around;
    let body = format!("{before}\"{MARK}\"{after}");
    let answer =
        answer(subject.address, &format!("POST {}", subject.publish.path), "application/json", &body)?;
    if !answer.starts_with("HTTP/1.1 200") {
        bail!("the publication is refused: {answer}");
    }
    Ok(())
}

/// From before connecting until the event was read, on one connection.
fn ask(to: SocketAddr, line: &str, headers: &str) -> Result<Option<Duration>> {
    let started = Instant::now();
    let mut socket = connect(to)?;
    write!(socket, "{line} HTTP/1.1\r\nHost: {to}\r\n{headers}\r\n")?;
    let mut heard = Vec::new();
    let mut some = [0; 16 * 1024];
    loop {
        match socket.read(&mut some) {
            Ok(0) => bail!("the answer ended: {}", String::from_utf8_lossy(&heard)),
            Ok(count) => heard.extend_from_slice(&some[..count]),
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {
                return Ok(Some(PATIENCE));
            }
            Err(error) => return Err(error).context("cannot read the answer"),
        }
        if holds_mark(&heard) {
            return Ok(Some(started.elapsed()));
        }
        if heard.starts_with(b"HTTP/1.1 4") {
            return Ok(None);
        }
    }
}

/// Asks by Socket.IO: a handshake, a namespace and a poll, each a request of its own.
fn socket_io(to: SocketAddr) -> Result<Option<Duration>> {
    const PATH: &str = "/socket.io/?EIO=4&transport=polling";
    const CONNECT: &str = r#"40{"topics":["custom/bench"],"snapshot":true}"#;
    let started = Instant::now();
    let opened = answer(to, &format!("GET {PATH}"), "text/plain", "")?;
    let session = opened.split(r#""sid":""#).nth(1).and_then(|rest| rest.split('"').next());
    let session = session.with_context(|| format!("no session: {opened}"))?;
    answer(to, &format!("POST {PATH}&sid={session}"), "text/plain", CONNECT)?;
    while started.elapsed() < PATIENCE {
        let said = answer(to, &format!("GET {PATH}&sid={session}"), "text/plain", "")?;
        if holds_mark(said.as_bytes()) {
            return Ok(Some(started.elapsed()));
        }
        if !said.starts_with("HTTP/1.1 200") {
            bail!("a question is refused: {said}");
        }
    }
    Ok(Some(PATIENCE))
}

/// A whole answer, on a connection of its own.
fn answer(to: SocketAddr, line: &str, kind: &str, body: &str) -> Result<String> {
    let mut socket = connect(to)?;
    let length = body.len();
    write!(
        socket,
        "{line} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nContent-Type: {kind}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).context("cannot read the answer")?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn connect(to: SocketAddr) -> Result<TcpStream> {
    let socket = TcpStream::connect(to).with_context(|| format!("cannot connect to {to}"))?;
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}

fn holds_mark(heard: &[u8]) -> bool {
    heard.windows(MARK.len()).any(|some| some == MARK.as_bytes())
}
