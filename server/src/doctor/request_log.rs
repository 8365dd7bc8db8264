//! Which requests of a probe arrived, and how.

use std::{collections::VecDeque, sync::Arc};

use axum::http::{HeaderMap, HeaderName, Method, Uri, Version, header, request::Parts};
use common::{doctor::RequestLogEntry, lab::LabId};
use parking_lot::Mutex;

/// So many arrivals are remembered, those of all probes together: some thirty for each page that is examined.
const KEPT: usize = 1024;
/// So much of a header is repeated.
const LONGEST: usize = 120;
/// Headers that proxies add beside `Via`, as docs/proxies.md lists them.
const MARKS: [&str; 8] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-server",
    "x-varnish",
    "x-host",
    "client-ip",
];
/// A ring of the most recent requests of probes.
#[derive(Debug, Clone, Default)]
pub(super) struct RequestLog(Arc<Mutex<VecDeque<(LabId, RequestLogEntry)>>>);

impl RequestLog {
    /// Remembers it instead of the oldest.
    pub(super) fn record(&self, probe: LabId, arrival: RequestLogEntry) {
        let mut seen = self.0.lock();
        if seen.len() == KEPT {
            seen.pop_front();
        }
        seen.push_back((probe, arrival));
    }

    /// Those of one probe, the earliest first.
    pub(super) fn of(&self, probe: &LabId) -> Vec<RequestLogEntry> {
        let seen = self.0.lock();
        seen.iter().filter(|(of, _)| of == probe).map(|(_, arrival)| arrival.clone()).collect()
    }
}

/// Describes the request that these parts belong to, and that came at a moment, milliseconds since 1970.
pub(super) fn of_parts(parts: &Parts, at: f64) -> RequestLogEntry {
    arrival(&parts.method, &parts.uri, parts.version, &parts.headers, at)
}

/// Describes a request by what of its head matters here.
pub(super) fn arrival(
    method: &Method,
    uri: &Uri,
    version: Version,
    headers: &HeaderMap,
    at: f64,
) -> RequestLogEntry {
    let short = |text: &str| text.chars().take(LONGEST).collect::<String>();
    let told = |name: HeaderName| headers.get(name)?.to_str().ok().map(short);
    RequestLogEntry {
        method: short(method.as_str()),
        path: short(uri.path()),
        at,
        http: format!("{version:?}"),
        // HTTP/2 says it in the address.
        host: told(header::HOST).or_else(|| uri.authority().map(|authority| short(authority.as_str()))),
        upgrade: told(header::UPGRADE),
        via: told(header::VIA),
        marks: MARKS
            .iter()
            .filter(|name| headers.contains_key(**name))
            .map(|&name| name.to_owned())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> LabId {
        format!("{n:0>16}").parse().expect("a name")
    }

    #[test]
    fn a_probe_is_told_of_its_own_requests_in_their_order() {
        let witness = RequestLog::default();
        for (of, path) in [(1, "/live/ws"), (2, "/live/sse"), (1, "/live/silence")] {
            witness.record(
                id(of),
                arrival(&Method::GET, &Uri::from_static(path), Version::HTTP_10, &HeaderMap::new(), 1.0),
            );
        }
        let paths: Vec<_> = witness.of(&id(1)).into_iter().map(|seen| (seen.path, seen.http)).collect();
        assert_eq!(paths, ["/live/ws", "/live/silence"].map(|path| (path.to_owned(), "HTTP/1.0".to_owned())));
    }

    #[test]
    fn it_does_not_grow() {
        let witness = RequestLog::default();
        for n in 0..KEPT * 2 {
            witness.record(
                id(n),
                arrival(
                    &Method::GET,
                    &Uri::from_static("/live/ws"),
                    Version::HTTP_11,
                    &HeaderMap::new(),
                    1.0,
                ),
            );
        }
        assert_eq!(witness.0.lock().len(), KEPT);
        assert_eq!((witness.of(&id(KEPT - 1)).len(), witness.of(&id(KEPT)).len()), (0, 1));
    }

    #[test]
    fn a_long_header_is_cut_and_one_that_is_no_text_is_left_out() {
        let mut headers = HeaderMap::new();
        headers.insert(header::VIA, "x".repeat(5000).parse().expect("a value"));
        headers.insert(header::UPGRADE, vec![0xff_u8].try_into().expect("a value"));
        let seen = arrival(
            &Method::GET,
            &Uri::from_static("https://a.example/live/ws"),
            Version::HTTP_2,
            &headers,
            1.0,
        );
        assert_eq!((seen.via.map(|via| via.len()), seen.upgrade), (Some(LONGEST), None));
        assert_eq!((seen.host.as_deref(), &*seen.http), (Some("a.example"), "HTTP/2.0"));
    }
}
