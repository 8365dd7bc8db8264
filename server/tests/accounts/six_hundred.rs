//! Six hundred connections of one account, over six transports and both versions of HTTP: a notice comes to each of them once, and when the
//! account is disabled each of them ends and is told nothing more. How long both take is printed: `cargo test --test accounts six_hundred
//! -- --nocapture`.

use std::{net::SocketAddr, time::Instant};

use bytes::Bytes;
use common::frame::{ByeReason, ServerFrame};
use futures_util::future::join_all;
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Incoming, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};
use transport_probes::{Ask, Connection, LONG_WAIT, Seen};

use crate::{
    invited, set_up_at,
    support::{TestServer, start_with, tls::dial, try_post},
};

/// Connections of each transport over HTTP/1.1.
const OF_EACH: usize = 50;
/// Streams over HTTP/2, of each kind that has them.
const STREAMS: usize = 100;
/// As many as a connection of HTTP/2 carries at once, by what servers usually allow.
const OF_ONE: usize = 60;
const TOPICS: &str = "notices/all,custom/a";

/// Passes HTTP/1.1 on to a server that speaks TLS, for clients that do not.
async fn without_tls(server: &TestServer) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (to, data) = (server.address, server.data.path().to_owned());
    tokio::spawn(async move {
        while let Ok((mut plain, _)) = listener.accept().await {
            let data = data.clone();
            tokio::spawn(async move {
                let mut secure = dial(to, &data, b"http/1.1").await;
                let _ = tokio::io::copy_bidirectional(&mut plain, &mut secure).await;
            });
        }
    });
    address
}

/// A connection that is read until it ends.
enum Line {
    Http1(Box<dyn Connection>),
    Stream(Incoming),
    LongPoll(Box<LongPoll>),
}

/// A long poll over HTTP/2, and the way to the next one.
struct LongPoll {
    asking: http2::SendRequest<Full<Bytes>>,
    question: Request<Full<Bytes>>,
    answer: JoinHandle<String>,
}

impl LongPoll {
    fn new(mut asking: http2::SendRequest<Full<Bytes>>, question: Request<Full<Bytes>>) -> Self {
        let answer = asking.send_request(question.clone());
        let answer = tokio::spawn(async move {
            let body = answer.await.expect("an answer").into_body().collect().await.expect("whole");
            String::from_utf8(body.to_bytes().to_vec()).expect("UTF-8")
        });
        Self { asking, question, answer }
    }

    /// Goes on from behind what it was told.
    fn again(&self, since: &str) -> Self {
        let mut question = self.question.clone();
        let address = question.uri().to_string();
        let (rest, _) = address.split_once("&since=").expect("its place");
        *question.uri_mut() = format!("{rest}&since={since}").parse().expect("an address");
        Self::new(self.asking.clone(), question)
    }
}

impl Line {
    /// Waits for the notice, and returns when it came.
    async fn notice(&mut self) -> Instant {
        match self {
            Self::Http1(line) => assert!(line.event().await.data.get().contains("to everyone")),
            Self::Stream(body) => {
                let mut text = String::new();
                while !text.contains("to everyone") {
                    let frame = body.frame().await.expect("it goes on").expect("a frame");
                    text += std::str::from_utf8(frame.data_ref().map_or(&[], |data| data)).expect("UTF-8");
                }
            }
            Self::LongPoll(poll) => {
                let told = (&mut poll.answer).await.expect("an answer");
                assert!(told.contains("to everyone"), "{told}");
                let frames: Vec<Value> = serde_json::from_str(&told).expect("JSON");
                let last = frames.iter().rev().find_map(|frame| frame["cursor"].as_str());
                **poll = poll.again(last.expect("a place"));
            }
        }
        Instant::now()
    }

    /// Waits for the end, before which nothing is told but why; returns when it came.
    async fn end(self) -> Instant {
        let rest = match self {
            Self::Http1(mut line) => loop {
                match line.next().await {
                    Seen::Frame(ServerFrame::Event(event)) => break event.data.get().to_owned(),
                    Seen::Frame(ServerFrame::Bye { reason, .. }) => assert_eq!(reason, ByeReason::SignedOut),
                    Seen::Frame(_) => {}
                    Seen::End(_) => break String::new(),
                }
            },
            Self::Stream(mut body) => {
                let mut rest = String::new();
                while let Some(Ok(frame)) = body.frame().await {
                    rest += std::str::from_utf8(frame.data_ref().map_or(&[], |data| data)).expect("UTF-8");
                }
                rest
            }
            Self::LongPoll(poll) => poll.answer.await.expect("an answer"),
        };
        assert!(!rest.contains("told afterwards"), "{rest}");
        Instant::now()
    }
}

async fn over_http1(to: SocketAddr, cookie: &str) -> Vec<Line> {
    let mut all = Vec::new();
    for probe in transport_probes::all() {
        for _ in 0..OF_EACH {
            let topics: Vec<&str> = TOPICS.split(',').collect();
            let headers = vec![("cookie", cookie.to_owned())];
            let ask = Ask { headers, more: LONG_WAIT, ..Ask::topics(&topics) };
            let mut line = probe.connect(to, ask).await.expect("it may");
            line.verdict().await;
            all.push(Line::Http1(line));
        }
    }
    all
}

async fn over_http2(server: &TestServer, cookie: &str) -> Vec<Line> {
    let since = server.hub.head();
    let paths = [
        format!("/live/sse?topics={TOPICS}"),
        format!("/live/stream?topics={TOPICS}"),
        format!("/live/long-poll?topics={TOPICS}&wait=60&since={since}"),
    ];
    let asked: Vec<&String> = paths.iter().flat_map(|path| std::iter::repeat_n(path, STREAMS)).collect();
    let mut all = Vec::new();
    for some in asked.chunks(OF_ONE) {
        let io = TokioIo::new(dial(server.address, server.data.path(), b"h2").await);
        let (mut asking, connection) = http2::handshake(TokioExecutor::new(), io).await.expect("HTTP/2");
        tokio::spawn(connection);
        for path in some {
            let address = format!("https://localhost:{}{path}", server.address.port());
            let question = Request::get(address).header("cookie", cookie).body(Full::default());
            let question = question.expect("a request");
            all.push(if path.contains("long-poll") {
                Line::LongPoll(Box::new(LongPoll::new(asking.clone(), question)))
            } else {
                let answer = asking.send_request(question).await.expect("an answer");
                assert_eq!(answer.status(), 200);
                Line::Stream(answer.into_body())
            });
        }
    }
    all
}

/// The time from `began` to the last of these moments, in words.
fn last(began: Instant, moments: &[Instant]) -> String {
    let last = moments.iter().max().expect("there are some").duration_since(began);
    format!("the last of {} after {} ms", moments.len(), last.as_millis())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_comes_to_each_of_six_hundred_connections_once_and_a_disabled_account_ends_them_all() {
    let server = start_with(|config| {
        config.tls.self_signed = true;
        config.limits.connections_per_address = 0;
    })
    .await;
    let plain = without_tls(&server).await;
    let mut admin = set_up_at(&server, plain).await;
    let cookie = invited(&server, &mut admin, "lee", "viewer").await.cookie_line();
    let mut all = over_http1(plain, &cookie).await;
    all.extend(over_http2(&server, &cookie).await);
    assert_eq!(all.len(), 600);
    let topic = "notices/all".parse().expect("a topic");
    // Those that only ask now and then are not counted among those who wait.
    while server.hub.subscribers(&topic) < all.len() - OF_EACH {
        tokio::task::yield_now().await;
    }

    let began = Instant::now();
    let notice = r#"{"to":"all","level":"info","title":"to everyone"}"#;
    let lines = format!("cookie: {}\r\n", admin.cookie_line());
    let answer = try_post(plain, "/api/v1/notices", &lines, notice).await.expect("an answer");
    assert_eq!(answer.0, 201, "{}", answer.1);
    let told = join_all(all.iter_mut().map(Line::notice)).await;
    println!("a notice: {}", last(began, &told));

    admin.get("/settings/people").await;
    let began = Instant::now();
    let answer = admin.send("/settings/people/disable", &[("id", "2")]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let custom = "custom/a".parse().expect("a topic");
    server.hub.publish(&custom, "\"told afterwards\"".into()).expect("published");
    let ended = join_all(all.into_iter().map(Line::end)).await;
    println!("an account is disabled: {}", last(began, &ended));
    server.stop().await;
}
