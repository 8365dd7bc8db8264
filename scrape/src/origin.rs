//! The end of an address that connections are made to.

use std::fmt;

use http::Uri;

/// Scheme, host and port of an address (RFC 6454).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) is_tls: bool,
    /// In lower case, without the brackets of an IPv6 address.
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Origin {
    /// Returns the origin of a whole address by `http` or `https`.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let is_tls = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let host = uri.host()?;
        // `Uri::port` says of a port beyond 65535 that there is none.
        let authority = uri.authority()?.as_str();
        let (_, port) = authority.rsplit_once('@').unwrap_or(("", authority)).1.split_once(host)?;
        let port = match port.strip_prefix(':').unwrap_or(port) {
            "" if is_tls => 443,
            "" => 80,
            port => port.parse().ok().filter(|port| *port != 0)?,
        };
        let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
        if host.is_empty() {
            return None;
        }
        Some(Self { is_tls, host, port })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}
