//! A publication is put into each wire form once, whoever follows: counted over /metrics.

mod support;

use std::{collections::BTreeMap, net::SocketAddr};

use support::{TestServer, get, post, start_with};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// Each wire's request, what is said after it where something must be, and the form its subscribers share.
const WIRES: [(&str, &str, Option<&str>, &str); 5] = [
    ("/live/sse?topics=custom/x", "", None, "sse_chunked"),
    ("/live/stream?topics=custom/x", "", None, "ndjson_chunked"),
    ("/live/ws?topics=custom/x", UPGRADE, None, "websocket"),
    ("/socket.io/?EIO=4&transport=websocket", UPGRADE, Some(CONNECT), "socketio"),
    ("/live/long-poll?topics=custom/x", "", None, "poll_item"),
];
const UPGRADE: &str = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                       sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n";
const CONNECT: &str = r#"40{"topics":["custom/x"]}"#;
const PUBLICATIONS: u64 = 20;
const LAST: &str = "the last";

#[tokio::test]
async fn a_publication_is_encoded_once_for_each_form_in_use_whatever_the_number_of_subscribers() {
    for each in [1, 10] {
        let server = start_with(|config| config.limits.connections_per_address = 0).await;
        let everyone = subscribers(&server, each).await;
        for number in 1..PUBLICATIONS {
            publish(server.address, &number.to_string()).await;
        }
        publish(server.address, &format!("\"{LAST}\"")).await;
        let mut told = 0;
        for one in everyone.join_all().await {
            told += one;
        }
        assert_eq!(told, each * WIRES.len(), "all have heard the last");

        let built = encodes(server.address).await;
        let in_use: BTreeMap<String, u64> =
            WIRES.iter().map(|(.., form)| ((*form).to_owned(), PUBLICATIONS)).collect();
        assert_eq!(built, in_use, "{} subscribers", each * WIRES.len());
        server.stop().await;
    }
}

/// So many on each wire, all of them following the topic already.
async fn subscribers(server: &TestServer, each: usize) -> JoinSet<usize> {
    let topic = "custom/x".parse().expect("a topic");
    // Questions begin from a place, for one without is answered at once.
    let place = publish(server.address, "0").await;
    let before = encodes(server.address).await;
    assert!(before.is_empty(), "nobody follows yet: {before:?}");
    let mut everyone = JoinSet::new();
    for (path, headers, says, _) in WIRES {
        for _ in 0..each {
            let path = if path.contains("long-poll") {
                format!("{path}&wait=120&since={place}")
            } else {
                path.to_owned()
            };
            everyone.spawn(follow(server.address, path, headers, says));
        }
    }
    while server.hub.subscribers(&topic) < each * WIRES.len() {
        tokio::task::yield_now().await;
    }
    everyone
}

/// Reads until the last publication; a question is asked again and again.
async fn follow(to: SocketAddr, path: String, headers: &str, says: Option<&str>) -> usize {
    let mut line = TcpStream::connect(to).await.expect("the server accepts");
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: {to}\r\n{headers}\r\n");
    line.write_all(request(&path).as_bytes()).await.expect("written");
    if let Some(text) = says {
        // Masked with zeros, a frame's payload is the text itself (RFC 6455 §5.2).
        let length = u8::try_from(text.len()).expect("a short text");
        let frame = [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat();
        line.write_all(&frame).await.expect("written");
    }
    let mut heard = String::new();
    while !heard.contains(LAST) {
        let mut some = [0; 4096];
        let read = line.read(&mut some).await.expect("read");
        assert!(read > 0, "the line ended: {heard}");
        heard += &String::from_utf8_lossy(&some[..read]);
        // An answer's array ends with the place to ask from.
        if path.contains("long-poll") && heard.ends_with("\"}]") && !heard.contains(LAST) {
            let (_, place) = heard.rsplit_once(r#""cursor":""#).expect("a place");
            let (asked, _) = path.split_once("&since=").expect("a place");
            let path = format!("{asked}&since={}", place.trim_end_matches("\"}]"));
            line.write_all(request(&path).as_bytes()).await.expect("written");
            heard.clear();
        }
    }
    1
}

/// Publishes, and says where it stands.
async fn publish(to: SocketAddr, data: &str) -> String {
    let body = format!(r#"{{"topic":"custom/x","data":{data}}}"#);
    let answer = post(to, "/api/v1/publish", "application/json", &body).await;
    let place = answer.body.strip_prefix(r#"{"cursor":""#).and_then(|rest| rest.strip_suffix("\"}"));
    place.unwrap_or_else(|| panic!("{} {}", answer.status, answer.body)).to_owned()
}

/// Forms that were built, and how often.
async fn encodes(to: SocketAddr) -> BTreeMap<String, u64> {
    let figures = get(to, "/metrics").await.body;
    let counter = |line: &str| {
        let rest = line.strip_prefix(r#"pulseboard_encodes_total{form=""#)?;
        let (form, count) = rest.split_once("\"} ")?;
        Some((form.to_owned(), count.parse().expect("a number")))
    };
    let all: BTreeMap<String, u64> = figures.lines().filter_map(counter).collect();
    assert!(!all.is_empty(), "every form has a counter: {figures}");
    all.into_iter().filter(|(_, count)| *count > 0).collect()
}
