//! Sources that are not there, and requests that make no sense.

use serde_json::{Value, json};

use crate::{
    reader::{PATH, ask},
    support::{get, request, start},
};

#[tokio::test]
async fn what_cannot_be_read_is_said_before_a_stream_begins() {
    let server = start().await;
    let id = "0123456789ab";
    let container = format!("container:{id}");
    let cases: [(Value, u16, &str, &str); 12] = [
        (json!({"sources": [container]}), 404, "not_found", "no container engine"),
        (json!({"sources": ["file:nginx"]}), 404, "not_found", "nginx"),
        (json!({"sources": ["file:../../etc/shadow"]}), 422, "bad_request", "no source of lines"),
        (json!({"sources": ["journal:--file=/etc/shadow"]}), 422, "bad_request", "no source of lines"),
        (json!({"sources": []}), 400, "bad_request", "1 to 16"),
        (json!({"sources": ["file:a", "file:a"]}), 400, "bad_request", "twice"),
        (json!({"sources": ["file:a"], "tail": 100_001}), 400, "bad_request", "100000"),
        (json!({"sources": ["file:a"], "tail": -1}), 422, "bad_request", "tail"),
        (json!({"sources": ["file:a"], "pattern": "("}), 400, "bad_request", "pattern"),
        (json!({"sources": ["file:a"], "pattern": r"(\w{200}){200}"}), 400, "bad_request", "too much"),
        (json!({"sources": ["file:a"], "follow": true, "until": {"at": 1}}), 400, "bad_request", "until"),
        (json!({"sources": ["file:a"], "fast": true}), 422, "bad_request", "fast"),
    ];
    for (asked, status, code, said) in cases {
        let answer = ask(&server, &asked).await;
        assert_eq!(answer.status, status, "{asked}: {}", answer.body);
        assert!(answer.body.contains(code) && answer.body.contains(said), "{asked}: {}", answer.body);
    }
    for (path, status) in [
        ("/api/v1/hosts/elsewhere/logs", 404),
        ("/api/v1/hosts/Bad%20Name/logs", 400),
        ("/api/v1/hosts/local/logs/download", 400),
        ("/api/v1/hosts/local/logs/download?source=disk:a", 400),
        ("/api/v1/hosts/local/logs/download?source=file:a", 404),
        ("/api/v1/hosts/local/logs/download?source=file:a&since=yesterday", 400),
        ("/api/v1/hosts/local/logs/download?source=file:a&tail=99999999999999999999", 400),
    ] {
        let answer = get(server.address, path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
    }
    for (stream, status) in [("0".repeat(32), 404), ("..%2Fx".to_owned(), 400)] {
        let to = server.address;
        let text = format!("DELETE {PATH}/{stream} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n\r\n");
        assert_eq!(request(to, &text).await.status, status, "{stream}");
    }
    server.stop().await;
}
