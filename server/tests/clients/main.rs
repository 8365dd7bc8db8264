//! Every program of docs/clients.md, run as it stands there, but for the port: it hears what comes, and after a broken line and a
//! restarted server it has missed nothing and heard nothing twice.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]

mod cable;
mod libraries;
mod page;
mod scripted;
#[path = "../support/mod.rs"]
mod support;

use std::{net::SocketAddr, path::Path};

use cable::Cable;
use futures_util::future::join_all;
use page::{at, program, programs};
use support::{
    binary::{ServerProcess, pulseboard},
    post,
    programs::{Program, in_time, lines, node, python, sh},
    start,
};
use tempfile::TempDir;
use transports::catalog::CATALOG;

const LANGUAGES: [&str; 3] = ["js", "sh", "python"];
/// As many lines as one can take in at a glance.
const LONGEST: usize = 20;

fn percent(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|number| (0.0..=100.0).contains(&number))
}

/// Three numbers in brackets, of which a machine may not have all.
fn three_numbers(line: &str) -> bool {
    let inside = line.rsplit_once('[').and_then(|(_, rest)| rest.split(']').next()).unwrap_or_default();
    let numbers: Vec<_> = inside.split(',').map(str::trim).collect();
    numbers.len() == 3
        && numbers.iter().any(|number| percent(number))
        && numbers.iter().all(|number| percent(number) || ["null", "None"].contains(number))
}

/// The orders that a line tells of, in whichever language: `{ open: 3 }`, `{'open': 3}`, `{"open":3}`; a poll's has many.
fn orders(line: &str) -> impl Iterator<Item = u32> {
    line.split("open").skip(1).filter_map(|rest| {
        let number = rest.trim_start_matches(['"', '\'', ':', ' ']);
        number.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
    })
}

/// A program of the page, what it has told, and where it runs.
struct Listener {
    language: &'static str,
    program: Program,
    heard: Vec<u32>,
    _folder: TempDir,
}

impl Listener {
    fn start(language: &'static str, text: &str) -> Self {
        assert!(text.lines().count() <= LONGEST, "{LONGEST} lines are enough: {text}");
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = match language {
            "js" => node(text),
            "sh" => sh(text),
            _ => python(text),
        };
        // Node finds its packages where it was told to; a shell's program keeps its place in a file.
        if language != "js" {
            command.current_dir(folder.path());
        }
        Self { language, program: Program::start(command), heard: Vec::new(), _folder: folder }
    }

    async fn hear_numbers(&mut self) {
        let hearing = async {
            loop {
                let line = self.program.line().await;
                if line.contains("host/local/cpumemdisk") && three_numbers(&line) {
                    return;
                }
            }
        };
        assert!(in_time(hearing).await, "{}: no numbers", self.language);
    }

    /// Every order from 1 to `last`, each once, in order.
    async fn hear_orders(&mut self, last: u32) {
        let hearing = async {
            while self.heard.last() != Some(&last) {
                let line = self.program.line().await;
                assert!(!line.contains("missed something"), "{}: {line}", self.language);
                self.heard.extend(orders(&line));
            }
        };
        let whole = in_time(hearing).await && self.heard.iter().copied().eq(1..=last);
        assert!(whole, "{}: {:?} instead of 1 to {last}", self.language, self.heard);
    }
}

async fn order(server: SocketAddr, numbers: std::ops::RangeInclusive<u32>) {
    for number in numbers {
        let body = format!(r#"{{"topic":"custom/orders","data":{{"open":{number}}}}}"#);
        let answer = post(server, "/api/v1/publish", "application/json", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// A server of its own process: what a restart takes away, it takes.
async fn serve(data: &Path) -> ServerProcess {
    let data = data.to_owned();
    let starting = move || {
        let mut command = pulseboard();
        ServerProcess::new(command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data))
    };
    tokio::task::spawn_blocking(starting).await.expect("it starts")
}

/// Asks it to stop, and waits until it has.
async fn stop(mut server: ServerProcess) {
    let stopping = move || {
        let id = rustix::process::Pid::from_child(&server.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("it is there");
        server.child.wait().expect("it ends")
    };
    let status = tokio::task::spawn_blocking(stopping).await.expect("it ends");
    assert!(status.success(), "{status}");
}

/// Runs a transport's programs side by side, cuts their lines, and takes their server away.
async fn nothing_is_missed(heading: &str, languages: &[&'static str]) {
    let data = tempfile::tempdir().expect("a folder");
    let server = serve(data.path()).await;
    let cable = Cable::to(server.address).await;
    let start =
        |language: &&'static str| Listener::start(language, &program(heading, language, cable.address));
    let mut listeners: Vec<_> = languages.iter().map(start).collect();
    join_all(listeners.iter_mut().map(Listener::hear_numbers)).await;
    order(server.address, 1..=2).await;
    join_all(listeners.iter_mut().map(|listener| listener.hear_orders(2))).await;

    cable.cut();
    order(server.address, 3..=4).await;
    cable.mend(server.address);
    join_all(listeners.iter_mut().map(|listener| listener.hear_orders(4))).await;

    // This time the server says that it goes.
    stop(server).await;
    cable.cut();
    let server = serve(data.path()).await;
    order(server.address, 5..=6).await;
    cable.mend(server.address);
    join_all(listeners.iter_mut().map(|listener| listener.hear_orders(6))).await;
}

#[test]
fn every_transport_has_its_programs() {
    for entry in CATALOG {
        for language in LANGUAGES {
            // There is nothing for a shell that speaks frames both ways.
            let expected = usize::from(!(language == "sh" && entry.two_way));
            let found = programs(entry.name, language);
            assert!(found.len() >= expected, "{} in {language}", entry.name);
            let path = entry.path.trim_end_matches('/');
            assert!(
                entry.id == "socketio" || found.iter().all(|text| text.contains(path)),
                "{} in {language}",
                entry.name
            );
        }
    }
}

#[tokio::test]
async fn server_sent_events_miss_nothing() {
    nothing_is_missed("Server-Sent Events", &LANGUAGES).await;
}

#[tokio::test]
async fn a_websocket_misses_nothing() {
    nothing_is_missed("WebSocket", &["js", "python"]).await;
}

#[tokio::test]
async fn http_streaming_misses_nothing() {
    nothing_is_missed("HTTP streaming", &LANGUAGES).await;
}

#[tokio::test]
async fn long_polling_misses_nothing() {
    nothing_is_missed("Long polling", &LANGUAGES).await;
}

#[tokio::test]
async fn polling_misses_nothing() {
    nothing_is_missed("Polling", &LANGUAGES).await;
}

#[tokio::test]
async fn socket_io_misses_nothing() {
    nothing_is_missed("Socket.IO", &["js", "python"]).await;
}

#[tokio::test]
async fn a_room_of_socket_io_tells_its_topic() {
    let server = start().await;
    let programs = programs("Socket.IO", "js");
    let [_, room] = programs.as_slice() else { panic!("two programs") };
    let topic = "custom/orders".parse().expect("a topic");
    let publishing = async {
        // Until the program is there to hear.
        while server.hub.subscribers(&topic) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        order(server.address, 17..=17).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        printed = lines(node(&at(room, server.address)), 1, |_| true) => assert_eq!(printed, ["custom/orders 17"]),
        () = publishing => {}
    }
    server.stop().await;
}

#[tokio::test]
async fn the_simplest_clients_print_three_numbers() {
    let server = start().await;
    let printed = lines(node(&program("three numbers", "js", server.address)), 2, three_numbers).await;
    assert!(printed.iter().all(|line| line.starts_with('[')), "{printed:?}");
    let shell = program("three numbers", "sh", server.address);
    lines(sh(&shell), 2, |line| line.starts_with("data: {\"data\":[") && three_numbers(line)).await;
    let socket_io = at(&programs("three numbers", "js")[1], server.address);
    let printed = lines(node(&socket_io), 3, |_| true).await;
    assert_eq!(printed[0], "connected");
    assert!(printed[1..].iter().all(|line| three_numbers(line)), "{printed:?}");
    server.stop().await;
}

#[tokio::test]
async fn curl_publishes() {
    let server = start().await;
    let shell = program("Publishing", "sh", server.address);
    let printed = lines(sh(&format!("{}; echo", shell.trim_end())), 1, |_| true).await;
    assert!(printed[0].starts_with("{\"cursor\":\""), "{printed:?}");
    server.stop().await;
}
