//! The programs of docs/clients.md before something that answers in the server's place: a 502, answers without chunks, and
//! answers that are torn and end as if they were whole.

use std::{net::SocketAddr, sync::Arc};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
    task::JoinHandle,
};

use crate::{Listener, page::program};

/// An answer, and whether its connection stays open behind it until it is told to go on.
struct Step {
    bytes: Vec<u8>,
    holds: bool,
}

/// Answers one request after the other, each on a connection of its own; after the last it answers no more.
struct Script {
    address: SocketAddr,
    /// The place that each request named.
    asked: mpsc::Receiver<String>,
    go_on: Arc<Notify>,
    running: JoinHandle<()>,
}

impl Script {
    async fn of(steps: Vec<Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (tell, asked) = mpsc::channel(steps.len().max(1));
        let go_on = Arc::new(Notify::new());
        let running = tokio::spawn({
            let go_on = Arc::clone(&go_on);
            async move {
                for step in steps {
                    let mut stream = listener.accept().await.expect("a connection").0;
                    let _ = tell.send(place(&head(&mut stream).await)).await;
                    stream.write_all(&step.bytes).await.expect("written");
                    if step.holds {
                        go_on.notified().await;
                    }
                    // In order: what was written arrives.
                    let _ = stream.shutdown().await;
                }
                std::future::pending::<()>().await;
            }
        });
        Self { address, asked, go_on, running }
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a request"));
    }
    String::from_utf8(head).expect("text").to_lowercase()
}

/// The header wins, as docs/protocol.md says.
fn place(head: &str) -> String {
    let header = head.lines().find_map(|line| line.strip_prefix("last-event-id: "));
    let query = head.split(['?', '&', ' ']).find_map(|part| part.strip_prefix("since="));
    header.filter(|place| !place.is_empty()).or(query).unwrap_or_default().to_owned()
}

fn whole(status: &str, kind: &str, body: &str) -> Step {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\nconnection: close\r\n");
    Step { bytes: format!("{head}content-length: {length}\r\n\r\n{body}").into(), holds: false }
}

/// A body without a length and without chunks, as some proxies pass it on: it ends with the connection.
fn stream(kind: &str, body: &[u8], holds: bool) -> Step {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n");
    Step { bytes: [head.as_bytes(), body].concat(), holds }
}

fn bad_gateway() -> Step {
    whole("502 Bad Gateway", "text/html", "<html><h1>502 Bad Gateway</h1></html>\n")
}

const EVENTS: &str = "text/event-stream; charset=utf-8";
const LINES: &str = "application/x-ndjson";

fn data(number: u32) -> String {
    // Not only ASCII, so that a cut may fall into a character.
    format!(r#"{{"topic":"custom/orders","data":{{"open":{number},"from":"김"}}}}"#)
}

fn block(number: u32) -> String {
    format!("data: {}\nid: 64-{number}\n\n", data(number))
}

fn frame(number: u32) -> String {
    let data = data(number);
    format!(r#"{{"type":"event","cursor":"64-{number}",{}"#, &data[1..])
}

fn array(number: u32) -> String {
    let welcome = r#"{"type":"welcome","verdict":"new","head":"64-9","heartbeat_ms":15000}"#;
    let end = format!(r#"{{"type":"heartbeat","cursor":"64-{number}"}}"#);
    format!("[{welcome},{},{end}]", frame(number))
}

/// The part before this many bytes of its end.
fn cut(text: &str, bytes: usize) -> &[u8] {
    &text.as_bytes()[..text.len() - bytes]
}

/// `first` is told while its answer goes on; what follows in the same answer is cut; then, after a 502, comes all of it.
async fn hears_each_once(heading: &str, language: &'static str, steps: Vec<Step>, places: &[&str]) {
    let mut script = Script::of(steps).await;
    let mut listener = Listener::start(language, &program(heading, language, script.address));
    listener.hear_orders(1).await;
    script.go_on.notify_one();
    listener.hear_orders(2).await;
    for (nth, place) in places.iter().enumerate() {
        let asked = script.asked.recv().await.expect("it asked");
        assert_eq!(asked, *place, "{heading} in {language}: question {nth}");
    }
}

const AFTER_FIRST: [&str; 5] = ["", "", "64-1", "64-1", "64-1"];

#[tokio::test]
async fn event_streams_survive_a_502_and_a_torn_end() {
    let begun = format!("retry: 100\nevent: welcome\ndata: {{}}\n\n{}", block(1));
    let second = block(2);
    // In the middle of a character of the data; with all of the data; with all but the empty line.
    let in_character = second.find('김').expect("it is there") + 1;
    let torn = |bytes: usize| {
        stream(EVENTS, [begun.as_bytes(), &second.as_bytes()[..bytes]].concat().as_slice(), true)
    };
    let whole_data = second.find("id: ").expect("it is there");
    let steps = || {
        vec![
            bad_gateway(),
            torn(in_character),
            stream(EVENTS, &second.as_bytes()[..whole_data], false),
            bad_gateway(),
            stream(EVENTS, second.as_bytes(), true),
        ]
    };
    let languages = ["js", "sh", "python"];
    join_all(
        languages.map(|language| hears_each_once("Server-Sent Events", language, steps(), &AFTER_FIRST)),
    )
    .await;
}

#[tokio::test]
async fn lines_survive_a_502_and_a_torn_end() {
    let (first, second) = (frame(1) + "\n", frame(2) + "\n");
    let in_character = second.find('김').expect("it is there") + 1;
    let steps = || {
        vec![
            bad_gateway(),
            stream(LINES, &[first.as_bytes(), &second.as_bytes()[..in_character]].concat(), true),
            stream(LINES, cut(&second, 12), false),
            bad_gateway(),
            stream(LINES, second.as_bytes(), true),
        ]
    };
    let languages = ["js", "sh", "python"];
    join_all(languages.map(|language| hears_each_once("HTTP streaming", language, steps(), &AFTER_FIRST)))
        .await;
}

/// Some proxies end what was torn as a whole answer, with the length that it has now.
async fn polls_survive_a_502_and_a_torn_array(heading: &str) {
    let torn = |bytes: usize| {
        let array = array(2);
        let left = String::from_utf8_lossy(cut(&array, bytes)).into_owned();
        whole("200 OK", "application/json", &left)
    };
    let to_the_event = array(2).len() - array(2).rfind(r#"},{"type":"heartbeat"#).expect("it is there");
    let steps = || {
        vec![
            bad_gateway(),
            whole("200 OK", "application/json", &array(1)),
            torn(to_the_event + 6),
            torn(1),
            whole("200 OK", "application/json", &array(2)),
        ]
    };
    let languages = ["js", "sh", "python"];
    join_all(languages.map(|language| hears_each_once(heading, language, steps(), &AFTER_FIRST))).await;
}

#[tokio::test]
async fn long_polls_survive_a_502_and_a_torn_array() {
    polls_survive_a_502_and_a_torn_array("Long polling").await;
}

#[tokio::test]
async fn polls_asked_by_a_clock_survive_a_502_and_a_torn_array() {
    polls_survive_a_502_and_a_torn_array("Polling").await;
}

/// Varnish asks the second of two equal questions only when the first is answered.
#[tokio::test]
async fn no_two_programs_ask_the_same_long_poll() {
    for language in ["js", "sh", "python"] {
        let mut names = Vec::new();
        for _ in 0..2 {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            let _program = Listener::start(language, &program("Long polling", language, address));
            let mut stream = listener.accept().await.expect("a connection").0;
            let head = head(&mut stream).await;
            let name = head.split(['?', '&', ' ']).find_map(|part| part.strip_prefix("client="));
            names.push(name.unwrap_or_else(|| panic!("{language}: no name in {head}")).to_owned());
        }
        assert!(names[0] != names[1] && names.iter().all(|name| name.len() >= 8), "{language}: {names:?}");
    }
}
