//! Identifies a reader's network, as far as a page has to tell two networks apart.

use std::net::IpAddr;

/// A short name for the network of an address: the same for all of a home or an office, whose addresses share their first part
/// (24 bits of IPv4; 48 of IPv6, RFC 6177 §2). The page remembers under it which transport got through.
pub(crate) fn name(address: IpAddr) -> String {
    let prefix: &[u8] = match address.to_canonical() {
        IpAddr::V4(address) => &address.octets()[..3],
        IpAddr::V6(address) => &address.octets()[..6],
    };
    prefix.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn neighbours_share_a_name_and_others_do_not() {
        let of = |text: &str| name(text.parse().expect("an address"));
        assert_eq!(of("192.168.1.7"), of("192.168.1.200"));
        assert_ne!(of("192.168.1.7"), of("192.168.2.7"));
        assert_eq!(of("::ffff:192.168.1.7"), of("192.168.1.7"), "however the system writes it");
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:3::9"));
        assert_ne!(of("2001:db8:1::1"), of("2001:db8:2::1"));
    }
}
