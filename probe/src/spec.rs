//! A check that can be run: its kind, and its bounds.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    HttpMethod, HttpProbe, ProbeKind,
    endpoint::{dns_name, host_and_port, host_of, name_server},
};

/// The shortest time for an attempt.
pub const MIN_TIMEOUT: Duration = Duration::from_millis(100);
/// The longest time for an attempt.
pub const MAX_TIMEOUT: Duration = Duration::from_secs(60);
/// The most attempts after the first.
pub const MAX_RETRIES: u8 = 5;

/// The longest text of a spec, in bytes.
const MAX_TEXT: usize = 2048;

/// A check that makes sense: each value of this type has been validated, also one that was deserialized.
///
/// In serde's formats: `{ "kind": { "type": "tcp", "address": "db:5432" }, "timeout_ms": 5000, "retries": 1 }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawSpec", into = "RawSpec")]
pub struct ProbeSpec {
    kind: ProbeKind,
    timeout: Duration,
    retries: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpec {
    kind: ProbeKind,
    timeout_ms: u64,
    #[serde(default)]
    retries: u8,
}

/// The reason why a check makes no sense, as a sentence for the person who has set it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecError {
    /// An attempt would end too soon or too late.
    #[error("The timeout must be from 100 ms to 60 s.")]
    Timeout,
    /// More retries than anyone should wait for.
    #[error("There may be at most {MAX_RETRIES} retries.")]
    Retries,
    /// A text is longer than any should be.
    #[error("A text has more than {MAX_TEXT} bytes.")]
    TextTooLong,
    /// The address is none of the web.
    #[error("`{0}` is not an address such as https://example.org/health.")]
    BadUrl(String),
    /// The address is of another scheme.
    #[error("The address must begin with http:// or https://, not with {0}:.")]
    Scheme(String),
    /// The address has a user's name or a password, which would be shown with it.
    #[error("The address may not have a user name or a password.")]
    Credentials,
    /// The keyword has no letters.
    #[error("The keyword is empty.")]
    EmptyKeyword,
    /// A body without a keyword is asked for, and there is no keyword.
    #[error("A keyword that must be absent needs a keyword.")]
    NoKeyword,
    /// The answer to HEAD has no body.
    #[error("A keyword needs the method GET: the answer to HEAD has no body.")]
    KeywordOfHead,
    /// A certificate is asked of an address without TLS.
    #[error("Days of a certificate need an address that begins with https://.")]
    NoCertificate,
    /// The address has no host or no port.
    #[error("`{0}` is not a host and a port such as db.example.org:5432 or [2001:db8::7]:22.")]
    BadAddress(String),
    /// The host is neither a name nor an IP address.
    #[error("`{0}` is not the name of a host and not an IP address.")]
    BadHost(String),
    /// The name cannot stand in a question to a name server.
    #[error("`{0}` is not a name that DNS can be asked for.")]
    BadName(String),
    /// The name server is not an IP address.
    #[error("`{0}` is not the IP address of a name server, such as 192.0.2.53 or [2001:db8::53]:5353.")]
    BadServer(String),
    /// The expected answer has no letters.
    #[error("The expected answer is empty.")]
    EmptyAnswer,
}

impl ProbeSpec {
    /// Makes a check of a kind. Each attempt ends after `timeout`, and a failed one is followed by at most `retries` others.
    ///
    /// # Errors
    /// When the check makes no sense.
    pub fn new(kind: ProbeKind, timeout: Duration, retries: u8) -> Result<Self, SpecError> {
        if !(MIN_TIMEOUT..=MAX_TIMEOUT).contains(&timeout) {
            return Err(SpecError::Timeout);
        }
        if retries > MAX_RETRIES {
            return Err(SpecError::Retries);
        }
        validate(&kind)?;
        Ok(Self { kind, timeout, retries })
    }

    /// The kind of the check.
    #[must_use]
    pub fn kind(&self) -> &ProbeKind {
        &self.kind
    }

    /// The time after which an attempt ends.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The number of attempts after the first, if that fails.
    #[must_use]
    pub fn retries(&self) -> u8 {
        self.retries
    }
}

impl TryFrom<RawSpec> for ProbeSpec {
    type Error = SpecError;

    fn try_from(raw: RawSpec) -> Result<Self, SpecError> {
        Self::new(raw.kind, Duration::from_millis(raw.timeout_ms), raw.retries)
    }
}

impl From<ProbeSpec> for RawSpec {
    fn from(spec: ProbeSpec) -> Self {
        let timeout_ms = u64::try_from(spec.timeout.as_millis()).unwrap_or(u64::MAX);
        Self { kind: spec.kind, timeout_ms, retries: spec.retries }
    }
}

fn validate(kind: &ProbeKind) -> Result<(), SpecError> {
    let texts = match kind {
        ProbeKind::Http(http) => [Some(&http.url), http.keyword.as_ref(), None],
        ProbeKind::Tcp(tcp) => [Some(&tcp.address), None, None],
        ProbeKind::Icmp(icmp) => [Some(&icmp.host), None, None],
        ProbeKind::Dns(dns) => [Some(&dns.name), dns.server.as_ref(), dns.expect.as_ref()],
    };
    if texts.into_iter().flatten().any(|text| text.len() > MAX_TEXT) {
        return Err(SpecError::TextTooLong);
    }
    match kind {
        ProbeKind::Http(http) => validate_http(http),
        ProbeKind::Tcp(tcp) => match host_and_port(&tcp.address) {
            Some(_) => Ok(()),
            None => Err(SpecError::BadAddress(tcp.address.clone())),
        },
        ProbeKind::Icmp(icmp) => match host_of(&icmp.host) {
            Some(_) => Ok(()),
            None => Err(SpecError::BadHost(icmp.host.clone())),
        },
        ProbeKind::Dns(dns) => {
            if dns_name(&dns.name).is_none() {
                return Err(SpecError::BadName(dns.name.clone()));
            }
            if let Some(server) = dns.server.as_ref().filter(|server| name_server(server).is_none()) {
                return Err(SpecError::BadServer(server.clone()));
            }
            if dns.expect.as_ref().is_some_and(|expected| expected.trim().is_empty()) {
                return Err(SpecError::EmptyAnswer);
            }
            Ok(())
        }
    }
}

fn validate_http(http: &HttpProbe) -> Result<(), SpecError> {
    let url = Url::parse(http.url.trim()).map_err(|_| SpecError::BadUrl(http.url.clone()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(SpecError::Scheme(url.scheme().to_owned()));
    }
    if url.port() == Some(0) {
        return Err(SpecError::BadUrl(http.url.clone()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(SpecError::Credentials);
    }
    match &http.keyword {
        Some(keyword) if keyword.is_empty() => return Err(SpecError::EmptyKeyword),
        Some(_) if http.method == HttpMethod::Head => return Err(SpecError::KeywordOfHead),
        None if http.keyword_absent => return Err(SpecError::NoKeyword),
        _ => {}
    }
    // A redirect may lead from http to https, so that a certificate is seen only then.
    if http.days_left.is_some() && url.scheme() == "http" && !http.follow_redirects {
        return Err(SpecError::NoCertificate);
    }
    Ok(())
}
