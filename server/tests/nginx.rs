//! Behind nginx as it comes: HTTP/1.0 to us, answers buffered, no upgrades. Every transport that such a proxy can carry
//! brings a publication at once; how quickly stands in bench/RESULTS.md.

mod support;

use std::time::Duration;

use common::{api::ApiError, frame::ErrorCode};
use serde_json::json;
use support::{Answer, TestServer, get, nginx::Nginx, post, start, stream};

const TOPIC: &str = "custom/through";

/// Publishes as soon as someone follows.
async fn publish_when_heard(server: &TestServer) {
    let topic = TOPIC.parse().expect("a topic");
    for _ in 0..2000 {
        if server.hub.subscribers(&topic) > 0 {
            server.hub.publish(&topic, "\"through the proxy\"".into()).expect("published");
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("no one came through");
}

#[tokio::test]
async fn streams_and_polls_pass_a_proxy_that_buffers() {
    let server = start().await;
    let nginx = Nginx::before(&server).await;
    for path in ["/live/sse", "/live/stream", "/sse/cpumemdisk"] {
        let path = format!("{path}?topics={TOPIC}");
        let plain = path.starts_with("/sse/");
        let hearing = stream(nginx.address, &path, |text| {
            text.contains(if plain { "\"data\":[" } else { "through the proxy" })
        });
        if plain {
            hearing.await;
        } else {
            tokio::join!(hearing, publish_when_heard(&server));
        }
        let topic = TOPIC.parse().expect("a topic");
        // The next one must not find this one still there.
        for _ in 0..2000 {
            if server.hub.subscribers(&topic) == 0 {
                break;
            }
            server.hub.publish(&topic, "0".into()).expect("published");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let head = server.hub.head();
    let path = format!("/live/long-poll?topics={TOPIC}&since={head}");
    let (answer, ()) = tokio::join!(get(nginx.address, &path), publish_when_heard(&server));
    assert!(answer.body.contains("through the proxy"), "{}", answer.body);
    let answer = get(nginx.address, &format!("/live/poll?topics={TOPIC}&since={head}")).await;
    assert!(answer.body.contains("through the proxy"), "{}", answer.body);
    drop(nginx);
    server.stop().await;
}

#[tokio::test]
async fn socket_io_passes_it_on_long_polling() {
    let server = start().await;
    let nginx = Nginx::before(&server).await;
    let opened = get(nginx.address, "/socket.io/?EIO=4&transport=polling").await.body;
    let sid = opened.split("\"sid\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a session");
    let path = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
    let connect = format!("40{{\"topics\":[\"{TOPIC}\"]}}");
    assert_eq!(post(nginx.address, &path, "text/plain", &connect).await.body, "ok");
    publish_when_heard(&server).await;
    let mut heard = String::new();
    while !heard.contains("through the proxy") {
        let answer = get(nginx.address, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        heard += &answer.body;
    }
    drop(nginx);
    server.stop().await;
}

/// A page's own message and its WebSocket, as a browser asks for them that does not say where they come from: over plain HTTP from
/// another machine none does.
async fn from_the_same_site(nginx: &Nginx) -> [Answer; 2] {
    let site = nginx.address;
    let origin = format!("host: {site}\r\norigin: http://{site}\r\n");
    let said = json!({ "id": "message-1", "topic": "chat/lobby", "data": { "name": "Kim", "text": "hi" } })
        .to_string();
    let message = format!(
        "POST /live/send HTTP/1.1\r\n{origin}connection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{said}",
        said.len()
    );
    // Of a version that there is not: who may come is refused with 426, and the line does not stay.
    let upgrade = format!(
        "GET /live/ws HTTP/1.1\r\n{origin}connection: upgrade, close\r\nupgrade: websocket\r\nsec-websocket-version: 7\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    [support::request(site, &message).await, support::request(site, &upgrade).await]
}

#[tokio::test]
async fn a_port_that_it_takes_from_the_host_is_told_by_the_code_for_a_proxy_that_changes_the_address() {
    let server = start().await;
    let upgrades = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; \
                    proxy_set_header Connection $http_connection;";
    let nginx = Nginx::with(&server, &format!("proxy_set_header Host $host; {upgrades}")).await;
    for answer in from_the_same_site(&nginx).await {
        let told: ApiError = serde_json::from_str(&answer.body).expect(&answer.body);
        assert_eq!((answer.status, told.code), (403, ErrorCode::ForbiddenOrigin), "{}", answer.body);
    }
    drop(nginx);
    // Both pass with the Host as the browser sent it.
    let nginx = Nginx::with(&server, &format!("proxy_set_header Host $http_host; {upgrades}")).await;
    let [message, upgrade] = from_the_same_site(&nginx).await;
    assert_eq!((message.status, upgrade.status), (200, 426), "{} {}", message.body, upgrade.body);
    drop(nginx);
    server.stop().await;
}

#[tokio::test]
async fn a_websocket_that_it_strips_is_answered_with_what_is_missing() {
    let server = start().await;
    let nginx = Nginx::before(&server).await;
    let ask = format!(
        "GET /live/ws HTTP/1.0\r\nhost: {}\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        nginx.address
    );
    let answer = support::request(nginx.address, &ask).await;
    assert_eq!(answer.status, 426, "{}", answer.body);
    drop(nginx);
    server.stop().await;
}
