//! The check of a host by an echo. Linux lets a process without privileges ask for one by a datagram socket (icmp(7), `ping_group_range`);
//! a raw socket needs CAP_NET_RAW.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use crate::{
    IcmpProbe, ProbeFault, ProbePhase,
    attempt::{Attempt, milliseconds},
    connect::{CONNECTION_ATTEMPT_DELAY, race, resolve},
    echo::{EchoRequest, IcmpVersion},
    endpoint::host_of,
    fault::excerpt,
};

/// More than a reply with the longest header of IPv4.
const LONGEST_PACKET: usize = 256;

pub(crate) async fn check(probe: &IcmpProbe, attempt: &mut Attempt) -> Result<(), ProbeFault> {
    let Some(host) = host_of(&probe.host) else {
        return Err(ProbeFault::Internal("the host was not validated".to_owned()));
    };
    let addresses = resolve(&host, attempt).await?;
    attempt.phase = ProbePhase::Answer;
    let time = race(&addresses, attempt.remaining(), CONNECTION_ATTEMPT_DELAY, echo).await?;
    attempt.timings.answer_ms = Some(milliseconds(time));
    attempt.is_answered = true;
    Ok(())
}

/// Asks an address for an echo and returns the time until it came. The caller's deadline ends it.
async fn echo(address: IpAddr) -> Result<Duration, ProbeFault> {
    let version = if address.is_ipv4() { IcmpVersion::V4 } else { IcmpVersion::V6 };
    let socket = open(version)?;
    let mut random = [0; 20];
    getrandom::fill(&mut random).map_err(|error| ProbeFault::Internal(excerpt(&error.to_string())))?;
    let [first, second, rest @ ..] = random;
    let identifier = identifier_of(&socket).unwrap_or(u16::from_be_bytes([first, second]));
    let request = EchoRequest::new(version, identifier, rest);
    // The system then hands out only what comes from there.
    let target = SocketAddr::new(address, 0);
    socket.connect(&target.into()).map_err(|error| ProbeFault::of_socket(&error))?;
    let socket = into_async(socket).map_err(|error| internal(&error))?;
    let since = Instant::now();
    socket.send(&request.encode()).await.map_err(|error| ProbeFault::of_socket(&error))?;
    let mut packet = [0; LONGEST_PACKET];
    loop {
        let length = socket.recv(&mut packet).await.map_err(|error| ProbeFault::of_socket(&error))?;
        if request.is_answered_by(&packet[..length]) {
            return Ok(since.elapsed());
        }
    }
}

/// Opens a datagram socket for ICMP, or else a raw one.
fn open(version: IcmpVersion) -> Result<Socket, ProbeFault> {
    let (domain, protocol, any) = match version {
        IcmpVersion::V4 => (Domain::IPV4, Protocol::ICMPV4, IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        IcmpVersion::V6 => (Domain::IPV6, Protocol::ICMPV6, IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
    };
    match Socket::new(domain, Type::DGRAM, Some(protocol)) {
        Ok(socket) => {
            // Linux gives the identifier with it. Elsewhere it changes nothing.
            socket.bind(&SocketAddr::new(any, 0).into()).map_err(|error| internal(&error))?;
            Ok(socket)
        }
        Err(_) => Socket::new(domain, Type::RAW, Some(protocol)).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => ProbeFault::PingNotPermitted,
            // A machine without IPv6 may know no such sockets.
            io::ErrorKind::Unsupported => ProbeFault::NoRoute,
            _ => internal(&error),
        }),
    }
}

/// The identifier that Linux writes into all messages of a datagram socket: the number of its port.
fn identifier_of(socket: &Socket) -> Option<u16> {
    if socket.r#type().ok()? != Type::DGRAM {
        return None;
    }
    socket.local_addr().ok()?.as_socket().map(|address| address.port()).filter(|port| *port != 0)
}

/// Hands a connected socket to the runtime, which knows sockets of datagrams by the name of UDP. It only sends and receives.
fn into_async(socket: Socket) -> io::Result<UdpSocket> {
    socket.set_nonblocking(true)?;
    UdpSocket::from_std(socket.into())
}

fn internal(error: &io::Error) -> ProbeFault {
    ProbeFault::Internal(excerpt(&error.to_string()))
}
