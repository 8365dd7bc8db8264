//! The live connections over REST: over every transport, who is there, how far behind, ended and followed.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]

mod follower;
mod strangers;
#[path = "../support/mod.rs"]
mod support;
mod wire;

use std::{net::SocketAddr, time::Duration};

use common::{
    connection::{Connection, Connections, FrameDirection},
    frame::ErrorCode,
};
use follower::Follower;
use support::{Answer, TestServer, operate, start};
use wire::{Client, LINES, TRANSPORTS};

const PATH: &str = "/api/v1/connections";

async fn list(to: SocketAddr, query: &str) -> Connections {
    let answer = operate("GET", to, &format!("{PATH}{query}")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.body);
    serde_json::from_str(&answer.body).expect(&answer.body)
}

/// The connection of a client, once it is as it should be: what the server notices by itself has no other sign.
async fn until(to: SocketAddr, client: &Client, good: impl Fn(&Connection) -> bool) -> Connection {
    let mut last = None;
    for _ in 0..2_000 {
        let found = list(to, &format!("?address={}", client.address())).await.connections.pop();
        match found {
            Some(connection) if good(&connection) => return connection,
            found => last = found,
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not as it should be: {last:?}");
}

async fn gone(to: SocketAddr, id: u64) {
    for _ in 0..2_000 {
        if list(to, "").await.connections.iter().all(|connection| connection.id != id) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("connection {id} is still there");
}

async fn kick(to: SocketAddr, id: impl std::fmt::Display) -> Answer {
    operate("DELETE", to, &format!("{PATH}/{id}")).await
}

fn error(answer: &Answer) -> (u16, ErrorCode) {
    let told: common::api::ApiError = serde_json::from_str(&answer.body).expect(&answer.body);
    assert!(!told.message.is_empty());
    (answer.status, told.code)
}

fn publish(server: &TestServer, topic: &str, data: String) {
    server.hub.publish(&topic.parse().expect("a topic"), data.into()).expect("published");
}

async fn one_of_each(to: SocketAddr) -> Vec<Client> {
    let mut clients = Vec::new();
    for transport in TRANSPORTS {
        clients.push(Client::open(to, transport, &format!("custom/{transport},custom/all")).await);
    }
    clients
}

#[tokio::test]
async fn every_connection_is_listed_with_what_carries_it_and_what_it_follows() {
    let server = start().await;
    let to = server.address;
    let clients = one_of_each(to).await;
    let seen = list(to, "").await;
    assert_eq!((seen.total, seen.matching, seen.connections.len()), (6, 6, 6));
    let mut ids = Vec::new();
    for (transport, client) in TRANSPORTS.iter().zip(&clients) {
        let one = until(to, client, |one| one.sent_bytes > 0).await;
        assert_eq!((one.transport.as_str(), one.address), (*transport, client.address()));
        let topics: Vec<&str> = one.topics.iter().map(common::Topic::as_str).collect();
        assert_eq!(topics, ["custom/all", &format!("custom/{transport}")], "{transport}");
        assert_eq!((one.lag, one.mailbox_bytes, one.sent, one.dropped), (0, 0, 0, 0), "{transport}");
        assert!(one.since <= seen.at && seen.at - one.since < 600_000, "{} {}", one.since, seen.at);
        assert!(!one.followed);
        if cfg!(target_os = "linux") {
            let round_trip = one.round_trip_ms.expect("the kernel knows");
            assert!(round_trip > 0.0 && round_trip < 10_000.0, "{round_trip}");
        }
        ids.push(one.id);
    }
    assert!(ids.is_sorted_by(|a, b| a < b), "numbers rise: {ids:?}");
    server.stop().await;
}

#[tokio::test]
async fn some_are_asked_for_and_told_in_an_order() {
    let server = start().await;
    let to = server.address;
    let mut clients = one_of_each(to).await;
    let found = async |query: &str| {
        let Connections { total, matching, connections, .. } = list(to, query).await;
        assert_eq!((total, matching), (6, connections.len()), "{query}");
        connections.into_iter().map(|one| one.transport).collect::<Vec<_>>()
    };
    assert_eq!(found("?transport=sse").await, ["sse"]);
    assert_eq!(found("?topic=custom/web").await, ["websocket"]);
    assert_eq!(found("?topic=custom/web&transport=sse").await, [""; 0]);
    assert_eq!(found(&format!("?address={}", clients[2].address())).await, ["http_stream"]);
    assert_eq!(found("?find=WEBSOCKET").await, ["websocket"]);
    assert_eq!(found("?find=custom/poll").await, ["polling"]);
    assert_eq!(found("?find=127.0.0.1").await.len(), 6);
    assert_eq!(found("?find=nothing").await, [""; 0]);
    assert_eq!(found("?order=since").await[0], "socketio", "the youngest first");
    publish(&server, "custom/sse", "\"hello\"".into());
    clients[1].hear("hello").await;
    let first = until(to, &clients[1], |one| one.sent == 1).await;
    assert_eq!(found("?order=sent").await[0], first.transport);
    let some = list(to, "?limit=2&order=sent").await;
    assert_eq!((some.matching, some.connections.len()), (6, 2));
    for bad in ["?transport=pigeon", "?limit=0", "?limit=1001", "?limit=x", "?order=colour"] {
        let answer = operate("GET", to, &format!("{PATH}{bad}")).await;
        assert_eq!(error(&answer), (400, ErrorCode::BadRequest), "{bad}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_falls_behind_in_the_log_and_not_in_memory() {
    for transport in LINES {
        let server = start().await;
        let to = server.address;
        let _reads = Client::open(to, "sse", "custom/y").await;
        let mut client = Client::open(to, transport, "custom/x").await;
        let mut published = 0;
        let mut publish = |count: usize| {
            for _ in 0..count {
                published += 1;
                publish(
                    &server,
                    "custom/x",
                    format!("{{\"n\":{published},\"pad\":\"{}\"}}", "x".repeat(4096)),
                );
            }
            published
        };
        publish(300);
        until(to, &client, |one| one.mailbox_bytes > 0 && one.lag > 100).await;
        let all = publish(100);
        let stalled = until(to, &client, |one| one.lag > 200 && one.sent + one.lag == 400).await;
        assert!((1..=64 * 1024).contains(&stalled.mailbox_bytes), "{transport}: {stalled:?}");
        for order in ["lag", "mailbox"] {
            let first = list(to, &format!("?limit=1&order={order}")).await.connections.remove(0);
            assert_eq!(first.id, stalled.id, "{transport}");
        }
        client.hear(&format!("\"n\":{all},")).await;
        let after = until(to, &client, |one| one.lag == 0 && one.mailbox_bytes == 0).await;
        assert_eq!((after.sent, after.dropped), (400, 0), "{transport}");
        assert!(after.sent_bytes > 400 * 4096);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_log_no_longer_had_for_a_reader_is_counted() {
    let server = start().await;
    let to = server.address;
    let mut client = Client::open(to, "http_stream", "custom/x").await;
    // The topic keeps 1,024 entries.
    for n in 1..=3_000 {
        publish(&server, "custom/x", format!("{{\"n\":{n},\"pad\":\"{}\"}}", "x".repeat(1024)));
    }
    client.hear("\"n\":3000,").await;
    let one = until(to, &client, |one| one.lag == 0 && one.dropped > 0).await;
    assert_eq!(one.sent + one.dropped, 3_000, "{one:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_connection_is_ended_told_so_and_may_come_back() {
    for transport in TRANSPORTS {
        let server = start().await;
        let to = server.address;
        let mut client = Client::open(to, transport, "custom/x").await;
        let bystander = Client::open(to, transport, "custom/x").await;
        if transport == "long_polling" {
            client.ask_since(server.hub.head()).await;
            while server.hub.subscribers(&"custom/x".parse().expect("a topic")) < 1 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        let id = until(to, &client, |_| true).await.id;
        let answer = kick(to, id).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{transport}");
        if transport == "polling" {
            // Nobody waits: it hears it with its next question.
            client.ask().await;
            client.hear("HTTP/1.1 429").await;
        }
        client.hear("\"ended\"").await;
        if LINES.contains(&transport) {
            client.ended().await;
            gone(to, id).await;
            assert_eq!(error(&kick(to, id).await), (404, ErrorCode::NotFound));
            client = Client::open(to, transport, "custom/x").await;
        } else {
            // The connection of one who asks stays, and so does its number.
            client.ask_since("1-1").await;
            client.hear("HTTP/1.1 200").await;
            assert_eq!(until(to, &client, |_| true).await.id, id, "{transport}");
        }
        publish(&server, "custom/x", "\"after\"".into());
        if !LINES.contains(&transport) {
            client.hear("welcome").await;
            client.ask_since("1-1").await;
        }
        client.hear("after").await;
        until(to, &bystander, |_| true).await;
        server.stop().await;
    }
}

#[tokio::test]
async fn who_asks_again_and_again_on_one_connection_stays_one_connection() {
    for transport in ["polling", "long_polling"] {
        let server = start().await;
        let to = server.address;
        let mut client = Client::open(to, transport, "custom/x").await;
        let first = until(to, &client, |one| one.sent_bytes > 0).await;
        publish(&server, "custom/x", "1".into());
        for n in 1..=3 {
            let before = until(to, &client, |_| true).await;
            assert_eq!((before.lag, before.sent), (1, n - 1), "{transport}: between two questions");
            let since = server.hub.head();
            publish(&server, "custom/x", "2".into());
            client.ask_since(since).await;
            client.hear("HTTP/1.1 200").await;
            client.hear("heartbeat").await;
            let after = until(to, &client, |one| one.sent == n).await;
            assert_eq!((after.id, after.lag), (first.id, 0), "{transport}");
            assert_eq!(after.topics.len(), 1);
            publish(&server, "custom/x", "3".into());
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn what_stands_on_a_connection_is_shown_while_someone_follows_it() {
    for transport in TRANSPORTS {
        let server = start().await;
        let to = server.address;
        let mut client = Client::open(to, transport, "custom/x").await;
        let id = until(to, &client, |_| true).await.id;
        let mut follower = Follower::of(to, id).await;
        until(to, &client, |one| one.followed).await;
        publish(&server, "custom/x", "{\"said\":\"once\"}".into());
        let up = match transport {
            "websocket" => {
                client.say(r#"{"type":"ping","id":77}"#).await;
                Some(r#"{"type":"ping","id":77}"#)
            }
            "socketio" => {
                client.say(r#"427["ping",{"id":77}]"#).await;
                Some(r#"["ping",{"id":77}]"#)
            }
            "polling" | "long_polling" => {
                client.ask_since("1-1").await;
                Some("since=1-1")
            }
            _ => None,
        };
        client.hear("once").await;
        follower.until_frame(FrameDirection::Down, "once").await;
        if let Some(up) = up {
            follower.until_frame(FrameDirection::Up, up).await;
        }
        let frames = follower.frames();
        let event = frames.iter().find(|frame| frame.text.contains("once")).expect("the event");
        assert_eq!((event.way, event.cut), (FrameDirection::Down, false), "{transport}");
        assert!(event.bytes > 20 && event.text.contains("custom/x"), "{transport}: {event:?}");
        if let Some(up) = up {
            let heard =
                frames.iter().find(|frame| frame.way == FrameDirection::Up && frame.text.contains(up));
            let heard = heard.expect("what came up");
            assert_eq!(heard.bytes, heard.text.len(), "{transport}: {heard:?}");
        }
        // Followed by two, by one, by nobody.
        let other = Follower::of(to, id).await;
        drop(follower);
        until(to, &client, |one| one.followed).await;
        drop(other);
        until(to, &client, |one| !one.followed).await;
        // And with its end, following ends.
        let mut follower = Follower::of(to, id).await;
        drop(client);
        follower.until("event: ended").await;
        server.stop().await;
    }
}

#[tokio::test]
async fn as_many_are_followed_as_may_be() {
    let server = start().await;
    let to = server.address;
    let client = Client::open(to, "websocket", "custom/x").await;
    let id = until(to, &client, |_| true).await.id;
    let mut followers = Vec::new();
    for _ in 0..8 {
        followers.push(Follower::of(to, id).await);
    }
    let answer = operate("GET", to, &format!("{PATH}/{id}/frames")).await;
    assert_eq!(error(&answer), (429, ErrorCode::LimitReached));
    assert!(answer.body.contains(r#""limit":"followed_connections","max":8"#), "{}", answer.body);
    followers.clear();
    until(to, &client, |one| !one.followed).await;
    Follower::of(to, id).await;
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_connection_is_not_found() {
    let server = start().await;
    let to = server.address;
    for id in ["0", "1", "-1", "x", "18446744073709551616", "%2e%2e"] {
        assert_eq!(error(&kick(to, id).await), (404, ErrorCode::NotFound), "{id}");
        let frames = operate("GET", to, &format!("{PATH}/{id}/frames")).await;
        assert_eq!(error(&frames), (404, ErrorCode::NotFound), "{id}");
    }
    let answer = operate("GET", to, &format!("{PATH}/1")).await;
    assert_eq!(error(&answer), (405, ErrorCode::MethodNotAllowed));
    server.stop().await;
}
