//! Bodies where none belong. What they hold looks like a request: it must never be answered.

use std::{net::SocketAddr, time::Duration};

use super::{
    answers::{Answer, Raw},
    support::{TestServer, nginx::Nginx, post, start_with},
};

/// Nothing else asks for it, and its answer is known by its status.
const SMUGGLED: &str = "GET /api/v1/smuggled HTTP/1.1\r\nhost: localhost\r\n\r\n";
const SMUGGLED_STATUS: u16 = 404;
const UPGRADE: &str = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                       sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

async fn start() -> TestServer {
    start_with(|config| {
        config.limits.connections = 0;
        config.limits.connections_per_address = 0;
        config.limits.messages_per_second = 0;
    })
    .await
}

/// Every address whose handler takes the connection, or that waits, and what its head says besides.
const LIVE: [(&str, &str); 9] = [
    ("/live/poll?topics=custom/x", ""),
    ("/live/long-poll?topics=custom/x&wait=1", ""),
    ("/live/sse?topics=custom/x", ""),
    ("/live/stream?topics=custom/x", ""),
    ("/sse/cpumemdisk", ""),
    ("/live/ws?topics=custom/x", UPGRADE),
    ("/socket.io/?EIO=4&transport=websocket", UPGRADE),
    ("/live/silence?ms=100", ""),
    ("/socket.io/?EIO=4&transport=polling&sid=SID", ""),
];

/// A session of Engine.IO whose next GET waits.
async fn session(to: SocketAddr) -> String {
    let opened = super::support::get(to, "/socket.io/?EIO=4&transport=polling").await.body;
    opened.split("\"sid\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a session").to_owned()
}

/// Lists ways to send a body: the lines of the head that describe it, and its pieces, each in a write of its own.
fn bodies() -> Vec<(&'static str, String, Vec<String>)> {
    let long = SMUGGLED.repeat(20 * 1024 / SMUGGLED.len());
    let longer = SMUGGLED.repeat(300 * 1024 / SMUGGLED.len());
    let length = |body: &str| format!("content-length: {}\r\n", body.len());
    let chunked = "transfer-encoding: chunked\r\n".to_owned();
    let chunk = |body: &str| format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    vec![
        ("late", length(SMUGGLED), vec![String::new(), SMUGGLED.into()]),
        ("with the head", length(SMUGGLED), vec![SMUGGLED.into()]),
        ("20 KB", length(&long), vec![long.clone()]),
        ("20 KB, late", length(&long), vec![String::new(), long.clone()]),
        ("300 KB, late", length(&longer), vec![String::new(), longer]),
        ("chunked", chunked.clone(), vec![chunk(SMUGGLED)]),
        ("chunked, late", chunked.clone(), vec![String::new(), chunk(SMUGGLED)]),
        ("chunked, 20 KB", chunked.clone(), vec![chunk(&long)]),
        ("chunked, its end late", chunked, vec!["1\r\nG\r\n".into(), chunk(SMUGGLED)]),
        (
            "both lengths",
            "content-length: 5\r\ntransfer-encoding: chunked\r\n".into(),
            vec![String::new(), format!("0\r\n\r\n{SMUGGLED}")],
        ),
        (
            "both lengths, the other way",
            "transfer-encoding: chunked\r\ncontent-length: 5\r\n".into(),
            vec![format!("0\r\n\r\n{SMUGGLED}")],
        ),
        (
            "expected",
            format!("expect: 100-continue\r\n{}", length(SMUGGLED)),
            vec![String::new(), SMUGGLED.into()],
        ),
    ]
}

/// Sends one request with its body and a second one behind it; gives the answers.
async fn answers(to: SocketAddr, method: &str, path: &str, head: &str, pieces: &[String]) -> Vec<Answer> {
    let mut raw = Raw::to(to).await;
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n{head}\r\n");
    for (nth, piece) in pieces.iter().enumerate() {
        if nth > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        request.push_str(piece);
        raw.write(std::mem::take(&mut request)).await;
    }
    raw.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    let mut answers = Vec::new();
    while let Some(answer) = raw.answer(method == "HEAD" && answers.is_empty()).await {
        answers.push(answer);
    }
    answers
}

#[tokio::test]
async fn a_body_where_none_belongs_is_never_a_request() {
    let server = start().await;
    for (path, head) in LIVE {
        for (name, length, pieces) in bodies() {
            for method in ["GET", "HEAD", "OPTIONS"] {
                let streams = method == "GET" && name.contains("both") && !path.contains("poll");
                if streams {
                    // The stream goes on for ever.
                    continue;
                }
                let sid = if path.contains("SID") { session(server.address).await } else { String::new() };
                let path = path.replace("SID", &sid);
                let all = answers(server.address, method, &path, &format!("{head}{length}"), &pieces).await;
                let told = format!("{method} {path} ({name}): {all:#?}");
                assert!(!all.is_empty() && all.iter().all(|one| one.status != SMUGGLED_STATUS), "{told}");
                // With both lengths, the chunks count and are none; what follows is not read (RFC 9112 §6.1).
                if method == "GET" && !path.starts_with("/live/silence") && !name.contains("both") {
                    assert_eq!(all[0].status, 400, "{told}");
                }
                if all[0].closes() {
                    assert_eq!(all.len(), 1, "{told}");
                } else {
                    assert_eq!((all.len(), all[1].status), (2, 200), "{told}");
                }
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_turns_out_to_be_empty_is_none() {
    let server = start().await;
    for (length, end) in [("transfer-encoding: chunked", "0\r\n\r\n"), ("content-length: 0", "")] {
        let mut raw = Raw::to(server.address).await;
        raw.write(format!("GET /live/poll?topics=custom/x HTTP/1.1\r\nhost: localhost\r\n{length}\r\n\r\n"))
            .await;
        tokio::time::sleep(Duration::from_millis(1)).await;
        raw.write(end).await;
        let answer = raw.answer(false).await.expect("an answer");
        assert_eq!((answer.status, answer.closes()), (200, !end.is_empty()), "{answer:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_a_handler_leaves_of_a_body_is_never_a_request() {
    let server = start().await;
    // Refused by their heads alone: an unknown topic, a type that is not JSON, an address without such a method.
    let plain = [
        ("POST", "/live/send", "content-type: text/plain\r\n"),
        ("POST", "/api/v1/publish", ""),
        ("POST", "/healthz", ""),
        ("GET", "/healthz", ""),
        ("GET", "/api/v1/chat/lobby/messages", ""),
        ("DELETE", "/api/v1/connections/1", ""),
        ("POST", "/nowhere", ""),
        ("POST", "/live/sse?topics=custom/x", ""),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=none", ""),
    ];
    for (method, path, head) in plain {
        for (name, length, pieces) in bodies() {
            let all = answers(server.address, method, path, &format!("{head}{length}"), &pieces).await;
            let told = format!("{method} {path} ({name}): {all:#?}");
            assert!(!all.is_empty() && all.iter().skip(1).all(|one| one.status != SMUGGLED_STATUS), "{told}");
            if all[0].closes() {
                assert_eq!(all.len(), 1, "{told}");
            } else {
                assert_eq!((all.len(), all[1].status), (2, 200), "{told}");
            }
        }
    }
    server.stop().await;
}

const PAGES: usize = 100;

#[tokio::test]
async fn a_large_answer_before_a_live_one_is_written_whole() {
    let server = start().await;
    for (path, head) in LIVE.iter().filter(|(path, _)| path.contains("poll?")) {
        let mut raw = Raw::narrow(server.address).await;
        // More than the kernel holds: hyper has not written all of it when the poll is accepted.
        let page = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(PAGES);
        raw.write(format!("{page}GET {path} HTTP/1.1\r\nhost: localhost\r\n{head}connection: close\r\n\r\n"))
            .await;
        for nth in 0..PAGES {
            let answer = raw.answer(false).await.expect("an answer");
            assert!(answer.text().contains("</html>"), "{nth}: {answer:?}");
        }
        assert!(raw.answer(false).await.expect("an answer").text().contains("welcome"));
        assert_eq!(raw.answer(false).await, None);
    }
    server.stop().await;
}

#[tokio::test]
async fn what_comes_in_one_write_with_a_question_that_waits_is_kept_whole() {
    let server = start().await;
    // More than is read ahead of an answer, and less than is read at once before a question leaves hyper.
    const BEHIND: usize = 300;
    let mut raw = Raw::to(server.address).await;
    let question = "GET /live/long-poll?topics=custom/x HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let others = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(BEHIND);
    raw.write(format!("{question}{others}")).await;
    assert!(raw.answer(false).await.expect("an answer").text().contains("welcome"));
    for nth in 0..BEHIND {
        let answer = raw.answer(false).await.expect("an answer");
        assert_eq!((answer.status, answer.text().as_str()), (200, "ok\n"), "{nth}");
    }
    server.stop().await;
}

#[tokio::test]
async fn who_has_closed_only_its_own_half_is_answered() {
    let server = start().await;
    for path in ["/healthz", "/live/poll?topics=custom/x", "/"] {
        let mut raw = Raw::to(server.address).await;
        raw.write(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n")).await;
        tokio::io::AsyncWriteExt::shutdown(&mut raw.stream).await.expect("shut");
        assert_eq!(raw.answer(false).await.expect("an answer").status, 200, "{path}");
        assert_eq!(raw.answer(false).await, None);
    }
    // Stored takes a moment: by then the end has been heard.
    let mut raw = Raw::to(server.address).await;
    let body = r#"{"topic":"chat/lobby","id":"half-open-000000000001","data":{"name":"Kim","text":"half"}}"#;
    let head = "POST /live/send HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json";
    raw.write(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())).await;
    tokio::io::AsyncWriteExt::shutdown(&mut raw.stream).await.expect("shut");
    let answer = raw.answer(false).await.expect("an answer");
    assert!(answer.status < 500, "{answer:?}");
    server.stop().await;
}

#[tokio::test]
async fn another_client_of_a_proxy_that_keeps_connections_never_gets_a_bodys_answer() {
    let server = start().await;
    for lines in ["", "proxy_request_buffering off;"] {
        // One connection for both clients.
        let nginx = Nginx::keeping_connections(&server, 1, lines).await;
        let mut statuses = Vec::new();
        for (path, _) in LIVE.iter().filter(|(path, head)| head.is_empty() && !path.contains("silence")) {
            for delay in [0, 1, 20] {
                let sid = if path.contains("SID") { session(server.address).await } else { String::new() };
                let path = path.replace("SID", &sid);
                // This request is answered in a second, when the next client may be on the connection.
                let body = format!(
                    "GET /live/long-poll?topics=custom/x&wait=1&since={} HTTP/1.1\r\nhost: localhost\r\n\r\n",
                    server.hub.head()
                );
                let mut raw = Raw::to(nginx.address).await;
                let length = body.len();
                raw.write(format!(
                    "GET {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n"
                ))
                .await;
                tokio::time::sleep(Duration::from_millis(delay)).await;
                raw.write(body).await;
                let answer = raw.answer(false).await.expect("an answer");
                let mut other = Raw::to(nginx.address).await;
                for _ in 0..3 {
                    other.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
                    let got = other.answer(false).await.expect("an answer");
                    assert_eq!(got.status, 200, "{path} ({delay} ms), {lines}: {answer:?}, then {got:?}");
                }
                statuses.push(answer.status);
            }
        }
        assert!(statuses.iter().all(|&status| status == 400), "{statuses:?}");
        // Each client gets its own answer, although another one used the connection before.
        let answer = post(nginx.address, "/nowhere", "text/plain", SMUGGLED).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
        drop(nginx);
    }
    server.stop().await;
}
