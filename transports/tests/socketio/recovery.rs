//! Coming back as who one was.

use crate::{
    client::{Granted, Received, Socket, number},
    world::World,
};

pub fn place(event: &str) -> String {
    let args: serde_json::Value = serde_json::from_str(&event[2..]).expect("JSON");
    args.as_array().and_then(|args| args.last()?.as_str()).expect("a place").to_owned()
}

pub async fn back(world: &World, auth: &str) -> (Socket, Granted) {
    let mut socket = Socket::open(world.address, "").await;
    let granted = socket.join(auth).await;
    (socket, granted)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_back_with_its_place_is_who_it_was_and_missed_nothing() {
    let world = World::start().await;
    let (mut socket, first) = back(&world, r#"{"topics":["log/a"]}"#).await;
    socket.until("42[\"heartbeat\"").await;
    socket.say(r#"420["subscribe",{"topics":["log/b"]}]"#).await;
    assert_eq!(socket.until("430").await, r#"430[{"topics":["log/b"]}]"#);
    world.publish("log/a", "{\"n\":0}");
    let offset = place(&socket.until("42[\"event\"").await);
    drop(socket);
    world.publish("log/b", "{\"n\":1}");
    world.publish("log/c", "{\"n\":9}");
    world.publish("log/a", "{\"n\":2}");
    let (mut socket, second) =
        back(&world, &format!(r#"{{"pid":"{}","offset":"{offset}"}}"#, first.pid)).await;
    assert_eq!(second, first);
    assert!(socket.text().await.contains("resumed"));
    assert_eq!(number(&socket.text().await), 1, "the topic that was added later is remembered too");
    assert_eq!(number(&socket.text().await), 2);
    assert!(socket.text().await.starts_with("42[\"heartbeat\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_had_no_place_yet_goes_on_from_where_it_came() {
    let world = World::start().await;
    world.publish("log/a", "{\"n\":0}");
    let (socket, first) = back(&world, r#"{"topics":["log/a"]}"#).await;
    drop(socket);
    world.publish("log/a", "{\"n\":1}");
    let (mut socket, second) = back(&world, &format!(r#"{{"pid":"{}"}}"#, first.pid)).await;
    assert_eq!(second, first);
    assert_eq!(number(&socket.until("42[\"event\"").await), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_is_told_and_the_client_is_someone_new() {
    let world = World::start().await;
    let (mut socket, first) = back(&world, r#"{"topics":["short/a"]}"#).await;
    world.publish("short/a", "{\"n\":0}");
    let offset = place(&socket.until("42[\"event\"").await);
    drop(socket);
    for n in 1..10 {
        world.publish("short/a", &format!("{{\"n\":{n}}}"));
    }
    let auth = format!(r#"{{"topics":["short/a"],"pid":"{}","offset":"{offset}"}}"#, first.pid);
    let (mut socket, second) = back(&world, &auth).await;
    assert!(second.pid != first.pid && second.sid != first.sid);
    assert!(socket.text().await.contains(r#""verdict":"gap""#));
    assert_eq!(socket.text().await, r#"42["gap",{"reason":"evicted","topics":["short/a"]}]"#);
    assert_eq!(number(&socket.text().await), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_not_remembered_is_recovered_if_it_says_what_it_followed() {
    let world = World::start().await;
    world.publish("log/a", "{\"n\":0}");
    world.publish("log/a", "{\"n\":1}");
    let (mut socket, granted) = back(&world, &known_to_none(r#""offset":"100-1","topics":["log/a"]"#)).await;
    assert_eq!(granted.pid, NOBODY);
    assert_eq!(number(&socket.until("42[\"event\"").await), 1);
    socket.say("41").await;
    world.sessions(0).await;
    for (why, auth) in [
        ("it names no topics", r#""offset":"100-1""#),
        ("it has no place", r#""topics":["log/a"]"#),
        ("a snapshot may have been on its way", r#""offset":"100-1","topics":["log/a"],"snapshot":true"#),
        ("its place was never given out", r#""offset":"100-99","topics":["log/a"]"#),
        ("its place is of an earlier life", r#""offset":"ff-1","topics":["log/a"]"#),
    ] {
        let (_, granted) = back(&world, &known_to_none(auth)).await;
        assert!(granted.pid != NOBODY, "{why}");
    }
}

const NOBODY: &str = "aaaaaaaaaaaaaaaaaaaaaaaa";

fn known_to_none(auth: &str) -> String {
    format!(r#"{{"pid":"{NOBODY}",{auth}}}"#)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_back_before_the_server_noticed_ends_its_old_line() {
    let world = World::start().await;
    let (mut old, first) = back(&world, r#"{"topics":["log/a"]}"#).await;
    let (_new, second) = back(&world, &format!(r#"{{"pid":"{}"}}"#, first.pid)).await;
    assert_eq!(second, first);
    assert_eq!(old.until("41").await, "41");
    world.sessions(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_that_may_not_have_arrived_is_not_said_to_have() {
    let world = World::start().await;
    for n in 0..3 {
        world.publish("log/a", &format!("{{\"n\":{n}}}"));
    }
    let (mut socket, first) = back(&world, "{}").await;
    let offset = place(&socket.until("42[\"heartbeat\"").await);
    socket.say(r#"420["subscribe",{"topics":["log/a"],"snapshot":true}]"#).await;
    let event = socket.until("42[\"event\"").await;
    assert!(event.ends_with(r#",{"past":true}]"#), "no place to come back to: {event}");
    drop(socket);
    let (mut socket, second) =
        back(&world, &format!(r#"{{"pid":"{}","offset":"{offset}"}}"#, first.pid)).await;
    assert!(second.pid != first.pid);
    // A client that has moved on has got everything before.
    socket.say(r#"420["subscribe",{"topics":["log/a"],"snapshot":true}]"#).await;
    socket.until("430").await;
    world.publish("log/a", "{\"n\":3}");
    let offset = loop {
        let event = socket.until("42[\"event\"").await;
        if !event.ends_with(r#"{"past":true}]"#) {
            break place(&event);
        }
    };
    drop(socket);
    let (_, third) = back(&world, &format!(r#"{{"pid":"{}","offset":"{offset}"}}"#, second.pid)).await;
    assert_eq!(third, second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_left_on_purpose_is_not_remembered() {
    let world = World::start().await;
    let (mut socket, first) = back(&world, r#"{"topics":["log/a"]}"#).await;
    socket.say("41").await;
    world.sessions(0).await;
    let (mut again, second) = back(&world, &format!(r#"{{"pid":"{}"}}"#, first.pid)).await;
    assert!(second.pid != first.pid);
    assert!(matches!(again.receive().await, Received::Text(welcome) if welcome.contains("\"new\"")));
}
