//! The layer that looks at the requests of probes as they arrive.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use common::lab::LabId;
use transports::conn::bypass_request_cache;

use super::{request_log::arrival, state::Doctor};

/// The parameter that marks the requests of a probe.
const MARK: &str = "probe";
/// The addresses whose requests are looked at.
const LIVE: [&str; 2] = ["/live/", "/socket.io/"];

/// Looks at each live request before it is answered, however it is answered: polls, too, that are else answered without the router.
pub(super) async fn record_request(
    State(doctor): State<Doctor>,
    mut request: Request,
    next: Next,
) -> Response {
    let uri = request.uri();
    if LIVE.iter().any(|path| uri.path().starts_with(path))
        && let Some(probe) = uri.query().and_then(probe)
    {
        let now = doctor.now_ms();
        let arrival = arrival(request.method(), uri, request.version(), request.headers(), now);
        doctor.request_log.record(probe, arrival);
        bypass_request_cache(request.extensions_mut());
    }
    next.run(request).await
}

/// The probe that a query names.
fn probe(query: &str) -> Option<LabId> {
    // Nothing that may stand in a name has to be decoded.
    query.split('&').find_map(|pair| pair.strip_prefix(MARK)?.strip_prefix('='))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_marks_a_probe() {
        assert_eq!(probe("topics=a&probe=0123456789abcdef"), "0123456789abcdef".parse().ok());
        for query in ["", "topics=a", "probe=", "probe=SHORT", "probes=0123456789abcdef"] {
            assert_eq!(probe(query), None, "{query}");
        }
    }
}
