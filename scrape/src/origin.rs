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

#[cfg(test)]
mod tests {
    use super::Origin;

    fn of(uri: &str) -> Option<(bool, String, u16)> {
        Origin::of(&uri.parse().ok()?).map(|origin| (origin.is_tls, origin.host, origin.port))
    }

    #[test]
    fn an_address_has_one_end() {
        let origin = |is_tls, host: &str, port| Some((is_tls, host.to_owned(), port));
        assert_eq!(of("http://DB1.example.org/metrics"), origin(false, "db1.example.org", 80));
        assert_eq!(of("https://db1.example.org:/"), origin(true, "db1.example.org", 443));
        assert_eq!(of("http://[::1]:9100/"), origin(false, "::1", 9100));
        assert_eq!(of("http://[::1]"), origin(false, "::1", 80));
        assert_eq!(of("http://9100@9100:9100/"), origin(false, "9100", 9100));
        assert_eq!(Origin::of(&"http://[::1]:9100/".parse().unwrap()).unwrap().to_string(), "[::1]:9100");
    }

    #[test]
    fn what_cannot_be_connected_to_is_none() {
        for uri in
            ["http://a:0/", "http://a:65536/", "http://a:99999999999/", "/metrics", "ftp://a/", "http://:80/"]
        {
            assert_eq!(of(uri), None, "{uri}");
        }
    }
}
