//! Requests of all kinds, and what each must be answered.

use rand::{Rng, rngs::SmallRng};

use crate::answers::Answer;

/// A request as bytes, with what is known of its answer.
pub struct Request {
    pub bytes: Vec<u8>,
    pub expected: Expected,
    /// Asked with HEAD.
    pub head: bool,
}

#[derive(Debug, Clone)]
pub enum Expected {
    /// One of these statuses, and this text in the body.
    Answer(Vec<u16>, String),
    /// A body without end: nothing after it is answered.
    Stream,
    /// Not a request: an answer of these or none, and the end.
    Broken(Vec<u16>),
}

impl Expected {
    pub fn is_met_by(&self, answer: &Answer) -> bool {
        match self {
            Self::Answer(statuses, text) => statuses.contains(&answer.status) && answer.text().contains(text),
            Self::Stream => answer.status == 200,
            Self::Broken(statuses) => statuses.contains(&answer.status) && answer.closes(),
        }
    }
}

/// A request that must never be answered: its answer would name it.
const SMUGGLED: &str = "POST /live/send HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 52\r\n\r\n\
     {\"id\":\"smuggled\",\"topic\":\"custom/smuggled\",\"data\":1}";
/// The mark of an answer to it.
pub const MARK: &str = "smuggled";

/// The next request of a connection; `nth` names it. Behind a proxy some bytes are the proxy's to answer, and are left out.
pub fn any(rng: &mut SmallRng, nth: u64, proxied: bool) -> Request {
    let answer = |statuses: &[u16], text: &str| Expected::Answer(statuses.to_vec(), text.to_owned());
    let mut request = match rng.random_range(0..if proxied { 15 } else { 22 }) {
        0 | 1 => plain(rng, "GET /healthz", answer(&[200], "ok\n")),
        2 => plain(rng, "HEAD /healthz", answer(&[200], "")),
        3 => plain(rng, "GET /nowhere", answer(&[404], "")),
        4 => plain(rng, "OPTIONS /live/sse", answer(&[200, 204], "")),
        5 | 6 => send(rng, nth),
        7 => plain(rng, "GET /live/poll?topics=custom/x", answer(&[200], "welcome")),
        8 => plain(rng, "GET /live/long-poll?topics=custom/x", answer(&[200], "welcome")),
        9 => plain(rng, "GET /live/poll?topics=%20", answer(&[400], "")),
        10 => plain(rng, "GET /socket.io/?EIO=4&transport=polling", answer(&[200], "\"sid\"")),
        11 => plain(rng, "GET /live/ws", answer(&[426], "")),
        12 => with_body(rng, "GET /live/poll?topics=custom/x", answer(&[400], "")),
        13 => with_body(rng, "GET /live/long-poll?topics=custom/x&wait=1", answer(&[400], "")),
        14 => with_body(rng, "GET /healthz", answer(&[200], "ok\n")),
        15 => with_body(rng, "OPTIONS /live/stream", answer(&[200, 204], "")),
        16 => with_body(rng, "GET /live/sse?topics=custom/x", answer(&[400], "")),
        17 => plain(rng, "GET /live/stream?topics=custom/x", Expected::Stream),
        18 => raw(
            "\r\n\r\n",
            "GET http://localhost/healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
            answer(&[200], "ok\n"),
        ),
        19 => raw("", "GET /healthz HTTP/1.1\r\n\r\n", answer(&[400], "")),
        20 => raw(
            "",
            "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n\r\n",
            answer(&[200], "ok\n"),
        ),
        _ => raw("", BROKEN[rng.random_range(0..BROKEN.len())], Expected::Broken(vec![400, 505])),
    };
    request.head = request.bytes.starts_with(b"HEAD");
    request
}

/// The last request of a connection.
pub fn last() -> Request {
    let expected = Expected::Answer(vec![200], "ok\n".into());
    raw("", "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", expected)
}

/// Bytes that are no request, or a request of unknown length.
const BROKEN: [&str; 7] = [
    "GET /healthz\r\n\r\n",
    "GET /healthz HTTP/3.0\r\nhost: localhost\r\n\r\n",
    "G\u{0}T /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nhost : localhost\r\n\r\n",
    "POST /live/send HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    "POST /live/send HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: gzip\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}",
];

fn raw(before: &str, text: &str, expected: Expected) -> Request {
    Request { bytes: format!("{before}{text}").into_bytes(), expected, head: false }
}

fn plain(rng: &mut SmallRng, line: &str, expected: Expected) -> Request {
    let more = [
        "",
        "accept: */*\r\n",
        "content-length: 0\r\n",
        "x-long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
    ];
    let more = more[rng.random_range(0..more.len())];
    raw("", &format!("{line} HTTP/1.1\r\nhost: localhost\r\n{more}\r\n"), expected)
}

/// A message with a name of its own, which its answer repeats.
fn send(rng: &mut SmallRng, nth: u64) -> Request {
    let id = format!("fuzz-{nth:012}");
    let body = format!(
        r#"{{"id":"{id}","topic":"custom/nobody","data":"{}"}}"#,
        "x".repeat(rng.random_range(0..200))
    );
    let head = "POST /live/send HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    let text = if rng.random_bool(0.5) {
        format!("{head}content-length: {}\r\n\r\n{body}", body.len())
    } else {
        let (one, two) = body.split_at(rng.random_range(1..body.len()));
        format!(
            "{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:X};a=b\r\n{two}\r\n0\r\n\r\n",
            one.len(),
            two.len()
        )
    };
    raw("", &text, Expected::Answer(vec![200, 400, 403, 404], id))
}

fn with_body(rng: &mut SmallRng, line: &str, expected: Expected) -> Request {
    let times = if rng.random_bool(0.1) { 120 } else { rng.random_range(1..3) };
    let body = SMUGGLED.repeat(times);
    let text = if rng.random_bool(0.5) {
        format!("content-length: {}\r\n\r\n{body}", body.len())
    } else {
        format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
    };
    raw("", &format!("{line} HTTP/1.1\r\nhost: localhost\r\n{text}"), expected)
}
