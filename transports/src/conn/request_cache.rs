//! A cache of one request. A client that polls sends the same head again and again, but for the position in its
//! query: once hyper and the gate have accepted a head, one that is equal to it byte by byte need not be parsed and
//! checked again.

use std::ops::Range;

use axum::http::Extensions;
use bytes::Bytes;

/// The bytes of a whole request without a body, read before hyper was given them.
#[derive(Debug, Clone)]
pub(super) struct RequestHead(Bytes);

/// A head that was accepted, and where its query stands in it.
#[derive(Debug)]
pub(super) struct CachedRequest {
    head: Bytes,
    query: Range<usize>,
}

/// A head of so many bytes is not worth remembering.
const LONGEST: usize = 4096;

/// Has the next requests on a connection come through the router as well, even if they are equal to the one with these
/// extensions: for a layer that looks at each.
pub fn bypass_request_cache(extensions: &mut Extensions) {
    extensions.remove::<RequestHead>();
}

impl RequestHead {
    /// Returns the head if `bytes` are one head, all of it and nothing more.
    pub(super) fn of(bytes: &Bytes) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        // A copy: the buffer that it was read into is larger.
        (end == bytes.len() && end <= LONGEST).then(|| Self(Bytes::copy_from_slice(bytes)))
    }

    /// Makes a cache entry of a request that was accepted with this head and has no body.
    pub(super) fn accepted(self) -> Option<CachedRequest> {
        let Self(head) = self;
        let target = b"GET /".len();
        let from = head.starts_with(b"GET /").then(|| position(&head, target, b'?'))?? + 1;
        let to = position(&head, target, b' ').filter(|&to| to >= from)?;
        Some(CachedRequest { head, query: from..to })
    }
}

impl CachedRequest {
    /// The query of a request that differs in nothing else.
    pub(super) fn query<'a>(&self, request: &'a [u8]) -> Option<&'a str> {
        let (before, after) = (&self.head[..self.query.start], &self.head[self.query.end..]);
        let query = request.strip_prefix(before)?.strip_suffix(after)?;
        // Other bytes there are hyper's to judge, and with them the place where the query ends.
        query.iter().copied().all(in_query).then(|| std::str::from_utf8(query).ok())?
    }
}

fn position(bytes: &[u8], from: usize, byte: u8) -> Option<usize> {
    bytes[from..].iter().position(|&here| here == byte).map(|at| from + at)
}

/// RFC 3986 §3.4, without what no client of ours sends.
fn in_query(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%&=,/:+".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str = "GET /live/poll?topics=a HTTP/1.1\r\nhost: localhost\r\n\r\n";

    fn cached(head: &'static str) -> Option<CachedRequest> {
        RequestHead::of(&Bytes::from_static(head.as_bytes()))?.accepted()
    }

    #[test]
    fn only_another_query_is_the_same_question() {
        let cached = cached(ASKED).expect("a question");
        let asked = |request: &str| cached.query(request.as_bytes()).map(str::to_owned);
        assert_eq!(asked(ASKED).as_deref(), Some("topics=a"));
        assert_eq!(
            asked(&ASKED.replace("s=a", "s=a%2Fb&since=1-9")).as_deref(),
            Some("topics=a%2Fb&since=1-9")
        );
        assert_eq!(asked(&ASKED.replace("topics=a", "")).as_deref(), Some(""));
        for other in [
            ASKED.replace("GET", "PUT"),
            ASKED.replace("poll", "sse"),
            ASKED.replace("localhost", "elsewhere"),
            ASKED.replace("host:", "Host:"),
            ASKED.replace("/1.1", "/1.0"),
            ASKED.replace("\r\n\r\n", "\r\norigin: http://elsewhere\r\n\r\n"),
            ASKED.replace("=a", "=a b"),
            ASKED.replace("=a", "=a HTTP/1.1\r\nhost: elsewhere\r\n\r\nGET /live/poll?a"),
            ASKED.replace("=a", "=a#b"),
            ASKED.replace("=a", "=ä"),
            ASKED.replace("?topics=a", ""),
            ASKED.trim_end().to_owned(),
            format!("{ASKED}GET /"),
            String::new(),
        ] {
            assert_eq!(asked(&other), None, "{other:?}");
        }
    }

    #[test]
    fn what_is_not_one_whole_question_is_not_remembered() {
        for head in [
            "GET /live/poll HTTP/1.1\r\nhost: a?b\r\n\r\n",
            "GET http://localhost/live/poll?a HTTP/1.1\r\n\r\n",
            "POST /live/send?a HTTP/1.1\r\n\r\n",
            "\r\nGET /live/poll?a HTTP/1.1\r\n\r\n",
            "GET /live/poll?a HTTP/1.1\r\nhost: a",
            "GET /live/poll?a HTTP/1.1\r\n\r\nGET /live/poll?a HTTP/1.1\r\n\r\n",
            "GET /live/poll?a HTTP/1.1\n\n",
            "",
        ] {
            assert!(cached(head).is_none(), "{head:?}");
        }
    }
}
