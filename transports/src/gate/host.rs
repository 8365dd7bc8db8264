//! Names of this server: as the settings give them, and as requests do.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A host name or address without port, in the form in which browsers send it: lower case, ASCII (IDNA, UTS #46), without a dot at its
/// end; IPv6 in brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostName(String);

/// The reason for which a text names no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHostName {
    /// The text says how to get there, too.
    #[error("{0:?} is an address of a page: write its host alone, like board.example")]
    Url(String),
    /// The text stands for many hosts.
    #[error("{0:?} has a wildcard: write each name of the server in full")]
    Wildcard(String),
    /// The text is no name.
    #[error("{0:?} is no host name")]
    Invalid(String),
}

/// DNS has no longer names (RFC 1035 §2.3.4).
const LONGEST: usize = 253;

impl HostName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in a `Host` or an authority, whose port says nothing; `None` where there is none.
    #[must_use]
    pub fn of_authority(authority: &str) -> Option<Self> {
        authority.parse().ok()
    }

    /// Reports that it is a name of the reader's own machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.0 == "localhost" || self.address().is_some_and(|address| address.to_canonical().is_loopback())
    }

    /// Reports that it is an IP address.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.address().is_some()
    }

    fn address(&self) -> Option<IpAddr> {
        self.0.trim_matches(['[', ']']).parse().ok()
    }
}

impl FromStr for HostName {
    type Err = BadHostName;

    /// A port behind it is taken away.
    fn from_str(text: &str) -> Result<Self, BadHostName> {
        let short = || text.chars().take(80).collect::<String>();
        let invalid = || BadHostName::Invalid(short());
        if text.contains('/') {
            return Err(BadHostName::Url(short()));
        }
        if text.contains('*') {
            return Err(BadHostName::Wildcard(short()));
        }
        // In settings an IPv6 address may stand without brackets; it has no port then.
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Ok(Self(format!("[{address}]")));
        }
        if let Some(rest) = text.strip_prefix('[') {
            let (address, port) = rest.split_once(']').ok_or_else(invalid)?;
            let address: Ipv6Addr = address.parse().map_err(|_| invalid())?;
            return if is_port(port) { Ok(Self(format!("[{address}]"))) } else { Err(invalid()) };
        }
        let end = text.find(':').unwrap_or(text.len());
        let (name, port) = text.split_at(end);
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.is_empty() || !is_port(port) {
            return Err(invalid());
        }
        let name =
            idna::domain_to_ascii_cow(name.as_bytes(), idna::AsciiDenyList::URL).map_err(|_| invalid())?;
        let whole = !name.is_empty()
            && name.len() <= LONGEST
            && name.split('.').all(|label| (1..=63).contains(&label.len()));
        if whole { Ok(Self(name.into_owned())) } else { Err(invalid()) }
    }
}

/// Reports that the text is empty, or a colon and a port (which may be left out, RFC 3986 §3.2.3).
fn is_port(text: &str) -> bool {
    let Some(port) = text.strip_prefix(':') else { return text.is_empty() };
    port.is_empty() || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for HostName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HostName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_for_a_host_becomes_what_browsers_send() {
        for (text, host) in [
            ("board.example", "board.example"),
            ("Board.Example:8443", "board.example"),
            ("board.example.", "board.example"),
            ("board.example.:443", "board.example"),
            ("board.example:", "board.example"),
            ("보드.한국", "xn--hy1bm7m.xn--3e0b707e"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("my_nas", "my_nas"),
            ("192.168.0.7:3000", "192.168.0.7"),
            ("2001:DB8::7", "[2001:db8::7]"),
            ("[2001:db8:0:0::7]:443", "[2001:db8::7]"),
        ] {
            assert_eq!(text.parse::<HostName>().map(|host| host.to_string()), Ok(host.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_names_no_host_is_told_why() {
        let why = |text: &str| text.parse::<HostName>().expect_err(text);
        for text in ["https://board.example", "board.example/path", "//board"] {
            assert!(matches!(why(text), BadHostName::Url(_)), "{text}");
        }
        assert!(matches!(why("*.lan"), BadHostName::Wildcard(_)));
        let long = "x".repeat(64);
        for text in [
            "",
            ".",
            "a b",
            " board",
            "a..b",
            ":80",
            "board:http",
            "board:80:81",
            "board:99999",
            "[::1",
            "[::1]x",
            "a@b",
            "a?b",
            "a#b",
            "a\\b",
            &long,
        ] {
            assert!(matches!(why(text), BadHostName::Invalid(_)), "{text}");
        }
    }

    #[test]
    fn names_of_the_readers_own_machine_are_loopback() {
        let is = |text: &str| text.parse::<HostName>().expect(text).is_loopback();
        for text in [
            "localhost",
            "LOCALHOST.:3000",
            "127.0.0.1:3000",
            "127.8.0.1",
            "[::1]:3000",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(is(text), "{text}");
        }
        for text in ["localhost.evil.example", "192.168.0.1", "[::2]", "board.example"] {
            assert!(!is(text), "{text}");
        }
    }
}
