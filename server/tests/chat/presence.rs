//! Presence over real sockets: it hangs on live connections.

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};

use super::{
    body, cursor, frame, send,
    support::{start, start_with},
    web_socket,
};

#[tokio::test]
async fn who_comes_types_and_leaves_is_told_to_the_room() {
    let server = start().await;
    let to = server.address;
    let mut socket = web_socket(to, "topics=presence/lobby").await;
    // As many people as there are live connections.
    let _other = web_socket(to, "topics=rooms").await;
    let announce = async |client: &str, more: Value| {
        let mut data = json!({ "client": client, "name": "Kim" });
        data.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        cursor(&send(to, "announcement", "presence/lobby", data).await);
    };
    let mut told = async |wanted: Value| {
        while frame(&mut socket, "event").await["data"] != wanted {}
    };
    told(json!({ "count": 0, "people": [] })).await;
    announce("client-one", json!({})).await;
    // As docs/protocol.md says that a program may make it of its own name.
    let (one, two) = ("9c0fd7c19ce4c700", "68c595a098e0a3ae");
    told(json!({ "count": 1, "people": [{ "name": "Kim", "sender": one }] })).await;
    announce("client-two", json!({ "typing": true })).await;
    let both =
        [json!({ "name": "Kim", "sender": two, "typing": true }), json!({ "name": "Kim", "sender": one })];
    told(json!({ "count": 2, "people": both })).await;
    announce("client-two", json!({ "leaving": true })).await;
    told(json!({ "count": 1, "people": [{ "name": "Kim", "sender": one }] })).await;
    server.stop().await;
}

/// Reads the number of people in the lobby from the connection's next event.
async fn count(socket: &mut WebSocketStream<TcpStream>) -> u64 {
    frame(socket, "event").await["data"]["count"].as_u64().expect("a number")
}

async fn announce_on(socket: &mut WebSocketStream<TcpStream>, client: &str, leaving: bool) {
    let data = json!({ "client": client, "name": "Kim", "leaving": leaving });
    let send = json!({ "type": "send", "id": "announcement", "topic": "presence/lobby", "data": data });
    socket.send(Message::text(send.to_string())).await.expect("sent");
    frame(socket, "sent").await;
}

#[tokio::test]
async fn a_thousand_invented_people_on_one_connection_end_as_one() {
    let server = start_with(|config| config.limits.messages_per_second = 0).await;
    let mut watcher = web_socket(server.address, "topics=presence/lobby").await;
    let mut liar = web_socket(server.address, "topics=").await;
    let mut other = web_socket(server.address, "topics=").await;
    for n in 0..1000 {
        announce_on(&mut liar, &format!("invented-{n:04}"), false).await;
    }
    announce_on(&mut other, "client-of-lee", false).await;
    loop {
        let count = count(&mut watcher).await;
        assert!(count <= 2, "{count} people on two connections");
        if count == 2 {
            break;
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn by_requests_nobody_is_there_without_a_live_connection_and_one_person_with_one() {
    let server = start_with(|config| config.limits.messages_per_second = 0).await;
    let to = server.address;
    let here = |n: usize| json!({ "client": format!("invented-{n:04}"), "name": "Kim" });
    let refused = send(to, "announcement", "presence/lobby", here(0)).await;
    assert_eq!((refused.status, body(&refused)["limit"].as_str()), (429, Some("people_per_address")));
    assert_eq!(body(&refused)["max"], 0);
    let mut watcher = web_socket(to, "topics=presence/lobby").await;
    for n in 0..1000 {
        let answer = send(to, "announcement", "presence/lobby", here(n)).await;
        assert_eq!(answer.status == 200, n == 0, "{n}: {}", answer.body);
    }
    while count(&mut watcher).await != 1 {}
    // The line changes its transport: the same person goes on, with what the address had a moment ago.
    drop(watcher);
    let again = send(to, "announcement", "presence/lobby", here(0)).await;
    assert_eq!(again.status, 200, "{}", again.body);
    server.stop().await;
}

#[tokio::test]
async fn two_tabs_of_one_person_are_one_until_both_have_gone() {
    let server = start().await;
    let to = server.address;
    let mut watcher = web_socket(to, "topics=presence/lobby").await;
    let (mut one, mut two) = (web_socket(to, "topics=").await, web_socket(to, "topics=").await);
    let mut other = web_socket(to, "topics=").await;
    assert_eq!(count(&mut watcher).await, 0);
    for tab in [&mut one, &mut two] {
        announce_on(tab, "client-of-kim", false).await;
    }
    assert_eq!(count(&mut watcher).await, 1);
    announce_on(&mut one, "client-of-kim", true).await;
    // Someone else who comes is what is told next: nobody has left.
    announce_on(&mut other, "client-of-lee", false).await;
    assert_eq!(count(&mut watcher).await, 2);
    announce_on(&mut two, "client-of-kim", true).await;
    assert_eq!(count(&mut watcher).await, 1);
    server.stop().await;
}
