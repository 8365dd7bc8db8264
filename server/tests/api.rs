//! Every plain address of the server, with good questions and bad ones.

mod support;

use common::{frame::ErrorCode, host::HostSnapshot};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use support::{Answer, get, post, request, start, start_with, stream};
use tokio_tungstenite::{
    connect_async_with_config,
    tungstenite::{Message, protocol::WebSocketConfig},
};

fn error(answer: &Answer) -> (u16, ErrorCode) {
    let told: common::api::ApiError = serde_json::from_str(&answer.body).expect(&answer.body);
    assert!(!told.message.is_empty());
    (answer.status, told.code)
}

#[tokio::test]
async fn it_is_alive_at_once_and_ready_when_something_is_measured() {
    let server = start().await;
    assert_eq!(get(server.address, "/healthz").await.status, 200);
    for _ in 0..500 {
        if get(server.address, "/readyz").await.status == 200 {
            return server.stop().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("never ready");
}

#[tokio::test]
async fn this_machines_numbers_are_real() {
    let server = start().await;
    stream(server.address, "/live/sse?topics=host/local/metrics,host/local/system", |text| {
        text.matches("cpu.total").count() >= 2 && text.contains("uptime")
    })
    .await;
    let answer = get(server.address, "/api/v1/hosts/local").await;
    let snapshot: HostSnapshot = serde_json::from_str(&answer.body).expect("a host");
    let metrics = snapshot.metrics.expect("measured");
    for key in ["cpu.total", "memory.percent", "disk.percent"] {
        let value = metrics.value(key).expect(key);
        assert!((0.0..=100.0).contains(&value), "{key} is {value}");
    }
    assert_eq!(metrics.values.instances("cpu.core").count(), snapshot.info.cores);
    assert!(metrics.value("memory.total").expect("memory") > 16.0 * 1024.0 * 1024.0);
    assert!(!snapshot.history.at.is_empty());
    let newest = *snapshot.history.at.last().expect("a moment");
    let later = get(server.address, &format!("/api/v1/hosts/local/history?since={newest}")).await;
    let later: common::history::History = serde_json::from_str(&later.body).expect("a history");
    assert!(later.at.iter().all(|&at| at > newest));
    assert_eq!((snapshot.info.fast_ms, snapshot.info.slow_ms), (500, 2_000));
    let series = get(server.address, "/api/v1/series").await.body;
    let known: Vec<Value> = serde_json::from_str(&series).expect("series");
    for (key, _) in metrics.values.iter() {
        assert!(known.iter().any(|metric| metric["id"] == key.metric()), "{key:?} is registered");
    }
    server.stop().await;
}

#[tokio::test]
async fn rates_are_remembered_whether_anyone_watches_or_not() {
    let server = start_with(|config| (config.collect.fast_ms, config.collect.slow_ms) = (100, 500)).await;
    let path = "/api/v1/hosts/local/history";
    for _ in 0..1_000 {
        let answer = get(server.address, path).await;
        let history: common::history::History = serde_json::from_str(&answer.body).expect("a history");
        if history.rates.at.len() >= 4 {
            assert!(history.rates.at.is_sorted());
            let apart = history.rates.at[3] - history.rates.at[0];
            assert!(apart >= 1_000, "at the slow pace, not at the fast one: {apart} ms");
            for (key, values) in &history.rates.values {
                let is_rate =
                    ["network.received", "network.sent", "disk.read", "disk.written"].contains(&&**key);
                assert!(is_rate || key.starts_with("pressure."), "{key}");
                assert_eq!(values.len(), history.rates.at.len());
            }
            return server.stop().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("nothing is remembered");
}

#[tokio::test]
async fn the_simplest_form_is_three_numbers() {
    let server = start().await;
    let text = stream(server.address, "/sse/cpumemdisk", |text| text.matches("data: ").count() >= 3).await;
    assert!(
        text.starts_with("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"),
        "{text}"
    );
    let (_, body) = text.split_once("\r\n\r\n").expect("a body");
    assert!(!body.contains("event:") && !body.contains("id:"), "{body}");
    // Without the chunks' own lines.
    let is_size = |line: &&str| line.ends_with('\r') && !line.is_empty();
    let body = body.split('\n').filter(|line| !is_size(line)).collect::<Vec<_>>().join("\n");
    let blocks: Vec<&str> = body.split("\n\n").filter(|block| block.contains("data: ")).collect();
    assert!(blocks[0].starts_with(": pulseboard\nretry: 2000\n"), "no block is without data: {body}");
    for block in &blocks[..2] {
        let data = block.lines().find_map(|line| line.strip_prefix("data: ")).expect(block);
        let data: Value = serde_json::from_str(data).expect(data);
        let three = data["data"].as_array().expect("an array");
        assert_eq!(three.len(), 3);
        assert!(three.iter().all(|n| n.is_null() || n.as_f64().is_some_and(|n| (0.0..=100.0).contains(&n))));
    }
    server.stop().await;
}

async fn publish_raw(to: std::net::SocketAddr, body: &str) {
    assert_eq!(post(to, "/api/v1/publish", "application/json", body).await.status, 200);
}

#[tokio::test]
async fn programs_publish_their_own_numbers() {
    let server = start().await;
    let publish = async |body: Value| {
        post(server.address, "/api/v1/publish", "application/json", &body.to_string()).await
    };
    let answer = publish(json!({"topic": "custom/x", "data": {"a": "line\nend"}})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let first: Value = serde_json::from_str(&answer.body).expect("JSON");
    publish(json!({"topic": "custom/x", "data": [2]})).await;
    let path = format!("/live/sse?topics=custom/x&since={}", first["cursor"].as_str().expect("a cursor"));
    let text = stream(server.address, &path, |text| text.contains("[2]")).await;
    assert!(text.contains("\"resumed\"") && !text.contains("line"), "{text}");
    publish_raw(
        server.address,
        "{\"topic\":\"custom/x\",\"data\":{\"b\":12345678901234567890123, \n\"a\":1.50}}",
    )
    .await;
    let text = stream(server.address, &path, |text| text.contains("1.50")).await;
    assert!(text.contains("{\"b\":12345678901234567890123,  \"a\":1.50}"), "as it was sent: {text}");

    assert_eq!(
        error(&publish(json!({"topic": "host/local/metrics", "data": 1})).await),
        (403, ErrorCode::UnknownTopic)
    );
    assert_eq!(
        error(&publish(json!({"topic": "custom/a/b", "data": 1})).await),
        (404, ErrorCode::UnknownTopic)
    );
    assert_eq!(error(&publish(json!({"topic": "Custom", "data": 1})).await), (400, ErrorCode::BadTopic));
    // Longer than a publication may be, and not longer than a body.
    let long = "x".repeat(64_500);
    let long = publish(json!({"topic": "custom/x", "data": long})).await;
    assert_eq!(error(&long), (413, ErrorCode::LimitReached));
    assert!(long.body.contains(r#""limit":"publication_bytes","max":"#), "{}", long.body);
    assert_eq!(error(&publish(json!({"topic": "custom/x"})).await), (422, ErrorCode::BadRequest));
    assert_eq!(
        error(&publish(json!({"topic": "custom/x", "data": 1, "x": 1})).await).1,
        ErrorCode::BadRequest
    );
    let huge = publish(json!({"topic": "custom/x", "data": "x".repeat(3 * 1024 * 1024)})).await;
    assert_eq!(error(&huge), (413, ErrorCode::LimitReached));
    assert!(huge.body.contains(r#""limit":"body_bytes","max":"#), "{}", huge.body);
    let form = post(server.address, "/api/v1/publish", "text/plain", "{}").await;
    assert_eq!(
        error(&form),
        (415, ErrorCode::BadRequest),
        "what a foreign page can send without asking is refused"
    );
    let broken = post(server.address, "/api/v1/publish", "application/json", "{\"topic\":").await;
    assert_eq!(error(&broken), (400, ErrorCode::BadRequest));
    server.stop().await;
}

#[tokio::test]
async fn bad_questions_get_clear_answers() {
    let server = start().await;
    let code = async |path: &str| error(&get(server.address, path).await);
    assert_eq!(code("/api/v1/hosts/nobody").await, (404, ErrorCode::NotFound));
    assert_eq!(code("/api/v1/hosts/NO%20BODY").await, (400, ErrorCode::BadRequest));
    assert_eq!(code("/api/v1/hosts/local/history?since=yesterday").await, (400, ErrorCode::BadRequest));
    assert_eq!(code("/api/v1/nothing").await, (404, ErrorCode::NotFound));
    assert_eq!(code("/live/sse").await, (400, ErrorCode::BadTopic));
    assert_eq!(code("/live/ws").await, (426, ErrorCode::BadRequest));
    assert_eq!(code("/live/nothing").await, (404, ErrorCode::NotFound));
    let wrong_method = get(server.address, "/api/v1/publish").await;
    assert_eq!(error(&wrong_method), (405, ErrorCode::MethodNotAllowed));
    let foreign = "GET /healthz HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n";
    assert_eq!(error(&request(server.address, foreign).await), (403, ErrorCode::ForbiddenOrigin));
    let own = server.address;
    let page =
        format!("GET / HTTP/1.1\r\nhost: {own}\r\norigin: http://evil.example\r\nconnection: close\r\n\r\n");
    assert_eq!(error(&request(server.address, &page).await), (403, ErrorCode::ForbiddenOrigin));
    for nonsense in [
        "HELLO\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\nhost\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\r\n\r\n",
    ] {
        assert_eq!(request(server.address, nonsense).await.status, 400, "{nonsense:?}");
    }
    let long = format!("GET /?{} HTTP/1.1\r\nhost: {own}\r\n\r\n", "x".repeat(100_000));
    assert!([414, 431].contains(&request(server.address, &long).await.status));
    assert_eq!(get(server.address, "/healthz").await.status, 200, "and it is still there");
    server.stop().await;
}

#[tokio::test]
async fn figures_count_what_happens() {
    let server = start().await;
    let topic = "custom/x".parse().expect("a topic");
    let mut readers = Vec::new();
    for _ in 0..5 {
        let (to, hub) = (server.address, server.hub.clone());
        readers.push(tokio::spawn(async move {
            stream(to, "/live/sse?topics=custom/x", |text| text.contains("\"last\"")).await;
            drop(hub);
        }));
    }
    while server.hub.subscribers(&topic) < 5 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let connected = get(server.address, "/metrics").await.body;
    assert!(connected.contains("pulseboard_connections{transport=\"sse\"} 5"), "{connected}");
    for _ in 0..9 {
        server.hub.publish(&topic, "1".into()).expect("published");
    }
    server.hub.publish(&topic, "\"last\"".into()).expect("published");
    for reader in readers {
        reader.await.expect("each has read it all");
    }
    let figures = get(server.address, "/metrics").await;
    assert_eq!(
        figures.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    let encodes: u64 = figures
        .body
        .lines()
        .filter(|line| line.starts_with("pulseboard_encodes_total"))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok())
        .sum();
    assert_eq!(encodes, 10, "one wire form in use, so one encoding a publication: {}", figures.body);
    for name in ["publications_total", "deliveries_total 50", "gaps_total 0", "mailbox_high_water"] {
        assert!(figures.body.contains(&format!("pulseboard_{name}")), "{name} in {}", figures.body);
    }
    server.stop().await;
}

/// Some clients take messages of 64 KiB at most, and end the line at a longer one, again and again (httpx2).
#[tokio::test]
async fn the_longest_publication_passes_a_limit_of_64_kib_on_every_transport() {
    const LONGEST: usize = 64 * 1024;
    let server = start().await;
    let to = server.address;
    // A topic as long as can be, too.
    let topic = format!("custom/{}", "t".repeat(64));
    let data = |bytes: usize| json!({ "topic": topic, "data": "x".repeat(bytes - 2) }).to_string();
    let publish = async |body: String| post(to, "/api/v1/publish", "application/json", &body).await;
    assert_eq!(publish(data(64_001)).await.status, 413, "a byte more is refused");
    let answer = publish(data(64_000)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);

    let query = format!("topics={topic}&snapshot={topic}");
    let is_whole = |text: &str| text.contains(&format!("{}\"}}", "x".repeat(63_998)));
    let text =
        stream(to, &format!("/live/sse?{query}"), |text| is_whole(text) && text.ends_with("\n\n\r\n")).await;
    let block = text.split("\n\n").find(|block| is_whole(block)).expect("the event");
    assert!(block.len() + 2 <= LONGEST, "{}", block.len());
    let text =
        stream(to, &format!("/live/stream?{query}"), |text| is_whole(text) && text.ends_with("\n\r\n")).await;
    let line = text.split('\n').find(|line| is_whole(line)).expect("the event");
    assert!(line.len() < LONGEST, "{}", line.len());
    for path in ["poll", "long-poll"] {
        let answer = get(to, &format!("/live/{path}?{query}")).await;
        assert!(is_whole(&answer.body) && answer.body.len() <= LONGEST, "{path}: {}", answer.body.len());
    }
    let limit = WebSocketConfig::default().max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
    let sockets = [
        (format!("/live/ws?{query}"), None),
        (
            "/socket.io/?EIO=4&transport=websocket".to_owned(),
            Some(format!("40{}", json!({ "topics": [topic], "snapshot": true }))),
        ),
    ];
    for (path, first) in sockets {
        let url = format!("ws://{to}{path}");
        let (mut socket, _) = connect_async_with_config(url, Some(limit), false).await.expect("a line");
        if let Some(first) = first {
            socket.send(Message::text(first)).await.expect("written");
        }
        let hearing = async {
            while let Some(message) = socket.next().await {
                if is_whole(message.expect("within the limit").to_text().expect("text")) {
                    return true;
                }
            }
            false
        };
        let heard = tokio::time::timeout(std::time::Duration::from_secs(30), hearing).await;
        assert_eq!(heard, Ok(true), "{path}");
    }
    server.stop().await;
}
