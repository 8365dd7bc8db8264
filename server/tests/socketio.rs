//! The official Socket.IO client of JavaScript, against a real server.

mod support;

use std::time::Duration;

use support::{
    TestServer,
    programs::{Program, lines, node},
    start, start_with,
};

const RECOVERS: &str = include_str!("socketio/recovers.mjs");
const DROPS: &str = include_str!("socketio/drops.mjs");
const HANDED_OUT: &str = include_str!("socketio/handed_out.mjs");
const TALKS: &str = include_str!("socketio/talks.mjs");

/// As many as drops.mjs runs at once.
const CLIENTS: u64 = 8;
/// So many events are published beyond what every client has heard: fewer than the log keeps of a topic. A client whose
/// lines break before anything comes through would rightly be told of a gap.
const AHEAD: u64 = 512;

const CARRIERS: [&str; 3] = [r#"["websocket"]"#, r#"["polling"]"#, r#"["polling", "websocket"]"#];

async fn run(program: &str, carriers: &str, server: &TestServer, expected: usize) -> Vec<String> {
    let address = server.address.to_string();
    let program = program.replace("localhost:3000", &address).replace("TRANSPORTS", carriers);
    lines(node(&program), expected, |_| true).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_broken_lines_in_a_row_are_recovered_and_every_event_is_heard_once() {
    for carriers in CARRIERS {
        let server = start().await;
        let said = run(RECOVERS, carriers, &server, 1).await;
        assert_eq!(said, ["recovered 20 of 20; 91 events once each"], "{carriers}");
        server.stop().await;
    }
}

/// `PULSEBOARD_DROPS` asks for more of them, `PULSEBOARD_SEED` for others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_lost_at_any_moment_of_a_change_over_are_recovered_and_every_event_is_heard_once() {
    let asked = |name, otherwise: u64| -> u64 {
        std::env::var(name).map_or(otherwise, |value| value.parse().expect("a number"))
    };
    let (each, seed) = (asked("PULSEBOARD_DROPS", 320) / CLIENTS, asked("PULSEBOARD_SEED", 1));
    let server = start_with(|config| config.limits.connections_per_address = 0).await;
    let program = DROPS
        .replace("localhost:3000", &server.address.to_string())
        .replace("DROPS_EACH", &each.to_string())
        .replace("SEED_GIVEN", &seed.to_string());
    let mut program = Program::start(node(&program));
    let publish = |id: u64, data: String| {
        let topic = format!("custom/drops-{id}").parse().expect("a topic");
        server.hub.publish(&topic, data.into()).expect("published");
    };
    let (mut n, mut heard) = (0, 0);
    let dropped = loop {
        tokio::select! {
            line = program.line() => match line.strip_prefix("heard ") {
                Some(count) => heard = count.parse().expect("a number"),
                None => break line,
            },
            () = tokio::time::sleep(Duration::from_millis(3)), if n < heard + AHEAD => {
                let followed = |id: &u64| {
                    let topic = format!("custom/drops-{id}").parse().expect("a topic");
                    n > 0 || server.hub.subscribers(&topic) > 0
                };
                if (0..CLIENTS).all(|id| followed(&id)) {
                    (0..CLIENTS).for_each(|id| publish(id, format!(r#"{{"n":{n}}}"#)));
                    n += 1;
                }
            }
        }
    };
    assert_eq!(dropped, "dropped");
    (0..CLIENTS).for_each(|id| publish(id, format!(r#"{{"n":{n},"last":true}}"#)));
    let drops = each * CLIENTS;
    let ended = loop {
        let line = program.line().await;
        if !line.starts_with("heard ") {
            break line;
        }
    };
    assert_eq!(ended, format!("recovered {drops} of {drops}; 0 doubled, 0 lost"));
    println!("{drops} drops, {} events", n * CLIENTS);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_client_asks_for_is_answered() {
    for carriers in CARRIERS {
        let server = start().await;
        let said = run(TALKS, carriers, &server, 12).await;
        let expected = [
            "welcome new string 15000",
            r#"ping {"id":7}"#,
            r#"subscribe {"topics":["custom/a"]}"#,
            "unknown unknown_topic",
            "bad bad_frame",
            "refused bad_frame",
            r#"event {"topic":"custom/a","data":{"big":1.5}} true"#,
            "unsubscribe done",
            "binary bad_frame",
            r#"room {"topic":"custom/b","data":[1]}"#,
            "namespace Invalid namespace",
            r#"auth {"code":"bad_topic","status":400}"#,
        ];
        assert_eq!(said, expected, "{carriers}");
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_client_that_is_handed_out_is_the_official_one_and_runs() {
    let server = start().await;
    let said = run(HANDED_OUT, "[]", &server, 8).await;
    let expected = [
        "socket.io.js text/javascript; charset=utf-8 the same",
        "socket.io.js.map application/json the same",
        "socket.io.min.js text/javascript; charset=utf-8 the same",
        "socket.io.min.js.map application/json the same",
        "socket.io.esm.min.js text/javascript; charset=utf-8 the same",
        "socket.io.esm.min.js.map application/json the same",
        "script welcome new",
        "module welcome new",
    ];
    assert_eq!(said, expected);
    let ask = |more: &str| {
        let head = format!("GET /socket.io/socket.io.min.js HTTP/1.1\r\nhost: {}\r\n", server.address);
        format!("{head}connection: close\r\n{more}\r\n")
    };
    let gzipped = support::request(server.address, &ask("accept-encoding: gzip\r\n")).await;
    assert_eq!(gzipped.header("content-encoding"), Some("gzip"));
    assert!(
        gzipped
            .header("content-length")
            .and_then(|length| length.parse().ok())
            .is_some_and(|n: u32| n < 20_000)
    );
    let tag = gzipped.header("etag").expect("a tag").to_owned();
    let again = format!("accept-encoding: gzip\r\nif-none-match: {tag}\r\n");
    let known = support::request(server.address, &ask(&again)).await;
    assert_eq!((known.status, &*known.body), (304, ""));
    assert_eq!(known.header("etag"), Some(&*tag));
    server.stop().await;
}
