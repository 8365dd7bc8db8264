//! The calls by which tests make things happen. The crate itself only reads.

use std::{
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

use serde_json::Value;

/// No call takes longer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends a request and returns the status and the body as it stands on the wire.
pub(super) fn request(
    socket: &Path,
    method: &str,
    target: &str,
    content_type: &str,
    body: &[u8],
) -> (u16, String) {
    let mut stream = UnixStream::connect(socket).expect("the engine listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time that is not zero");
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {content_type}\r\nX-Registry-Auth: e30=\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("the engine reads");
    stream.write_all(body).expect("the engine reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap_or_else(|error| panic!("{method} {target}: {error}"));
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("{method} {target}: {answer}")), answer)
}

/// Sends a call that has to succeed.
pub(super) fn call(socket: &Path, method: &str, target: &str, body: &Value) -> String {
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let (status, answer) = request(socket, method, target, "application/json", text.as_bytes());
    assert!((200..400).contains(&status), "{method} {target}: {answer}");
    answer
}
