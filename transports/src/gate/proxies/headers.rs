//! The client that a trusted proxy names, by `Forwarded` (RFC 7239) or `X-Forwarded-For`, `-Proto` and `-Host`.
//!
//! Each proxy adds itself at the right, so the list is read from there: the first address that is not a trusted proxy's is the client. What
//! stands left of it was sent by that client and may say anything.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};
use common::doctor::AddressSource;

use super::{
    Client, TrustedProxies,
    forwarded::{self, Hop},
};

const FORWARDED: &str = "forwarded";
const FOR: &str = "x-forwarded-for";
const PROTO: &str = "x-forwarded-proto";
const HOST: &str = "x-forwarded-host";

/// Longer lists are no proxies' work, and are not believed.
const HOPS: usize = 32;

/// Finds the client of a trusted proxy.
pub(super) fn read(proxies: &TrustedProxies, peer: SocketAddr, headers: &HeaderMap) -> Client {
    let forwarded = list(headers, FORWARDED).and_then(|lines| by_forwarded(proxies, peer, &lines));
    let legacy = by_legacy(proxies, peer, headers);
    match forwarded {
        None => legacy,
        // A proxy that writes one of both passes the other on as its client sent it. Where they differ, one is forged.
        Some(client)
            if legacy.source == AddressSource::XForwardedFor
                && client.address.ip() != legacy.address.ip() =>
        {
            tracing::debug!(%peer, "Forwarded and X-Forwarded-For name different clients: neither is believed");
            Client::of_socket(peer)
        }
        Some(client) => {
            Client { host: client.host.or(legacy.host), scheme: client.scheme.or(legacy.scheme), ..client }
        }
    }
}

fn by_forwarded(proxies: &TrustedProxies, peer: SocketAddr, lines: &str) -> Option<Client> {
    let hops: Vec<Hop> = forwarded::hops(lines)?;
    let (address, walked) = walk(proxies, peer, hops.iter().map(|hop| hop.by_for.as_deref()))?;
    let told = walked.checked_sub(1).and_then(|last| hops.get(hops.len() - 1 - last));
    Some(Client {
        address,
        host: told.and_then(|hop| hop.host.clone()),
        scheme: told.and_then(|hop| hop.proto.clone()),
        source: AddressSource::Forwarded,
    })
}

fn by_legacy(proxies: &TrustedProxies, peer: SocketAddr, headers: &HeaderMap) -> Client {
    let lines = list(headers, FOR);
    let all = lines.iter().flat_map(|lines| lines.split(',')).map(Some);
    let (address, walked) = walk(proxies, peer, all).unwrap_or((peer, 0));
    let source = if lines.is_some() { AddressSource::XForwardedFor } else { AddressSource::Socket };
    // Some proxies add to these lists, others write them anew: then there are fewer, and the last was written by a trusted one.
    let told = |name: &str| {
        let lines = list(headers, name)?;
        let all: Vec<&str> = lines.split(',').map(str::trim).collect();
        let from_the_right = walked.min(all.len()).saturating_sub(1);
        all.get(all.len() - 1 - from_the_right).filter(|text| !text.is_empty()).map(|&text| text.to_owned())
    };
    let scheme = told(PROTO).map(|text| text.to_ascii_lowercase());
    Client { address, host: told(HOST), scheme, source }
}

/// Walks from the right: the client's address, and how many entries were read, the client's among them. `None` where there are too many.
fn walk<'a>(
    proxies: &TrustedProxies,
    peer: SocketAddr,
    all: impl Iterator<Item = Option<&'a str>>,
) -> Option<(SocketAddr, usize)> {
    let all: Vec<Option<&str>> = all.take(HOPS + 1).collect();
    if all.len() > HOPS {
        return None;
    }
    let (mut client, mut walked) = (peer, 0);
    for entry in all.iter().rev() {
        // An entry that is no address (`unknown`, `_hidden`, nonsense) ends the walk: the last known address stands
        // for it.
        let Some(address) = entry.and_then(|text| node(text.trim())) else { break };
        (client, walked) = (address, walked + 1);
        if !proxies.trust(address.ip()) {
            break;
        }
    }
    Some((client, walked))
}

/// An address with or without a port (RFC 7239 §6). Port 0 stands for none.
pub(super) fn node(text: &str) -> Option<SocketAddr> {
    let address: SocketAddr = match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => SocketAddr::new(IpAddr::V6(address.parse().ok()?), 0),
        None => match text.parse::<IpAddr>() {
            Ok(address) => SocketAddr::new(address, 0),
            Err(_) => text.parse().ok()?,
        },
    };
    Some(SocketAddr::new(address.ip().to_canonical(), address.port()))
}

/// All lines of one name as one list (RFC 9110 §5.3); `None` without any, or where one is no text.
fn list(headers: &HeaderMap, name: &str) -> Option<String> {
    let name: HeaderName = name.parse().ok()?;
    let lines: Result<Vec<&str>, _> = headers.get_all(&name).iter().map(|value| value.to_str()).collect();
    let lines = lines.ok()?;
    (!lines.is_empty()).then(|| lines.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(all: &[(&'static str, &str)]) -> Client {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(*name, value.parse().expect("a header"));
        }
        let trusted = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(|text| text.parse().expect("a network"));
        TrustedProxies::new(trusted, false).client("127.0.0.1:9".parse().expect("an address"), &headers)
    }

    fn address(all: &[(&'static str, &str)]) -> String {
        client(all).address.to_string()
    }

    #[test]
    fn the_rightmost_address_that_is_no_trusted_proxy_is_the_client() {
        for (list, client) in [
            ("192.0.2.7", "192.0.2.7:0"),
            ("192.0.2.7:4711", "192.0.2.7:4711"),
            ("6.6.6.6, 192.0.2.7", "192.0.2.7:0"),
            ("6.6.6.6, 192.0.2.7, 10.0.0.1,10.0.0.2", "192.0.2.7:0"),
            ("10.0.0.1, 192.0.2.7, 10.0.0.2", "192.0.2.7:0"),
            ("[2001:db8::7]:443, fd00::1", "[2001:db8::7]:443"),
            ("2001:db8::7", "[2001:db8::7]:0"),
            ("::ffff:192.0.2.7", "192.0.2.7:0"),
            // All are trusted: the first of them.
            ("10.0.0.1, 10.0.0.2", "10.0.0.1:0"),
            // An entry that is no address ends the walk at the last one that is.
            ("192.0.2.7, unknown", "127.0.0.1:9"),
            ("192.0.2.7, unknown, 10.0.0.2", "10.0.0.2:0"),
            ("192.0.2.7, , 10.0.0.2", "10.0.0.2:0"),
            ("localhost", "127.0.0.1:9"),
            ("", "127.0.0.1:9"),
            ("192.0.2.7 10.0.0.2", "127.0.0.1:9"),
        ] {
            assert_eq!(address(&[("x-forwarded-for", list)]), client, "{list}");
        }
        // Lines are one list, in their order.
        assert_eq!(
            address(&[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "192.0.2.7")]),
            "192.0.2.7:0"
        );
        assert_eq!(address(&[("x-forwarded-for", &vec!["10.0.0.1"; 40].join(","))]), "127.0.0.1:9");
    }

    #[test]
    fn forwarded_is_read_with_its_quotes_and_in_any_case() {
        for (list, client) in [
            ("for=192.0.2.7", "192.0.2.7:0"),
            ("For=\"[2001:db8::7]:4711\";proto=https", "[2001:db8::7]:4711"),
            ("for=6.6.6.6, for=192.0.2.7;by=10.0.0.1, for=10.0.0.2", "192.0.2.7:0"),
            ("for=\"6.6.6.6, for=7.7.7.7\", for=192.0.2.7", "192.0.2.7:0"),
            ("for=192.0.2.7, for=_hidden", "127.0.0.1:9"),
            ("for=192.0.2.7, by=10.0.0.1", "127.0.0.1:9"),
            ("for=\"192.0.2.7", "127.0.0.1:9"),
            ("nonsense", "127.0.0.1:9"),
        ] {
            assert_eq!(address(&[("forwarded", list)]), client, "{list}");
        }
        let told = client(&[(
            "forwarded",
            "for=192.0.2.7;host=\"board.example:8443\";proto=HTTPS, for=10.0.0.2;host=inner",
        )]);
        assert_eq!(
            (told.host.as_deref(), told.scheme.as_deref()),
            (Some("board.example:8443"), Some("https"))
        );
    }

    #[test]
    fn host_and_scheme_are_those_that_a_trusted_proxy_wrote() {
        let told = |hosts: &'static str| {
            client(&[("x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.0.0.2"), ("x-forwarded-host", hosts)]).host
        };
        assert_eq!(told("evil.example, board.example, inner").as_deref(), Some("board.example"));
        assert_eq!(told("board.example").as_deref(), Some("board.example"));
        assert_eq!(told(""), None);
    }

    #[test]
    fn where_both_headers_differ_neither_is_believed() {
        let both = |forwarded, legacy| address(&[("forwarded", forwarded), ("x-forwarded-for", legacy)]);
        assert_eq!(both("for=6.6.6.6", "192.0.2.7"), "127.0.0.1:9");
        assert_eq!(both("for=192.0.2.7", "192.0.2.7"), "192.0.2.7:0");
        assert_eq!(both("garbage", "192.0.2.7"), "192.0.2.7:0");
    }

    #[test]
    fn host_and_scheme_are_believed_of_a_proxy_that_tells_no_address() {
        let told = client(&[("x-forwarded-proto", "HTTPS"), ("x-forwarded-host", "board.example")]);
        assert_eq!((told.host.as_deref(), told.scheme.as_deref()), (Some("board.example"), Some("https")));
        assert_eq!((told.address.to_string().as_str(), told.source), ("127.0.0.1:9", AddressSource::Socket));
    }

    #[test]
    fn nobody_else_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert(FOR, "192.0.2.7".parse().expect("a header"));
        let peer = "192.0.2.99:5".parse().expect("an address");
        let trusted = ["127.0.0.1".parse().expect("a network")];
        assert_eq!(TrustedProxies::new(trusted, false).client(peer, &headers), Client::of_socket(peer));
        assert_eq!(TrustedProxies::default().client(peer, &headers), Client::of_socket(peer));
    }
}
