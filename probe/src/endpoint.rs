//! Hosts and ports as people write them.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use url::Host;

/// Reads a name or an IP address, with or without brackets. Names of other alphabets become ASCII (UTS 46).
pub(crate) fn host_of(text: &str) -> Option<Host> {
    let text = text.trim();
    if let Ok(address) = text.parse::<Ipv6Addr>() {
        return Some(Host::Ipv6(address));
    }
    Host::parse(text).ok().filter(|host| !matches!(host, Host::Domain(name) if !is_name(name)))
}

/// Says that a name can stand in a question to a name server: at most 253 letters, and labels of 1 to 63 (RFC 1035, 2.3.4).
pub(crate) fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()))
}

/// Reads a name that DNS can be asked for. Other alphabets become ASCII (UTS 46); underscores and a lone asterisk may stand in it.
pub(crate) fn dns_name(text: &str) -> Option<String> {
    let text = text.trim();
    let name = if text.is_ascii() { text.to_owned() } else { idna::domain_to_ascii(text).ok()? };
    (is_name(&name) && name.bytes().all(|byte| byte.is_ascii_graphic())).then_some(name)
}

/// Reads a host and a port, which is not 0.
pub(crate) fn host_and_port(text: &str) -> Option<(Host, u16)> {
    let (host, port) = text.trim().rsplit_once(':')?;
    // An IPv6 address without brackets has its last group in place of a port.
    if host.contains(':') && !host.starts_with('[') {
        return None;
    }
    let port = port.parse().ok().filter(|port| *port != 0)?;
    Some((host_of(host)?, port))
}

/// Reads the address of a name server, whose port is 53 where none is named.
pub(crate) fn name_server(text: &str) -> Option<SocketAddr> {
    let text = text.trim();
    if let Ok(address) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Some(SocketAddr::new(address, 53));
    }
    text.parse().ok().filter(|address: &SocketAddr| address.port() != 0)
}

#[cfg(test)]
mod tests {
    use super::{host_and_port, host_of, name_server};

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for (text, host) in [
            ("db.example.org", "db.example.org"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("192.0.2.7", "192.0.2.7"),
            ("::1", "[::1]"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(host_of(text).map(|host| host.to_string()).as_deref(), Some(host), "{text}");
        }
        let long = "a".repeat(64);
        for text in ["", " ", "a b", "a/b", "a..b", "[::1", "1.2.3.4.5", "http://a", &long] {
            assert_eq!(host_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_port_follows_the_host() {
        let read = |text| host_and_port(text).map(|(host, port)| (host.to_string(), port));
        assert_eq!(read("db:5432"), Some(("db".into(), 5432)));
        assert_eq!(read("[::1]:22"), Some(("[::1]".into(), 22)));
        for text in ["db", "db:", ":22", "db:0", "db:65536", "::1:22", "db:ssh", "[::1]"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_server_is_an_address() {
        let read = |text| name_server(text).map(|server| server.to_string());
        assert_eq!(read("192.0.2.53").as_deref(), Some("192.0.2.53:53"));
        assert_eq!(read("::1").as_deref(), Some("[::1]:53"));
        assert_eq!(read("[::1]:5353").as_deref(), Some("[::1]:5353"));
        for text in ["ns.example.org", "192.0.2.53:0", "192.0.2.53:", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
