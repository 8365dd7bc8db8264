//! Which proxies are believed when they say for whom they ask. Everything that a stranger can send is a claim; it counts only where it
//! comes from an address that the settings name.

mod forwarded;
mod headers;
mod identify;
mod proxy_protocol;

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub use identify::{Client, identify};
pub use proxy_protocol::BadProxyHeader;

/// An address or a network whose proxies are believed: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedProxy(IpNet);

/// A text that is neither an address nor a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address (127.0.0.1, ::1) nor a network (10.0.0.0/8, fd00::/8)")]
pub struct BadTrustedProxy(String);

impl FromStr for TrustedProxy {
    type Err = BadTrustedProxy;

    fn from_str(text: &str) -> Result<Self, BadTrustedProxy> {
        let network = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        match network {
            // `::ffff:10.0.0.1` is written so by systems that listen for both; it is the IPv4 address.
            Some(IpNet::V6(network)) if network.addr().to_ipv4_mapped().is_some() => {
                let address = network.addr().to_canonical();
                let prefix = network.prefix_len().checked_sub(96);
                let mapped = prefix.and_then(|prefix| IpNet::new(address, prefix).ok());
                mapped.map(Self).ok_or_else(|| BadTrustedProxy(short(text)))
            }
            Some(network) => Ok(Self(network)),
            None => Err(BadTrustedProxy(short(text))),
        }
    }
}

impl fmt::Display for TrustedProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for TrustedProxy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for TrustedProxy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The proxies that are believed; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies {
    networks: Arc<[TrustedProxy]>,
    /// Their connections begin with the PROXY protocol.
    proxy_protocol: bool,
}

impl TrustedProxies {
    /// Believes these. With `proxy_protocol`, each of their connections has to begin with the PROXY protocol.
    #[must_use]
    pub fn new(networks: impl IntoIterator<Item = TrustedProxy>, proxy_protocol: bool) -> Self {
        Self { networks: networks.into_iter().collect(), proxy_protocol }
    }

    /// Reports that this address is a trusted proxy's.
    #[must_use]
    pub fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|TrustedProxy(network)| network.contains(&address))
    }

    /// Finds the client: the peer itself, or the client that a trusted proxy names.
    #[must_use]
    pub fn client(&self, peer: SocketAddr, headers: &axum::http::HeaderMap) -> Client {
        if self.trust(peer.ip()) { headers::read(self, peer, headers) } else { Client::of_socket(peer) }
    }
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_of_both_families_are_trusted_and_no_others() {
        let trusted =
            ["127.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "::ffff:192.0.2.1", "::ffff:198.51.100.0/120"];
        let proxies = TrustedProxies::new(trusted.map(|text| text.parse().expect("a network")), false);
        for address in
            ["127.0.0.1", "10.255.0.1", "::1", "fd12::9", "::ffff:10.0.0.1", "192.0.2.1", "198.51.100.9"]
        {
            assert!(proxies.trust(address.parse().expect("an address")), "{address}");
        }
        for address in ["127.0.0.2", "11.0.0.1", "::2", "fe80::1", "192.0.2.2", "198.51.101.1"] {
            assert!(!proxies.trust(address.parse().expect("an address")), "{address}");
        }
        for text in
            ["", "localhost", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.1:80", "*", "::ffff:1.2.3.4/90"]
        {
            assert!(text.parse::<TrustedProxy>().is_err(), "{text}");
        }
    }
}
