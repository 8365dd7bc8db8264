//! The doctor: what the server tells a page of how the page's own requests reached it. Beside what the page saw of them itself it
//! shows what was done to them on the way.

use serde::{Deserialize, Serialize};

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestLogEntry {
    /// Its method.
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// The time, by the server's clock: milliseconds since 1970, with their fraction.
    pub at: f64,
    /// The version of HTTP it came in: `HTTP/1.0`, `HTTP/1.1`, `HTTP/2.0`.
    pub http: String,
    /// The host that it asks for (RFC 9110 §7.2), if it names one.
    pub host: Option<String>,
    /// Which protocol it wants to change to (RFC 9110 §7.8), where it does.
    pub upgrade: Option<String>,
    /// The proxies that name themselves in it (RFC 9110 §7.6.3), if any do.
    pub via: Option<String>,
    /// The names of other headers that proxies add; what stands in them is not repeated.
    #[serde(default)]
    pub marks: Vec<String>,
}

/// The client, as the server understands it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Asker {
    /// The client's address; with its port where that is known.
    pub address: String,
    /// The `Host` that a trusted proxy was asked for, where it tells.
    pub host: Option<String>,
    /// The scheme by which a trusted proxy was asked, where it tells.
    pub scheme: Option<String>,
    /// The source of the address.
    pub source: AddressSource,
}

/// The source of a client's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AddressSource {
    /// The socket, or the PROXY protocol with which it began.
    Socket,
    /// The header `Forwarded` of a trusted proxy.
    Forwarded,
    /// The header `X-Forwarded-For` of a trusted proxy.
    XForwardedFor,
}

/// The server's answer to `GET /api/v1/doctor?probe=ID`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProbeReport {
    /// This request itself, as it arrived.
    pub this: RequestLogEntry,
    /// The client of this request.
    #[serde(default)]
    pub asker: Option<Asker>,
    /// The probe's requests as they arrived, the earliest first.
    pub arrivals: Vec<RequestLogEntry>,
    /// The server itself speaks TLS.
    pub tls: bool,
    /// The address at which the server listens; a proxy before it passes requests on to it.
    pub listen: String,
    /// The longest silence between two words of a live connection, milliseconds.
    pub heartbeat_ms: u64,
}

/// The time for which a silent answer may be asked to stay silent, milliseconds.
pub const SILENCE_MS: std::ops::RangeInclusive<u64> = 100..=120_000;
