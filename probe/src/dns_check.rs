//! The check of a name server: a question over UDP, and over TCP where the answer is too long for that (RFC 7766).

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
};

use crate::{
    DnsProbe, MAX_TIMEOUT, ProbeFault, ProbePhase,
    attempt::{Attempt, milliseconds},
    connect::race,
    dns_message::{DnsQuestion, DnsReply, compare},
    endpoint::{dns_name, name_server},
    fault::excerpt,
};

/// The most name servers of the system that are asked (resolv.conf(5), MAXNS).
const MAX_SERVERS: usize = 3;
/// The longest datagram of IP.
const LONGEST_DATAGRAM: usize = 65_535;

pub(crate) async fn check(probe: &DnsProbe, attempt: &mut Attempt) -> Result<(), ProbeFault> {
    let Some(name) = dns_name(&probe.name) else {
        return Err(ProbeFault::Internal("the name was not validated".to_owned()));
    };
    let named = probe.server.as_deref().and_then(name_server);
    let servers = match named {
        Some(server) => vec![server],
        None => system_servers().map_err(|error| ProbeFault::ResolverFailed(excerpt(&error.to_string())))?,
    };
    // A system without its name servers is a fault of the own network, as it is for other checks.
    attempt.phase = if named.is_some() { ProbePhase::Answer } else { ProbePhase::Resolve };
    let (name, probe) = (&*name, probe);
    let asked = race(&servers, attempt.remaining(), MAX_TIMEOUT, |server| ask(server, name, probe)).await;
    let (verdict, time) = asked.map_err(|fault| if named.is_some() { fault } else { of_resolver(fault) })?;
    attempt.timings.answer_ms = Some(milliseconds(time));
    attempt.is_answered = true;
    verdict
}

/// The fault of a name server that nobody has named.
fn of_resolver(fault: ProbeFault) -> ProbeFault {
    match fault {
        ProbeFault::Internal(_) | ProbeFault::NameServerError(_) | ProbeFault::BadDnsAnswer(_) => fault,
        fault => ProbeFault::ResolverFailed(fault.to_string().trim_end_matches('.').to_owned()),
    }
}

/// Asks a name server. An answer about the name is a verdict; without one, another server may be asked.
async fn ask(
    server: SocketAddr,
    name: &str,
    probe: &DnsProbe,
) -> Result<(Result<(), ProbeFault>, Duration), ProbeFault> {
    let mut id = [0; 2];
    getrandom::fill(&mut id).map_err(|error| ProbeFault::Internal(excerpt(&error.to_string())))?;
    let question = DnsQuestion { id: u16::from_be_bytes(id), name, record: probe.record };
    let query = question.encode().map_err(|error| ProbeFault::Internal(excerpt(&error.to_string())))?;
    let since = Instant::now();
    let mut reply =
        over_udp(server, &question, &query).await.map_err(|error| ProbeFault::of_socket(&error))?;
    if reply == DnsReply::Truncated {
        let message = over_tcp(server, &query).await.map_err(|error| ProbeFault::of_socket(&error))?;
        reply = question.read(&message);
    }
    let verdict = match reply {
        DnsReply::Records(values) => compare(probe.record, &values, probe.expect.as_deref()),
        DnsReply::NoSuchName => Err(ProbeFault::NoSuchName(name.to_owned())),
        DnsReply::Error(code) => return Err(ProbeFault::NameServerError(code.to_owned())),
        DnsReply::Unreadable(reason) => return Err(ProbeFault::BadDnsAnswer(reason)),
        DnsReply::Foreign => return Err(bad("it belongs to another question")),
        DnsReply::Truncated => return Err(bad("it is cut off also over TCP")),
    };
    Ok((verdict, since.elapsed()))
}

fn bad(reason: &str) -> ProbeFault {
    ProbeFault::BadDnsAnswer(reason.to_owned())
}

/// Asks in one datagram. Answers to other questions are passed over: they may be late, or made up by others (RFC 5452).
async fn over_udp(server: SocketAddr, question: &DnsQuestion<'_>, query: &[u8]) -> io::Result<DnsReply> {
    let any =
        if server.is_ipv4() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).await?;
    socket.connect(server).await?;
    socket.send(query).await?;
    let mut message = vec![0; LONGEST_DATAGRAM];
    loop {
        let length = socket.recv(&mut message).await?;
        match question.read(&message[..length]) {
            DnsReply::Foreign => {}
            reply => return Ok(reply),
        }
    }
}

/// Asks over TCP, where two bytes of length precede each message (RFC 1035, 4.2.2).
async fn over_tcp(server: SocketAddr, query: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(query.len()).map_err(io::Error::other)?;
    stream.write_all(&[length.to_be_bytes().as_slice(), query].concat()).await?;
    let length = stream.read_u16().await?;
    let mut message = vec![0; usize::from(length)];
    stream.read_exact(&mut message).await?;
    Ok(message)
}

/// Reads the system's name servers (resolv.conf(5)); without any, one on this machine is meant.
fn system_servers() -> io::Result<Vec<SocketAddr>> {
    // It is a few lines, and the system reads it in the same way when it looks a name up.
    let servers = servers_of(&std::fs::read_to_string("/etc/resolv.conf")?);
    Ok(if servers.is_empty() { vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 53))] } else { servers })
}

fn servers_of(file: &str) -> Vec<SocketAddr> {
    let addresses = file.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("nameserver")).then(|| words.next()?.parse().ok()).flatten()
    });
    addresses.map(|address: IpAddr| SocketAddr::new(address, 53)).take(MAX_SERVERS).collect()
}

#[cfg(test)]
mod tests {
    use super::{of_resolver, servers_of};
    use crate::ProbeFault;

    #[test]
    fn the_systems_name_servers_are_read() {
        let file = "# nameserver 192.0.2.9\nsearch example.org\n nameserver\t192.0.2.1\nnameserver ::1 # near\n\
            nameserver fe80::1%eth0\nnameserver\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n";
        let servers: Vec<_> = servers_of(file).iter().map(ToString::to_string).collect();
        assert_eq!(servers, ["192.0.2.1:53", "[::1]:53", "192.0.2.2:53"]);
        assert!(servers_of("").is_empty());
    }

    #[test]
    fn a_name_server_that_nobody_named_is_the_networks() {
        let fault = of_resolver(ProbeFault::ConnectionRefused);
        assert_eq!(fault.to_string(), "The name cannot be looked up: The connection is refused.");
        assert!(fault.is_network_fault());
    }
}
