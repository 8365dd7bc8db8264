//! Ports.

use probe::{ProbeFault, ProbeKind, TcpProbe};
use tokio::net::TcpListener;

use crate::support::{LONG, closed_port, code, run};

fn tcp(address: impl ToString) -> ProbeKind {
    ProbeKind::Tcp(TcpProbe { address: address.to_string() })
}

#[tokio::test]
async fn a_port_that_listens_is_up() {
    for ip in ["127.0.0.1", "[::1]"] {
        let listener = TcpListener::bind(format!("{ip}:0")).await.expect("a port");
        let outcome = run(tcp(listener.local_addr().expect("an address")), LONG).await;
        assert_eq!(code(&outcome), "up", "{ip}");
        assert!(outcome.latency_ms.is_some() && outcome.timings.connect_ms.is_some());
    }
}

#[tokio::test]
async fn a_port_at_which_nothing_listens_is_down() {
    let outcome = run(tcp(closed_port().await), LONG).await;
    assert_eq!(outcome.why, Some(ProbeFault::ConnectionRefused));
    assert_eq!((outcome.latency_ms, outcome.timings.connect_ms), (None, None));
}

#[tokio::test]
async fn a_name_of_no_one_does_not_resolve() {
    // RFC 6761 (6.4) keeps `invalid` free. A machine whose name servers are away cannot know that.
    let outcome = run(tcp("nobody.invalid:80"), LONG).await;
    assert!(matches!(code(&outcome), "no_such_name" | "resolver_failed" | "timeout"), "{outcome:?}");
}
