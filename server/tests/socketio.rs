//! The official Socket.IO client of JavaScript, against a real server.

mod support;

use support::{
    Running,
    programs::{lines, node},
    start,
};

const RECOVERS: &str = include_str!("socketio/recovers.mjs");
const TALKS: &str = include_str!("socketio/talks.mjs");

const CARRIERS: [&str; 3] = [r#"["websocket"]"#, r#"["polling"]"#, r#"["polling", "websocket"]"#];

async fn run(program: &str, carriers: &str, server: &Running, expected: usize) -> Vec<String> {
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
