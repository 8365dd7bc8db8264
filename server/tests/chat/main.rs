//! Chat over real sockets: order, once, kept, and every bad input.

mod presence;
#[path = "../support/mod.rs"]
mod support;

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use support::{
    Answer,
    binary::{ServerProcess, pulseboard},
    get, post, start, start_with, stream,
};
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

async fn send(to: SocketAddr, id: &str, topic: &str, data: Value) -> Answer {
    let body = json!({ "id": id, "topic": topic, "data": data }).to_string();
    post(to, "/live/send", "application/json", &body).await
}

async fn say(to: SocketAddr, id: &str, text: &str) -> Answer {
    send(to, id, "chat/lobby", json!({ "name": "Kim", "text": text })).await
}

fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("JSON, not {:?}", answer.body))
}

fn cursor(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    body(answer)["cursor"].as_str().expect("a cursor").to_owned()
}

/// Reads the lobby over REST: each message's cursor and id.
async fn lobby(to: SocketAddr, query: &str) -> (Vec<(String, String)>, bool) {
    let answer = get(to, &format!("/api/v1/chat/lobby/messages{query}")).await;
    let page = body(&answer);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let messages = page["messages"].as_array().expect("messages").iter();
    let messages = messages.map(|one| (text(&one["cursor"]), text(&one["data"]["id"]))).collect();
    (messages, page["earlier"] == true)
}

async fn web_socket(to: SocketAddr, query: &str) -> WebSocketStream<TcpStream> {
    let stream = TcpStream::connect(to).await.expect("the server accepts");
    client_async(format!("ws://{to}/live/ws?{query}"), stream).await.expect("a handshake").0
}

/// The next frame of a type.
async fn frame(socket: &mut WebSocketStream<TcpStream>, kind: &str) -> Value {
    let reading = async {
        loop {
            let text = match socket.next().await {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Ping(_))) => continue,
                _ => panic!("the line ended before {kind}"),
            };
            let frame: Value = serde_json::from_str(&text).expect("a frame");
            if frame["type"] == kind {
                return frame;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), reading).await.expect("it comes")
}

#[tokio::test]
async fn what_is_said_is_heard_with_its_sender_and_time() {
    let server = start().await;
    let mut socket = web_socket(server.address, "topics=chat/lobby").await;
    frame(&mut socket, "welcome").await;
    let data = json!({ "name": "  김철수 ", "text": "<b>안녕</b>\n\u{202e}two" });
    let place = cursor(&send(server.address, "message-1", "chat/lobby", data).await);
    let event = frame(&mut socket, "event").await;
    assert_eq!((&event["cursor"], &event["topic"]), (&json!(place), &json!("chat/lobby")));
    let at = event["data"]["at"].as_u64().expect("a time");
    assert!(at > 1_700_000_000_000);
    let said = json!({ "id": "message-1", "name": "김철수", "text": "<b>안녕</b>\n\u{202e}two", "at": at });
    assert_eq!(event["data"], said);
    // The second message goes up another way; the way down stays.
    let message = json!({ "type": "send", "id": "message-2", "topic": "chat/lobby",
        "data": { "name": "Lee", "text": "hi" } });
    socket.send(Message::text(message.to_string())).await.expect("sent");
    let sent = frame(&mut socket, "sent").await;
    let again = send(server.address, "message-2", "chat/lobby", json!({ "name": "Lee", "text": "hi" })).await;
    assert_eq!(json!(cursor(&again)), sent["cursor"]);
    server.stop().await;
}

#[tokio::test]
async fn two_of_one_name_are_told_apart_and_nobody_is_told_a_private_name() {
    let server = start().await;
    let to = server.address;
    let post = |id: &'static str, client: &'static str| {
        send(to, id, "chat/lobby", json!({ "name": "Kim", "text": "hi", "client": client }))
    };
    cursor(&post("message-1", "client-of-the-first-kim").await);
    cursor(&post("message-2", "client-of-the-other-kim").await);
    cursor(&post("message-3", "client-of-the-first-kim").await);
    cursor(&say(to, "message-4", "nobody").await);
    let _line = web_socket(to, "topics=rooms").await;
    let announce = json!({ "client": "client-of-the-first-kim", "name": "Kim" });
    cursor(&send(to, "announce", "presence/lobby", announce).await);
    let page = get(to, "/api/v1/chat/lobby/messages").await;
    assert!(!page.body.contains("client-of"), "{}", page.body);
    let senders: Vec<Value> = body(&page)["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|one| one["data"]["sender"].clone())
        .collect();
    assert!(senders[0].is_string() && senders[0] == senders[2] && senders[0] != senders[1], "{senders:?}");
    assert!(senders[3].is_null());
    let wanted = senders[0].as_str().expect("text");
    let heard = stream(to, "/live/sse?topics=presence/lobby", |text| text.contains(wanted)).await;
    assert!(!heard.contains("client-of"), "{heard}");
    server.stop().await;
}

#[tokio::test]
async fn reading_back_from_a_place_of_another_life_is_refused_in_words() {
    let server = start().await;
    let place = cursor(&say(server.address, "message-1", "hi").await);
    let (epoch, seq) = place.split_once('-').expect("an epoch and a number");
    let earlier = u64::from_str_radix(epoch, 16).expect("hex") - 1;
    for other in [format!("{earlier:x}-{seq}"), format!("1-{seq}")] {
        let answer = get(server.address, &format!("/api/v1/chat/lobby/messages?before={other}")).await;
        assert_eq!(
            (answer.status, body(&answer)["code"].as_str()),
            (400, Some("bad_cursor")),
            "{}",
            answer.body
        );
        assert!(answer.body.contains("another life of the log"), "{}", answer.body);
    }
    let answer = get(server.address, &format!("/api/v1/chat/lobby/messages?before={place}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    server.stop().await;
}

#[tokio::test]
async fn a_message_is_taken_once_however_often_and_from_however_many_places_it_is_sent() {
    let server = start_with(|config| config.limits.messages_per_second = 0).await;
    let to = server.address;
    let sends =
        (0..40).map(|n| async move { (n % 4, cursor(&say(to, &format!("message-{}", n % 4), "hi").await)) });
    let told = futures_util::future::join_all(sends).await;
    let (messages, _) = lobby(to, "").await;
    assert_eq!(messages.len(), 4);
    for (n, place) in told {
        assert!(messages.contains(&(place, format!("message-{n}"))), "every receipt names the one place");
    }
    // The first message with this id stays.
    cursor(&say(to, "message-0", "something else").await);
    let page = get(to, "/api/v1/chat/lobby/messages").await;
    assert!(!page.body.contains("something else"));
    // In another room it is another message.
    let elsewhere = send(to, "message-0", "chat/ops", json!({ "name": "Kim", "text": "hi" })).await;
    assert!(!messages.iter().any(|(place, _)| *place == cursor(&elsewhere)));
    server.stop().await;
}

#[tokio::test]
async fn everyone_reads_one_order_in_pages_as_on_a_line() {
    let server = start_with(|config| config.limits.messages_per_second = 0).await;
    let to = server.address;
    let begin =
        body(&get(to, "/api/v1/chat/lobby/messages").await)["cursor"].as_str().expect("a place").to_owned();
    let senders = (0..6).map(|sender| async move {
        for n in 0..50 {
            cursor(&say(to, &format!("sender-{sender}-{n:02}"), "hi").await);
        }
    });
    futures_util::future::join_all(senders).await;
    let (mut paged, mut query) = (Vec::new(), "?limit=70".to_owned());
    loop {
        let (page, earlier) = lobby(to, &query).await;
        query = format!("?limit=70&before={}", page[0].0);
        paged.splice(0..0, page);
        if !earlier {
            break;
        }
    }
    assert_eq!(paged.len(), 300);
    for sender in 0..6 {
        let of: Vec<_> = paged.iter().filter(|(_, id)| id.starts_with(&format!("sender-{sender}"))).collect();
        assert!(of.len() == 50 && of.is_sorted_by(|a, b| a.1 < b.1), "each in the order of its sender");
    }
    let path = format!("/live/sse?topics=chat/lobby&since={begin}");
    let last = format!("id: {}\n", paged[299].0);
    let text = stream(to, &path, |text| text.contains(&last)).await;
    let ids: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("id: ")).take(300).collect();
    assert_eq!(ids, paged.iter().map(|(place, _)| place).collect::<Vec<_>>());
    // A line that opens begins with the newest 200.
    let mut socket = web_socket(to, "topics=chat/lobby&snapshot=chat/lobby").await;
    assert_eq!(frame(&mut socket, "event").await["cursor"], paged[100].0);
    server.stop().await;
}

#[tokio::test]
async fn after_kill_9_what_was_acknowledged_is_there_and_is_still_taken_once() {
    let data = tempfile::tempdir().expect("a folder");
    let serve = || {
        ServerProcess::new(
            pulseboard().args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data.path()),
        )
    };
    let mut server = serve();
    let mut places = Vec::new();
    for n in 0..20 {
        let room = ["chat/lobby", "chat/ops"][n % 2];
        let answer =
            send(server.address, &format!("message-{n}"), room, json!({ "name": "Kim", "text": "hi" })).await;
        places.push((room, cursor(&answer)));
    }
    server.child.kill().expect("SIGKILL");
    server.child.wait().expect("it died");
    let server = serve();
    let (before, _) = lobby(server.address, "").await;
    assert_eq!(before.len(), 10);
    for (n, (room, place)) in places.iter().enumerate() {
        let again =
            send(server.address, &format!("message-{n}"), room, json!({ "name": "Kim", "text": "hi" })).await;
        assert_eq!(cursor(&again), *place);
    }
    assert_eq!(lobby(server.address, "").await.0, before);
    let list = stream(server.address, "/live/sse?topics=rooms", |text| text.contains("\"ops\"")).await;
    assert!(list.contains(r#"{"room":"lobby","people":0}"#), "{list}");
}

#[tokio::test]
async fn every_bad_message_has_its_answer_and_leaves_nothing_behind() {
    let server = start_with(|config| config.limits.messages_per_second = 0).await;
    let to = server.address;
    let long = "x".repeat(4001);
    let name = |name: &str| json!({ "name": name, "text": "hi" });
    let text = |text: &str| json!({ "name": "Kim", "text": text });
    for (data, about) in [
        (json!(null), "null"),
        (json!("hi"), "string"),
        (json!({ "text": "hi" }), "name"),
        (json!({ "name": "Kim" }), "text"),
        (json!({ "name": "Kim", "text": 7 }), "7"),
        (json!({ "name": "Kim", "text": "hi", "admin": true }), "admin"),
        (name(""), "seen"),
        (name(" \u{3164} "), "seen"),
        (name(&"x".repeat(41)), "40"),
        (name("a\u{202e}b"), "direction"),
        (name("a\u{2066}b"), "direction"),
        (name("a\nb"), "control"),
        (text(""), "space"),
        (text(" \n "), "space"),
        (text(&long), "4000"),
        (text("\u{0}"), "control"),
    ] {
        let answer = send(to, "message-1", "chat/lobby", data.clone()).await;
        let told = body(&answer);
        assert_eq!((answer.status, told["code"].as_str()), (400, Some("bad_message")), "{data}: {told}");
        assert_eq!(told["id"], "message-1");
        assert!(told["message"].as_str().expect("a sentence").contains(about), "{data}: {told}");
    }
    for topic in ["chat/a/b", "chat", "presence/a/b", "rooms", "host/local/metrics", "custom/a"] {
        let answer = send(to, "message-1", topic, text("hi")).await;
        assert_eq!((answer.status, body(&answer)["code"].as_str()), (404, Some("unknown_topic")), "{topic}");
    }
    let publish = json!({ "topic": "chat/lobby", "data": 1 }).to_string();
    assert_eq!(post(to, "/api/v1/publish", "application/json", &publish).await.status, 403);
    for said in [
        json!({ "name": "Kim" }),
        json!({ "client": "short", "name": "Kim" }),
        json!({ "client": "client-of-kim", "name": "" }),
        json!({ "client": "client-of-kim", "name": "Kim", "typing": 1 }),
    ] {
        assert_eq!(send(to, "message-1", "presence/lobby", said).await.status, 400);
    }
    for (query, status) in
        [("?limit=0", 400), ("?limit=201", 400), ("?limit=x", 400), ("?before=x", 400), ("?other=1", 200)]
    {
        assert_eq!(get(to, &format!("/api/v1/chat/lobby/messages{query}")).await.status, status, "{query}");
    }
    assert_eq!(get(to, "/api/v1/chat/none/messages").await.status, 404);
    assert_eq!(get(to, "/api/v1/chat/No%20Room/messages").await.status, 400);
    assert_eq!(lobby(to, "").await.0, []);
    // The longest that may be said, in letters of four bytes.
    cursor(&say(to, "message-1", &"🦀".repeat(4000)).await);
    server.stop().await;
}

#[tokio::test]
async fn there_are_as_many_rooms_as_there_may_be() {
    let server = start_with(|config| {
        config.limits.messages_per_second = 0;
        // One address may make a few only.
        config.limits.connections_per_address = 0;
    })
    .await;
    let to = server.address;
    let hi = || json!({ "name": "Kim", "text": "hi" });
    for room in 1..100 {
        cursor(&send(to, "message-1", &format!("chat/room-{room}"), hi()).await);
    }
    let answer = send(to, "message-1", "chat/one-more", hi()).await;
    assert_eq!((answer.status, body(&answer)["code"].as_str()), (429, Some("limit_reached")));
    assert_eq!((body(&answer)["limit"].as_str(), body(&answer)["max"].as_u64()), (Some("rooms"), Some(100)));
    assert_eq!(get(to, "/api/v1/chat/one-more/messages").await.status, 404);
    cursor(&send(to, "message-2", "chat/room-7", hi()).await);
    server.stop().await;
}
