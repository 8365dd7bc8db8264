//! Every bad input has its documented answer.

use crate::{
    client::{OPEN, Polling, Socket, request},
    world::World,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_cannot_be_met_are_answered_in_engine_ios_words() {
    let world = World::start().await;
    for (method, query, status, body) in [
        ("GET", "EIO=4&transport=carrier-pigeon", 400, r#"{"code":0,"message":"Transport unknown"}"#),
        ("GET", "EIO=4", 400, r#"{"code":0,"message":"Transport unknown"}"#),
        ("GET", "EIO=4&transport=polling&sid=abc", 400, r#"{"code":1,"message":"Session ID unknown"}"#),
        ("POST", "EIO=4&transport=polling", 400, r#"{"code":2,"message":"Bad handshake method"}"#),
        ("GET", "EIO=4&transport=websocket", 400, r#"{"code":3,"message":"Bad request"}"#),
        ("GET", "EIO=3&transport=polling", 400, r#"{"code":5,"message":"Unsupported protocol version"}"#),
        ("GET", "transport=polling", 400, r#"{"code":5,"message":"Unsupported protocol version"}"#),
    ] {
        let answer = request(world.address, method, query, "", "").await;
        assert_eq!((answer.status, answer.body.as_str()), (status, body), "{method} {query}");
    }
    for (query, body) in [
        ("EIO=3&transport=websocket", r#"{"code":5,"message":"Unsupported protocol version"}"#),
        ("EIO=4&transport=websocket&sid=abc", r#"{"code":1,"message":"Session ID unknown"}"#),
    ] {
        assert_eq!(Socket::refused(world.address, query).await, (400, body.to_owned()), "{query}");
    }
    let polling = Polling::open(world.address).await;
    let put = request(world.address, "PUT", &format!("{OPEN}&{}", polling.query), "", "4").await;
    assert_eq!(put.status, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_this_site_may_ask_and_no_other() {
    let world = World::start().await;
    let own = format!("origin: http://{}\r\n", world.address);
    let preflight = request(world.address, "OPTIONS", OPEN, &own, "").await;
    assert_eq!(preflight.status, 204);
    assert!(preflight.head.contains("access-control-allow-methods: GET, POST"), "{}", preflight.head);
    let opened = request(world.address, "GET", OPEN, &own, "").await;
    assert_eq!(opened.status, 200);
    assert!(opened.head.contains(&format!("access-control-allow-origin: http://{}", world.address)));
    for method in ["OPTIONS", "GET", "POST"] {
        let foreign = request(world.address, method, OPEN, "origin: http://evil.example\r\n", "").await;
        assert_eq!(foreign.status, 403, "{method}");
        assert!(!foreign.head.contains("access-control"), "{}", foreign.head);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_break_a_rule_end_the_session() {
    let world = World::start().await;
    let long = format!("4{}", "x".repeat(64 * 1024));
    let flood = vec!["3"; 500].join("\x1e");
    let event_nowhere = "42[\"ping\"]".to_owned();
    for (what, body, status) in [
        ("not a packet", "abc".to_owned(), 400),
        ("an empty body", String::new(), 400),
        ("a good packet and a bad one", "3\x1ex".into(), 400),
        ("base64 that is none", "b***".into(), 400),
        ("a ping, which only servers send", "2".into(), 400),
        ("an upgrade without a WebSocket", "5".into(), 400),
        ("an attachment of nothing", "bAQID".into(), 400),
        ("an event in no namespace", event_nowhere, 400),
        ("too long", long, 413),
        ("too many", flood, 429),
    ] {
        let polling = Polling::open(world.address).await;
        let answer = polling.post(&body).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.body);
        assert_eq!(polling.get().await.status, 400, "{what}");
    }
    let polling = Polling::open(world.address).await;
    let binary = "content-type: application/octet-stream\r\n";
    let answer = request(world.address, "POST", &format!("{OPEN}&{}", polling.query), binary, "4a").await;
    assert_eq!(answer.status, 400);
    world.sessions(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_questions_at_once_end_the_session() {
    let world = World::start().await;
    let polling = Polling::open(world.address).await;
    polling.post(r#"40{"topics":["log/a"]}"#).await;
    polling.packets().await;
    polling.packets().await;
    let (first, second) = tokio::join!(polling.get(), polling.get());
    let mut statuses = [(first.status, first.body), (second.status, second.body)];
    statuses.sort();
    assert_eq!(statuses[0], (200, "1".into()), "the one that waited is told the end");
    assert_eq!(statuses[1].0, 400);
    assert_eq!(polling.get().await.status, 400);
    world.sessions(0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_that_break_a_rule_are_closed_with_their_code() {
    let world = World::start().await;
    let long = format!("4{}", "x".repeat(64 * 1024));
    let many = format!("4511-[{}]", [r#"{"_placeholder":true,"num":0}"#; 11].join(","));
    let cases: [(&str, Vec<&str>, u16); 16] = [
        ("not a packet", vec!["abc"], 4400),
        ("a ping, which only servers send", vec!["2"], 4400),
        ("no known kind of packet", vec!["49"], 4400),
        ("a namespace twice", vec!["40", "40"], 4400),
        ("an auth that is no object", vec!["40[1]"], 4400),
        ("an auth that is not JSON", vec!["40{"], 4400),
        ("an event in no namespace", vec!["42[\"ping\"]"], 4400),
        ("an event that is no list", vec!["40", "42{}"], 4400),
        ("an event without a name", vec!["40", "42[]"], 4400),
        ("a reserved name", vec!["40", "42[\"disconnect\"]"], 4400),
        ("a number that is none", vec!["40", "42abc[\"ping\"]"], 4400),
        ("too many attachments", vec!["40", &many], 4400),
        (
            "text among attachments",
            vec!["40", "451-[\"a\",{\"_placeholder\":true,\"num\":0}]", "3", "42[\"ping\"]"],
            4400,
        ),
        ("leaving where one is not", vec!["41/log"], 4400),
        ("an error of ours", vec!["40", "44{}"], 4400),
        ("too long", vec![&long], 1009),
    ];
    for (what, said, code) in cases {
        let mut socket = Socket::open(world.address, "").await;
        for text in said {
            socket.say(text).await;
        }
        assert_eq!(socket.end().await, Some(code), "{what}");
    }
    let mut socket = Socket::open(world.address, "").await;
    socket.join("{}").await;
    socket.say("451-[\"a\",{\"_placeholder\":true,\"num\":1}]").await;
    socket.give(&[1]).await;
    assert_eq!(socket.end().await, Some(4400), "a placeholder of no attachment");
    let mut socket = Socket::open(world.address, "").await;
    for _ in 0..150 {
        socket.say("3").await;
    }
    assert_eq!(socket.end().await, Some(1008), "a flood");
    world.sessions(0).await;
}
