//! The result of a check.

use crate::ProbeFault;

/// The result of a check: up or down, and what was measured in the last attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbeOutcome {
    /// The target did all that the check asks for.
    pub is_up: bool,
    /// Time from the beginning of the last attempt to its verdict, in milliseconds, with the lookup of the name. `None` when there was no answer.
    pub latency_ms: Option<f64>,
    /// The reason why it counts as down.
    pub why: Option<ProbeFault>,
    /// Whole days until the certificate ends, rounded down: negative when it has. Of several, by redirects, the one that ends first. It is
    /// known also of a certificate that was refused.
    pub certificate_days_left: Option<i64>,
    /// Times of the last attempt's parts.
    pub timings: ProbeTimings,
    /// Number of attempts, from 1.
    pub attempts: u8,
}

/// Times of the parts of an attempt, in milliseconds. A part that was not reached has none; over redirects they are added up.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ProbeTimings {
    /// The lookup of the name by the system. `None` for an IP address.
    pub resolve_ms: Option<f64>,
    /// The connection over TCP, over all addresses that were tried.
    pub connect_ms: Option<f64>,
    /// The handshake of TLS.
    pub tls_ms: Option<f64>,
    /// From the request to the head of the answer; to the echo; to the answer of the name server.
    pub answer_ms: Option<f64>,
}
