//! Live connections of agents, as hostile ones use them.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, protocol::CloseFrame},
};

use crate::{
    agents, code,
    hostile::{enrol, fast, head, key},
    now,
    support::{TestServer, binary::pulseboard, start},
    until,
};

type WebSocket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(to: SocketAddr, key: Option<&str>) -> Result<WebSocket, u16> {
    let mut request = format!("ws://{to}/api/v1/agents/live").into_client_request().expect("an address");
    if let Some(key) = key {
        request.headers_mut().insert("authorization", format!("Bearer {key}").parse().expect("a value"));
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(tokio_tungstenite::tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

/// Sends a message, and returns the answer to it; none where the connection was closed with this code.
async fn ask(socket: &mut WebSocket, message: Message) -> Result<Value, Option<CloseFrame>> {
    // A server that closes a connection may do so before all of it was sent.
    let _ = socket.send(message).await;
    match timeout(Duration::from_secs(20), socket.next()).await.expect("in time") {
        Some(Ok(Message::Text(text))) => Ok(serde_json::from_str(&text).expect("JSON")),
        Some(Ok(Message::Close(close))) => Err(close),
        other => panic!("{other:?}"),
    }
}

async fn enrolled() -> TestServer {
    let server = start().await;
    assert_eq!(enrol(&server, &code(server.data.path()), &key('a'), "web-1").await.0, 200);
    server
}

fn remove(server: &TestServer) {
    let mut command = pulseboard();
    let command = command.arg("--data-dir").arg(server.data.path()).args(["host", "remove", "web-1"]);
    assert!(command.status().expect("it runs").success());
}

fn report(run: u64, lines: &[String]) -> String {
    [&[head(run)], lines].concat().join("\n") + "\n"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_socket_takes_reports_and_outlives_those_that_are_none() {
    let server = enrolled().await;
    for other in [None, Some("pba_0"), Some(&*key('b'))] {
        assert_eq!(connect(server.address, other).await.err(), Some(401), "{other:?}");
    }
    let mut socket = connect(server.address, Some(&key('a'))).await.expect("it is let in");
    let checked = ask(&mut socket, Message::text("{\"check\":true}\n")).await.expect("an answer");
    assert_eq!((&checked["answer"]["taken"], &checked["answer"]["refused"]), (&json!(0), &json!(0)));
    assert_eq!(agents(server.address).await[0]["online"], false, "a question is no report");
    let lines = [fast(now(), 12.5), "{\"exec\":\"id\"}".to_owned()];
    let taken = ask(&mut socket, Message::text(report(1, &lines))).await.expect("an answer");
    assert_eq!((&taken["answer"]["taken"], &taken["answer"]["refused"]), (&json!(1), &json!(1)), "{taken}");
    for bad in ["", "{}", "[]", "\0", "{\"check\":true,\"exec\":1}"] {
        let answer = ask(&mut socket, Message::text(bad)).await.expect("an answer");
        assert_eq!(answer["error"]["code"], "bad_request", "{bad:?}: {answer}");
    }
    let bytes = ask(&mut socket, Message::binary(report(1, &[]))).await.expect("an answer");
    assert_eq!(bytes["answer"]["taken"], 0, "{bytes}");
    until(server.address, "it is there", |agent| {
        agent["online"] == true && agent["transport"] == "websocket"
    })
    .await;
    let long = ask(&mut socket, Message::text("x".repeat((4 << 20) + 1))).await;
    assert_eq!(u16::from(long.expect_err("it ends").expect("a code").code), 1009);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_socket_ends_once_its_host_is_removed_and_when_the_server_stops() {
    let server = enrolled().await;
    let mut socket = connect(server.address, Some(&key('a'))).await.expect("it is let in");
    assert!(ask(&mut socket, Message::text(report(1, &[]))).await.is_ok());
    remove(&server);
    // The report is refused, unless the server has seen by itself that the host is gone.
    let mut refused = ask(&mut socket, Message::text(report(1, &[fast(now(), 1.0)]))).await;
    if let Ok(answer) = refused {
        assert_eq!(answer["error"]["code"], "not_signed_in", "{answer}");
        refused = ask(&mut socket, Message::text("")).await;
    }
    assert_eq!(u16::from(refused.expect_err("it ends").expect("a code").code), 1008);
    assert_eq!(connect(server.address, Some(&key('a'))).await.err(), Some(401));

    assert_eq!(enrol(&server, &code(server.data.path()), &key('c'), "web-2").await.0, 200);
    let mut socket = connect(server.address, Some(&key('c'))).await.expect("it is let in");
    server.stop().await;
    let last = timeout(Duration::from_secs(20), socket.next()).await.expect("in time");
    assert!(
        matches!(&last, Some(Ok(Message::Close(Some(close)))) if u16::from(close.code) == 1012),
        "{last:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_has_its_two_newest_connections_and_all_of_them_count_as_one_host() {
    let server = enrolled().await;
    let mut sockets = Vec::new();
    for _ in 0..3 {
        let mut socket = connect(server.address, Some(&key('a'))).await.expect("it is let in");
        assert!(ask(&mut socket, Message::text(report(1, &[]))).await.is_ok());
        sockets.push(socket);
    }
    let oldest = timeout(Duration::from_secs(20), sockets[0].next()).await.expect("in time");
    assert!(
        matches!(&oldest, Some(Ok(Message::Close(Some(close)))) if u16::from(close.code) == 1008),
        "{oldest:?}"
    );
    for socket in &mut sockets[1..] {
        assert!(ask(socket, Message::text(report(1, &[]))).await.is_ok());
    }
    assert_eq!(agents(server.address).await.len(), 1);
    server.stop().await;
}

/// A request whose body goes on.
struct Stream(TcpStream);

impl Stream {
    async fn open(to: SocketAddr, key: &str) -> Self {
        let mut stream = TcpStream::connect(to).await.expect("a connection");
        let head = format!(
            "POST /api/v1/agents/live HTTP/1.1\r\nhost: {to}\r\nauthorization: Bearer {key}\r\n\
             content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("it is sent");
        Self(stream)
    }

    async fn send(&mut self, text: &str) {
        let chunk = format!("{:x}\r\n{text}\r\n", text.len());
        // A server that ends it may do so before all of it was sent.
        let _ = self.0.write_all(chunk.as_bytes()).await;
    }

    /// Reads on until these words have come, or the connection has ended; returns what came.
    async fn read_until(&mut self, words: &str) -> String {
        let reading = async {
            let mut text = String::new();
            let mut bytes = vec![0; 8 << 10];
            while !text.contains(words) {
                match self.0.read(&mut bytes).await {
                    Ok(read @ 1..) => text.push_str(&String::from_utf8_lossy(&bytes[..read])),
                    _ => break,
                }
            }
            text
        };
        timeout(Duration::from_secs(20), reading).await.expect("in time")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_answers_each_report_while_its_body_goes_on() {
    let server = enrolled().await;
    let mut stream = Stream::open(server.address, &key('a')).await;
    let begun = stream.read_until("\r\n\r\n").await;
    assert!(begun.starts_with("HTTP/1.1 200"), "{begun}");
    for field in ["x-accel-buffering: no", "content-encoding: identity", "application/x-ndjson"] {
        assert!(begun.contains(field), "{begun}");
    }
    let whole = report(1, &[fast(now(), 12.5)]) + "\n";
    let (first, second) = whole.split_at(whole.len() - 1);
    stream.send("\n").await;
    stream.send(first).await;
    stream.send(second).await;
    let answer = stream.read_until("}\n").await;
    assert!(answer.contains("{\"answer\":") && answer.contains("\"taken\":1"), "{answer}");
    stream.send("nonsense\n\n{\"check\":true}\n\n").await;
    let answers = stream.read_until("\"taken\":0").await;
    assert!(answers.contains("{\"error\":{\"code\":\"bad_request\""), "{answers}");
    until(server.address, "it is there", |agent| agent["transport"] == "stream").await;
    remove(&server);
    stream.send(&(report(1, &[]) + "\n")).await;
    let last = stream.read_until("0\r\n\r\n").await;
    assert!(last.contains("not_signed_in") || last.starts_with("0\r\n"), "{last}");

    assert_eq!(enrol(&server, &code(server.data.path()), &key('c'), "web-2").await.0, 200);
    let mut stream = Stream::open(server.address, &key('c')).await;
    stream.send(&"x".repeat((4 << 20) + 2)).await;
    let refused = stream.read_until("body_bytes").await;
    assert!(refused.contains("limit_reached"), "{refused}");
    let mut stream = Stream::open(server.address, &key('c')).await;
    stream.read_until("\r\n\r\n").await;
    server.stop().await;
    stream.read_until("0\r\n\r\n").await;
}
