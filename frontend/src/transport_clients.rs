//! The page's ends of the transports that are made of requests, each against a server that is a function.

mod server;

use common::{
    ClientMessage,
    frame::{ClientFrame, ErrorCode},
};
use transports::{
    browser::SubscribeRequest,
    http_stream,
    inbound::client::{PostOutcome, post},
    long_polling, polling, socketio,
};
use wasm_bindgen_test::wasm_bindgen_test;

use server::{Listener, Server};

const WELCOME: &str = r#"{"type":"welcome","verdict":"new","head":"1-9","heartbeat_ms":15000}"#;
const RESUMED: &str = r#"{"type":"welcome","verdict":"resumed","head":"1-9","heartbeat_ms":15000}"#;
const BYE: &str = r#"{"type":"bye","reason":"shutdown","retry_ms":700}"#;

fn event(cursor: &str) -> String {
    format!(r#"{{"type":"event","cursor":"{cursor}","topic":"a","data":"ü"}}"#)
}

fn heartbeat(cursor: &str) -> String {
    format!(r#"{{"type":"heartbeat","cursor":"{cursor}"}}"#)
}

fn array(frames: &[&str]) -> String {
    format!("[{}]", frames.join(","))
}

fn ask(query: &str) -> SubscribeRequest {
    let mut ask =
        SubscribeRequest { topics: vec!["a".parse().expect("a topic")], ..SubscribeRequest::default() };
    if !query.is_empty() {
        ask.since = Some(query.parse().expect("a cursor"));
    }
    ask
}

#[wasm_bindgen_test]
async fn polling_asks_from_where_the_last_answer_ended_and_is_welcomed_once() {
    let server = Server::new();
    server.answers(200, &[], &[array(&[WELCOME, &event("1-3"), &heartbeat("1-4")]).as_bytes()]);
    server.answers(204, &[("live-cursor", "1-5")], &[]);
    server.answers(200, &[], &[array(&[RESUMED, &event("1-6"), &heartbeat("1-6")]).as_bytes()]);
    server.answers(503, &[], &[array(&[BYE]).as_bytes()]);
    let listener = Listener::new();
    let _line = polling::client::open(&ask(""), listener.ear());
    listener.hears("closed").await;
    assert_eq!(
        server.asked(),
        [
            "GET /live/poll?topics=a",
            "GET /live/poll?topics=a&since=1-4",
            "GET /live/poll?topics=a&since=1-5",
            "GET /live/poll?topics=a&since=1-6",
        ]
    );
    assert_eq!(
        listener.heard(),
        [
            "opened",
            "welcome New 5000",
            "event 1-3 \"ü\"",
            "heartbeat 1-4",
            "heartbeat 1-5",
            "event 1-6 \"ü\"",
            "heartbeat 1-6",
            "bye 700",
            "closed",
        ]
    );
}

#[wasm_bindgen_test]
async fn an_answer_that_was_cut_is_followed_by_a_question_for_the_rest() {
    let server = Server::new();
    server.answers(200, &[], &[array(&[RESUMED, &event("1-2"), &event("1-3")]).as_bytes()]);
    server.answers(200, &[], &[array(&[RESUMED, &event("1-9"), &heartbeat("1-9")]).as_bytes()]);
    let listener = Listener::new();
    let mut ask = ask("1-7");
    ask.snapshot = ask.topics.clone();
    let began = js_sys::Date::now();
    let _line = polling::client::open(&ask, listener.ear());
    listener.hears("heartbeat 1-9").await;
    assert!(js_sys::Date::now() - began < 900.0, "at once");
    assert_eq!(
        server.asked(),
        ["GET /live/poll?topics=a&since=1-7&snapshot=a", "GET /live/poll?topics=a&since=1-3"],
        "the snapshot does not begin again"
    );
}

#[wasm_bindgen_test]
async fn long_polling_opens_with_a_question_that_does_not_wait() {
    let server = Server::new();
    server.answers(204, &[("live-cursor", "1-8")], &[]);
    server.answers(200, &[], &[array(&[RESUMED, &event("1-9"), &heartbeat("1-9")]).as_bytes()]);
    let listener = Listener::new();
    // Some proxies ask the second of two equal questions only when the first is answered.
    let named = SubscribeRequest { client: Some("0123456789abcdef".to_owned()), ..ask("1-7") };
    let line = long_polling::client::open(&named, listener.ear());
    server.is_asked(3).await;
    assert_eq!(
        server.asked(),
        [
            "GET /live/long-poll?topics=a&since=1-7&client=0123456789abcdef&wait=0",
            "GET /live/long-poll?topics=a&since=1-8&client=0123456789abcdef&wait=10",
            "GET /live/long-poll?topics=a&since=1-9&client=0123456789abcdef&wait=10",
        ]
    );
    assert_eq!(
        listener.heard(),
        ["opened", "welcome Resumed 12000", "heartbeat 1-8", "event 1-9 \"ü\"", "heartbeat 1-9"]
    );
    drop(line);
    server.is_asked(4).await;
    assert_eq!(server.asked()[3], "aborted");
    server::a_moment().await;
    assert_eq!(listener.heard().len(), 5, "nothing more is heard of a line that was dropped");
}

#[wasm_bindgen_test]
async fn a_proxy_that_answers_in_our_servers_place_is_no_line() {
    let server = Server::new();
    server.answers(200, &[], &[b"<html>please pay</html>"]);
    let listener = Listener::new();
    let _line = polling::client::open(&ask(""), listener.ear());
    listener.hears("closed").await;
    assert_eq!(listener.heard(), ["closed"]);
}

#[wasm_bindgen_test]
async fn a_stream_is_the_same_wherever_its_pieces_end() {
    let server = Server::new();
    let text = [WELCOME, &event("1-3"), "", &heartbeat("1-4"), ""].join("\n");
    let letter = text.find('ü').expect("it is there") + 1;
    let bytes = text.as_bytes();
    server.answers(200, &[], &[&bytes[..5], &bytes[5..letter], &bytes[letter..]]);
    let listener = Listener::new();
    let _line = http_stream::client::open(&ask("1-2"), listener.ear());
    listener.hears("closed").await;
    assert_eq!(server.asked(), ["GET /live/stream?topics=a&since=1-2"]);
    assert_eq!(
        listener.heard(),
        ["opened", "welcome New 15000", "event 1-3 \"ü\"", "heartbeat 1-4", "closed"]
    );
}

#[wasm_bindgen_test]
async fn a_stream_that_is_refused_for_now_says_when_to_come_back() {
    let server = Server::new();
    server.answers(429, &[], &[format!("{BYE}\n").as_bytes()]);
    let listener = Listener::new();
    let _line = http_stream::client::open(&ask(""), listener.ear());
    listener.hears("closed").await;
    assert_eq!(listener.heard(), ["bye 700", "closed"]);
}

#[wasm_bindgen_test]
async fn socketio_goes_by_questions_where_no_websocket_gets_through() {
    // Whoever serves this test knows no WebSockets.
    let server = Server::new();
    let packets = [
        r#"40{"sid":"y"}"#,
        r#"42["welcome",{"verdict":"new","head":"1-9","heartbeat_ms":15000}]"#,
        r#"42["event",{"topic":"a","data":"ü"},"1-3"]"#,
        r#"42["event",{"topic":"a","data":"ü"},"1-2",{"past":true}]"#,
        r#"42["heartbeat","1-4"]"#,
        "2",
        r#"42["sent",{"id":"12345678","cursor":"1-5"}]"#,
        r#"42["refused",{"code":"bad_topic","message":"no"}]"#,
        r#"42["bye",{"reason":"shutdown","retry_ms":700}]"#,
        "41",
    ];
    server.answers(200, &[], &[br#"0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#]);
    server.answers(200, &[], &[packets[..6].join("\x1e").as_bytes()]);
    let listener = Listener::new();
    let line = socketio::client::open(&ask("1-2"), listener.ear()).expect("a line");
    listener.hears("heartbeat 1-4").await;
    assert!(line.send(&ClientFrame::Ping { id: 7 }));
    assert!(line.send(&ClientFrame::Unsubscribe { topics: vec!["a".parse().expect("a topic")] }));
    server.is_asked(7).await;
    let address = "/socket.io/?EIO=4&transport=polling";
    let asked = server.asked();
    let of = |method: &str| asked.iter().filter_map(|asked| asked.strip_prefix(method)).collect::<Vec<_>>();
    let named = format!("{address}&sid=x");
    assert_eq!(of("GET "), [address, &named, &named]);
    let posted = |packet: &str| format!("{named} {packet}");
    assert_eq!(
        of("POST "),
        [
            posted(r#"40{"topics":["a"],"since":"1-2","snapshot":[]}"#),
            posted("3"),
            posted(r#"42["ping",{"id":7}]"#),
            posted(r#"42["unsubscribe",{"topics":["a"]}]"#),
        ]
    );
    drop(line);
    server.is_asked(8).await;
    assert_eq!(server.asked()[7], "aborted");
    let heard = ["opened", "welcome New 15000", "event 1-3 \"ü\"", "event 1-2 \"ü\"", "heartbeat 1-4"];
    assert_eq!(listener.heard(), heard);

    server.answers(200, &[], &[br#"0{"sid":"z"}"#]);
    server.answers(200, &[], &[packets[6..].join("\x1e").as_bytes()]);
    let listener = Listener::new();
    let _line = socketio::client::open(&ask(""), listener.ear());
    listener.hears("closed").await;
    assert_eq!(listener.heard(), ["sent 12345678 1-5", "error no", "bye 700", "closed"]);
}

#[wasm_bindgen_test]
async fn a_message_that_was_posted_is_stored_refused_or_lost() {
    let server = Server::new();
    let message = ClientMessage {
        id: "12345678".parse().expect("an id"),
        topic: "chat/lobby".parse().expect("a topic"),
        data: 1.into(),
    };
    let refusal = r#"{"code":"limit_reached","message":"slower"}"#.as_bytes();
    server.answers(200, &[], &[br#"{"id":"12345678","cursor":"1-9"}"#]);
    server.answers(429, &[("retry-after", "2")], &[refusal]);
    let rejection = r#"{"id":"12345678","code":"shutting_down","message":"soon","retry_ms":700}"#;
    server.answers(503, &[], &[rejection.as_bytes()]);
    server.answers(413, &[], &[refusal]);
    server.answers(413, &[], &[b"<html>too long for this proxy</html>"]);
    server.answers(502, &[], &[b"<html>no server</html>"]);
    server.answers(503, &[], &[br#"{"code":"shutting_down","message":"not now"}"#]);
    assert_eq!(post(&message).await, PostOutcome::Sent("1-9".parse().expect("a cursor")));
    assert_eq!(server.asked(), [r#"POST /live/send {"id":"12345678","topic":"chat/lobby","data":1}"#]);
    let rejected = |posted| match posted {
        PostOutcome::Rejected(error, retry_ms) => (error.code, retry_ms),
        other => panic!("{other:?}"),
    };
    assert_eq!(rejected(post(&message).await), (ErrorCode::LimitReached, Some(2_000)));
    assert_eq!(rejected(post(&message).await), (ErrorCode::ShuttingDown, Some(700)));
    assert_eq!(rejected(post(&message).await), (ErrorCode::LimitReached, None));
    assert_eq!(rejected(post(&message).await), (ErrorCode::BadRequest, None));
    assert_eq!(post(&message).await, PostOutcome::Lost);
    assert_eq!(post(&message).await, PostOutcome::Lost);
}
