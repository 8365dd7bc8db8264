//! Round-trip times by `NETLINK_SOCK_DIAG` (sock_diag(7)): a socket is named by its addresses, so no connection has
//! to keep anything for it, nor to be woken.

use std::{
    net::{IpAddr, SocketAddr},
    os::fd::OwnedFd,
};

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink, recv, send, socket_with,
};

/// Asks for connections that were opened to one address.
pub(in crate::connections) struct RoundTrips {
    here: SocketAddr,
    /// The netlink socket; without one (a container may forbid it) nothing is known.
    kernel: Option<OwnedFd>,
}

/// `SOCK_DIAG_BY_FAMILY`: the type of request and answer.
const BY_FAMILY: u16 = 20;
/// `NLM_F_REQUEST`.
const REQUEST: u16 = 1;
/// `IPPROTO_TCP`.
const TCP: u8 = 6;
/// `AF_INET` and `AF_INET6` as the kernel writes them.
const INET: u8 = 2;
const INET6: u8 = 10;
/// `INET_DIAG_INFO`: the attribute that holds a `tcp_info`.
const INFO: u16 = 2;
/// The lengths of a `nlmsghdr`, an `inet_diag_req_v2` and an `inet_diag_msg`.
const HEADER: usize = 16;
const QUESTION: usize = 56;
const ANSWER: usize = 72;
/// The offset of `tcpi_rtt` in a `tcp_info`; microseconds.
const RTT: usize = 68;

impl RoundTrips {
    pub(in crate::connections) fn of(here: SocketAddr) -> Self {
        let kernel = socket_with(
            AddressFamily::NETLINK,
            SocketType::DGRAM,
            SocketFlags::CLOEXEC,
            Some(netlink::SOCK_DIAG),
        );
        Self { here, kernel: kernel.ok() }
    }

    /// Microseconds to this peer and back, smoothed.
    pub(in crate::connections) fn to(&self, peer: SocketAddr) -> Option<u32> {
        let kernel = self.kernel.as_ref()?;
        send(kernel, &question(self.here, peer), SendFlags::empty()).ok()?;
        let mut space = [0; 2048];
        // The kernel has answered before `send` returns.
        let (read, _) = recv(kernel, &mut space[..], RecvFlags::DONTWAIT).ok()?;
        answer(&space[..read]).filter(|&micros| micros > 0)
    }
}

fn question(here: SocketAddr, peer: SocketAddr) -> [u8; HEADER + QUESTION] {
    let mut out = [0; HEADER + QUESTION];
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        out[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    put(&((HEADER + QUESTION) as u32).to_ne_bytes());
    put(&BY_FAMILY.to_ne_bytes());
    put(&REQUEST.to_ne_bytes());
    // Number and sender, which the kernel gives back.
    put(&[0; 8]);
    put(&[if here.is_ipv4() { INET } else { INET6 }, TCP, 1 << (INFO - 1), 0]);
    // In whatever state.
    put(&u32::MAX.to_ne_bytes());
    put(&here.port().to_be_bytes());
    put(&peer.port().to_be_bytes());
    put(&words(here.ip()));
    put(&words(peer.ip()));
    // On any interface, and without a cookie.
    put(&[0; 4]);
    put(&[0xff; 8]);
    out
}

/// Four words; those that an IPv4 address does not need are 0.
fn words(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => {
            let mut words = [0; 16];
            words[..4].copy_from_slice(&ip.octets());
            words
        }
        IpAddr::V6(ip) => ip.octets(),
    }
}

/// The round trip in an answer; `None` where there is no such connection.
fn answer(bytes: &[u8]) -> Option<u32> {
    if half(bytes, 4)? != BY_FAMILY {
        return None;
    }
    let mut attributes = bytes.get(HEADER + ANSWER..)?;
    loop {
        let (length, kind) = (usize::from(half(attributes, 0)?), half(attributes, 2)?);
        if kind == INFO {
            let info = attributes.get(4..length)?;
            return Some(u32::from_ne_bytes(info.get(RTT..RTT + 4)?.try_into().ok()?));
        }
        // They stand on multiples of four.
        attributes = attributes.get(length.max(4).next_multiple_of(4)..)?;
    }
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{TcpListener, TcpStream},
    };

    use super::*;

    #[test]
    fn the_kernel_knows_the_way_to_a_peer() {
        for loopback in ["127.0.0.1:0", "[::1]:0"] {
            // A machine may be without IPv6.
            let Ok(listener) = TcpListener::bind(loopback) else { continue };
            let here = listener.local_addr().expect("an address");
            let mut client = TcpStream::connect(here).expect("connected");
            let (mut served, peer) = listener.accept().expect("accepted");
            served.write_all(b"x").expect("written");
            client.read_exact(&mut [0]).expect("read");
            let round_trips = RoundTrips::of(here);
            let micros = round_trips.to(peer).expect("it is known");
            assert!(micros < 10_000_000, "{micros} microseconds to this machine itself");
            let nobody = SocketAddr::new(here.ip(), 1);
            assert_eq!(round_trips.to(nobody), None);
        }
    }

    #[test]
    fn what_is_no_answer_says_nothing() {
        for (length, filled) in (0..HEADER + ANSWER + 80).flat_map(|length| [(length, 0), (length, 0xff)]) {
            let mut bytes = vec![filled; length];
            bytes.iter_mut().skip(4).zip(BY_FAMILY.to_ne_bytes()).for_each(|(here, byte)| *here = byte);
            assert_eq!(answer(&bytes), None, "{length} bytes");
        }
        let mut error = [0; 36];
        error[4] = 2;
        assert_eq!(answer(&error), None);
    }
}
