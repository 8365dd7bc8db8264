//! Echo messages of ICMP (RFC 792) and of ICMPv6 (RFC 4443, 4), as bytes.

/// Bytes of the header: type, code, checksum, identifier, sequence number.
const HEADER: usize = 8;
/// Bytes that are sent and come back.
const PAYLOAD: usize = 32;
/// The beginning of the payload says who asks, for those who look at packets.
const LABEL: &[u8; 16] = b"pulseboard-probe";

/// The two versions of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IcmpVersion {
    V4,
    V6,
}

impl IcmpVersion {
    /// The types of a request and of a reply.
    const fn types(self) -> (u8, u8) {
        match self {
            Self::V4 => (8, 0),
            Self::V6 => (128, 129),
        }
    }
}

/// A request that awaits its reply. The payload's second half is random, so that nobody answers who has not seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EchoRequest {
    version: IcmpVersion,
    identifier: u16,
    sequence: u16,
    payload: [u8; PAYLOAD],
}

impl EchoRequest {
    pub(crate) fn new(version: IcmpVersion, identifier: u16, random: [u8; 18]) -> Self {
        let mut payload = [0; PAYLOAD];
        payload[..16].copy_from_slice(LABEL);
        payload[16..].copy_from_slice(&random[2..]);
        Self { version, identifier, sequence: u16::from_be_bytes([random[0], random[1]]), payload }
    }

    /// The message for the wire. The system computes the checksum of ICMPv6, which includes addresses (RFC 3542, 3.1).
    pub(crate) fn encode(&self) -> [u8; HEADER + PAYLOAD] {
        let mut message = [0; HEADER + PAYLOAD];
        message[0] = self.version.types().0;
        message[4..6].copy_from_slice(&self.identifier.to_be_bytes());
        message[6..8].copy_from_slice(&self.sequence.to_be_bytes());
        message[HEADER..].copy_from_slice(&self.payload);
        let checksum = checksum(&message);
        message[2..4].copy_from_slice(&checksum.to_be_bytes());
        message
    }

    /// Says that a message which came is the reply. Raw sockets of IPv4 hand out the header of IP with it.
    pub(crate) fn is_answered_by(&self, packet: &[u8]) -> bool {
        let message = match self.version {
            IcmpVersion::V4 => without_ip_header(packet),
            IcmpVersion::V6 => packet,
        };
        let Some((header, payload)) = message.split_at_checked(HEADER) else { return false };
        header[0] == self.version.types().1
            && header[1] == 0
            && header[4..6] == self.identifier.to_be_bytes()
            && header[6..8] == self.sequence.to_be_bytes()
            && payload == self.payload
    }
}

/// Cuts the header of IPv4 off, whose first half byte is 4. No echo message begins so.
fn without_ip_header(packet: &[u8]) -> &[u8] {
    match packet.first() {
        Some(first) if first >> 4 == 4 => packet.get(usize::from(first & 0x0f) * 4..).unwrap_or_default(),
        _ => packet,
    }
}

/// The checksum of the Internet (RFC 1071) over an even number of bytes.
fn checksum(bytes: &[u8]) -> u16 {
    let mut sum: u32 =
        bytes.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
    while let carry @ 1.. = sum >> 16 {
        sum = (sum & 0xffff) + carry;
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::{EchoRequest, IcmpVersion, checksum};

    fn request(version: IcmpVersion) -> EchoRequest {
        EchoRequest::new(version, 0x1234, *b"\x56\x78and 16 at random")
    }

    fn reply(version: IcmpVersion) -> Vec<u8> {
        let mut reply = request(version).encode().to_vec();
        reply[0] = version.types().1;
        reply
    }

    #[test]
    fn the_checksum_of_a_message_with_its_checksum_is_zero() {
        assert_eq!(checksum(&request(IcmpVersion::V4).encode()), 0);
        // RFC 1071, 3.
        assert_eq!(checksum(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2);
    }

    #[test]
    fn a_reply_is_known_with_and_without_the_header_of_ip() {
        for version in [IcmpVersion::V4, IcmpVersion::V6] {
            assert!(request(version).is_answered_by(&reply(version)));
            assert!(!request(version).is_answered_by(&request(version).encode()));
        }
        let packet = [[0x45].as_slice(), &[0; 19], &reply(IcmpVersion::V4)].concat();
        assert!(request(IcmpVersion::V4).is_answered_by(&packet));
        let with_options = [[0x46].as_slice(), &[0; 23], &reply(IcmpVersion::V4)].concat();
        assert!(request(IcmpVersion::V4).is_answered_by(&with_options));
        assert!(!request(IcmpVersion::V6).is_answered_by(&packet));
    }

    #[test]
    fn any_other_byte_is_no_reply() {
        for version in [IcmpVersion::V4, IcmpVersion::V6] {
            let good = reply(version);
            // The checksum, which is the third and the fourth, is the system's to verify.
            for at in (0..good.len()).filter(|at| !(2..4).contains(at)) {
                let mut other = good.clone();
                other[at] ^= 1;
                assert!(!request(version).is_answered_by(&other), "{at}");
            }
            for length in 0..good.len() {
                assert!(!request(version).is_answered_by(&good[..length]), "{length}");
            }
            assert!(!request(version).is_answered_by(&[good.as_slice(), b"x"].concat()));
        }
        for first in 0..=255 {
            assert!(!request(IcmpVersion::V4).is_answered_by(&[first; 3]));
        }
    }
}
