//! The commonest libraries of three languages, as their own first examples use them, over a cut, a restart, and as many
//! heartbeats as an hour has: each hears every entry once and in order.

mod rust;

use std::{net::SocketAddr, ops::RangeInclusive, path::Path, process::Stdio};

use futures_util::future::{BoxFuture, join_all};
use pulseboard::{config::Config, serve::Server};
use tokio::{process::Command, sync::oneshot, task::JoinHandle};

use crate::{
    cable::Cable,
    order,
    support::{
        folder,
        programs::{Program, in_time, root},
    },
};

/// As many as come in an hour at the default pace of 15 s; here one comes every 25 ms.
const HOUR: usize = 240;
const HEARTBEAT_MS: u64 = 25;
/// One-way lines are renewed in this time, so that each library meets that, too.
const MAX_AGE_SECONDS: u64 = 2;

/// Something that listens by a library and says what it hears, a line at a time.
pub(super) trait Listens: Send {
    fn line(&mut self) -> BoxFuture<'_, String>;
}

impl Listens for Program {
    fn line(&mut self) -> BoxFuture<'_, String> {
        Box::pin(Program::line(self))
    }
}

struct Listener {
    name: &'static str,
    listens: Box<dyn Listens>,
    heard: Vec<u32>,
    heartbeats: usize,
    others: Vec<String>,
}

impl Listener {
    async fn hear(&mut self, enough: impl Fn(&Self) -> bool) {
        let hearing = async {
            while !enough(self) {
                let line = self.listens.line().await;
                match line.split_once(' ') {
                    Some(("order", number)) => self.heard.push(number.parse().expect("a number")),
                    None if line == "heartbeat" => self.heartbeats += 1,
                    _ => self.others.push(line),
                }
            }
        };
        let came = in_time(hearing).await;
        assert!(came, "{}: {:?}, {} heartbeats, {:?}", self.name, self.heard, self.heartbeats, self.others);
    }

    async fn hear_orders(&mut self, last: u32) {
        self.hear(|this| this.heard.last() == Some(&last)).await;
        assert!(
            self.heard.iter().copied().eq(1..=last),
            "{}: {:?} instead of 1 to {last}",
            self.name,
            self.heard
        );
        assert!(!self.others.iter().any(|other| other == "gap"), "{}: nothing is missing", self.name);
    }

    async fn hear_heartbeats(&mut self, count: usize) {
        let until = self.heartbeats + count;
        self.hear(|this| this.heartbeats >= until).await;
    }
}

/// A server in this process, whose clock is set by its settings.
struct LocalServer {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl LocalServer {
    async fn start(data: &Path) -> Self {
        let mut config = Config {
            listen: "127.0.0.1:0".parse().expect("an address"),
            data_dir: data.to_owned(),
            ..Config::default()
        };
        config.live.heartbeat_ms = HEARTBEAT_MS;
        config.live.retry_ms = 300;
        config.live.max_age_seconds = MAX_AGE_SECONDS;
        folder::let_go(data).await;
        let server = Server::bind(&config).await.expect("the server starts");
        let address = server.address().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server.serve(async {
            let _ = stopped.await;
        }));
        Self { address, stop, serving }
    }

    async fn stop(self) {
        let _ = self.stop.send(());
        self.serving.await.expect("the server ends in order");
    }
}

fn script(name: &str) -> std::path::PathBuf {
    let path = root().join("server/tests/clients/libraries").join(name);
    path.canonicalize().unwrap_or_else(|_| panic!("{} is there", path.display()))
}

fn javascript(name: &str, arguments: &[&str]) -> Box<dyn Listens> {
    let modules = root().join("server/tests/clients/node_modules");
    assert!(modules.is_dir(), "run `cargo xtask setup --tests` first: these clients need their npm packages");
    let mut command = Command::new("node");
    command.arg(script(name)).args(arguments);
    Box::new(Program::start(command))
}

fn python(name: &str, url: &str) -> Box<dyn Listens> {
    let python = root().join("server/tests/clients/.venv/bin/python");
    assert!(
        python.is_file(),
        "run `cargo xtask setup --tests` first: these clients need their PyPI packages"
    );
    let mut command = Command::new(python);
    command.arg("-u").arg(script(name)).arg(url).stderr(Stdio::inherit());
    Box::new(Program::start(command))
}

/// A library's name, and how it begins to listen at an address.
type Library = (&'static str, fn(SocketAddr) -> Box<dyn Listens>);

async fn each_hears_everything_once(libraries: &[Library]) {
    let data = tempfile::tempdir().expect("a folder");
    let server = LocalServer::start(data.path()).await;
    let cable = Cable::to(server.address).await;
    let mut all: Vec<Listener> = Vec::new();
    for (name, start) in libraries {
        let listens = start(cable.address);
        all.push(Listener { name, listens, heard: Vec::new(), heartbeats: 0, others: Vec::new() });
    }
    join_all(all.iter_mut().map(|one| one.hear_heartbeats(1))).await;
    tell(&mut all, server.address, 1..=2).await;

    cable.cut();
    order(server.address, 3..=4).await;
    cable.mend(server.address);
    join_all(all.iter_mut().map(|one| one.hear_orders(4))).await;

    // It says bye.
    server.stop().await;
    cable.cut();
    let server = LocalServer::start(data.path()).await;
    order(server.address, 5..=6).await;
    cable.mend(server.address);
    join_all(all.iter_mut().map(|one| one.hear_orders(6))).await;

    join_all(all.iter_mut().map(|one| one.hear_heartbeats(HOUR))).await;
    tell(&mut all, server.address, 7..=8).await;
    drop(all);
    server.stop().await;
}

async fn tell(all: &mut [Listener], server: SocketAddr, numbers: RangeInclusive<u32>) {
    let last = *numbers.end();
    order(server, numbers).await;
    join_all(all.iter_mut().map(|one| one.hear_orders(last))).await;
}

fn events(to: SocketAddr) -> String {
    format!("http://{to}/live/sse?topics=custom/orders")
}

fn socket(to: SocketAddr) -> String {
    format!("ws://{to}/live/ws?topics=custom/orders")
}

#[tokio::test]
async fn libraries_of_javascript_hear_everything_once() {
    each_hears_everything_once(&[
        ("eventsource", |to| javascript("eventsource.mjs", &[&events(to)])),
        ("fetch-event-source", |to| javascript("fetch-event-source.mjs", &[&events(to)])),
        ("ws", |to| javascript("websocket.mjs", &[&socket(to), "ws"])),
        ("undici", |to| javascript("websocket.mjs", &[&socket(to), "undici"])),
    ])
    .await;
}

#[tokio::test]
async fn libraries_of_python_hear_everything_once() {
    each_hears_everything_once(&[
        ("sseclient-py", |to| python("sseclient_py.py", &events(to))),
        ("httpx-sse", |to| python("httpx_sse_py.py", &events(to))),
        ("websockets", |to| python("websockets_py.py", &socket(to))),
    ])
    .await;
}

#[tokio::test]
async fn libraries_of_rust_hear_everything_once() {
    each_hears_everything_once(&[
        ("eventsource-client", |to| rust::eventsource_client(&events(to))),
        ("eventsource-stream", |to| rust::eventsource_stream(events(to))),
        ("tokio-tungstenite", |to| rust::tokio_tungstenite(socket(to))),
    ])
    .await;
}
