//! Those who have no operator's token: whatever lies between them and the server, they see nothing and end nothing.

use std::net::SocketAddr;

use common::frame::ErrorCode;

use crate::{
    PATH, error,
    support::{self, Answer, TestServer, get, nginx::Nginx, request, start, start_with},
    until,
    wire::Client,
};

/// Asks the inspector's addresses, and some that do not exist, with this head, and returns their answers.
async fn refusals(to: SocketAddr, id: u64, lines: &str) -> Vec<Answer> {
    let mut told = Vec::new();
    for what in [
        format!("GET {PATH}"),
        format!("GET {PATH}?transport=none"),
        format!("DELETE {PATH}/{id}"),
        format!("GET {PATH}/{id}/frames"),
        format!("GET {PATH}/0/frames"),
    ] {
        let head = format!("{what} HTTP/1.1\r\n{lines}connection: close\r\n\r\n");
        told.push(request(to, &head).await);
    }
    told
}

/// A reader, and the number of its connection.
async fn a_reader(server: &TestServer) -> (Client, u64) {
    let client = Client::open(server.address, "sse", "custom/x").await;
    let id = until(server.address, &client, |_| true).await.id;
    (client, id)
}

#[tokio::test]
async fn nobody_looks_without_the_operators_token() {
    let server = start_with(|config| config.hosts = vec!["board.example".parse().expect("a host")]).await;
    let to = server.address;
    let (client, id) = a_reader(&server).await;
    for host in [to.to_string(), "localhost".into(), "[::1]".into(), "board.example".into()] {
        for more in [
            // Straight from this machine, as a proxy that adds nothing asks.
            "",
            // And as proxies, browsers and those who guess do.
            "x-forwarded-for: 192.0.2.7\r\n",
            "x-forwarded-for: 127.0.0.1\r\n",
            "forwarded: for=127.0.0.1\r\n",
            "sec-fetch-site: same-origin\r\n",
            "cookie: token=the-operators-token-of-these-tests\r\n",
            "authorization: Bearer the-operators-token-of-these-test\r\n",
            "authorization: Bearer the-operators-token-of-these-tests0\r\n",
            "authorization: Basic the-operators-token-of-these-tests\r\n",
            "authorization: the-operators-token-of-these-tests\r\n",
            "authorization: Bearer \r\n",
            "authorization: Bearer x\r\nauthorization: Bearer the-operators-token-of-these-tests\r\n",
        ] {
            let lines = format!("host: {host}\r\n{more}");
            for answer in refusals(to, id, &lines).await {
                assert_eq!(error(&answer), (401, ErrorCode::OperatorOnly), "{lines}");
                let challenge = answer.header("www-authenticate").expect("RFC 9110 asks for it");
                assert_eq!(
                    challenge.contains("invalid_token"),
                    more.starts_with("authorization"),
                    "{challenge}"
                );
                assert_eq!(answer.header("cache-control"), Some("no-store"));
                for told in [&*client.address(), "custom/x", "transport"] {
                    assert!(!answer.body.contains(told), "{lines}: {}", answer.body);
                }
            }
        }
    }
    // Pages of other sites and names that were made to point here may not even try.
    for more in [
        format!("host: {to}\r\norigin: http://evil.example"),
        format!("host: {to}\r\norigin: http://localhost:1"),
        format!("host: {to}\r\nsec-fetch-site: cross-site\r\nsec-fetch-mode: no-cors"),
        "host: evil.example".to_owned(),
    ] {
        let lines = format!("{more}\r\nauthorization: Bearer {}\r\n", support::TOKEN);
        for answer in refusals(to, id, &lines).await {
            assert_eq!(error(&answer), (403, ErrorCode::ForbiddenOrigin), "{lines}");
        }
    }
    assert_eq!(until(to, &client, |_| true).await.id, id, "and it is still there");
    server.stop().await;
}

#[tokio::test]
async fn through_nginx_the_inspector_is_closed_without_the_token_and_open_with_it() {
    let server = start_with(|config| config.hosts = vec!["board.example".parse().expect("a host")]).await;
    let (client, id) = a_reader(&server).await;
    for set in ["", "proxy_set_header Host $host;", "proxy_set_header Host localhost;"] {
        let nginx = Nginx::with(&server, set).await;
        for host in ["localhost", "127.0.0.1:3000", "board.example"] {
            let lines = format!("host: {host}\r\n");
            for answer in refusals(nginx.address, id, &lines).await {
                assert_eq!(error(&answer), (401, ErrorCode::OperatorOnly), "{set} {host}");
            }
            let head = format!("GET {PATH} HTTP/1.1\r\n{lines}authorization: Bearer {}\r\n", support::TOKEN);
            let answer = request(nginx.address, &format!("{head}connection: close\r\n\r\n")).await;
            assert_eq!(answer.status, 200, "{set} {host}: {}", answer.body);
            assert!(answer.body.contains(&client.address()), "{}", answer.body);
        }
    }
    assert_eq!(until(server.address, &client, |_| true).await.id, id, "and it is still there");
    server.stop().await;
}

#[tokio::test]
async fn what_strangers_may_read_of_operation_names_nobody() {
    let server = start().await;
    let to = server.address;
    let (client, _) = a_reader(&server).await;
    for path in ["/metrics", "/readyz", "/healthz", "/api/v1/doctor?probe=0123456789abcdef"] {
        let answer = get(to, path).await;
        for told in [&*client.address(), "custom/x", &server.data.path().display().to_string()] {
            assert!(!answer.body.contains(told), "{path}: {}", answer.body);
        }
    }
    server.stop().await;
}
