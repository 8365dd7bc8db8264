//! From a host to a connection: its name is looked up, and its addresses are tried in turn (RFC 8305, "Happy Eyeballs").

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{
    net::{TcpStream, lookup_host},
    time::sleep,
};
use url::Host;

use crate::{ProbeFault, ProbePhase, attempt::Attempt, fault::excerpt};

/// The time after which the next address is tried beside those that have not answered (RFC 8305, 5).
pub(crate) const CONNECTION_ATTEMPT_DELAY: Duration = Duration::from_millis(250);
/// The shortest such time (RFC 8305, 8).
const MIN_DELAY: Duration = Duration::from_millis(10);
/// The most addresses of a name that are tried.
const MAX_ADDRESSES: usize = 16;

/// Looks a host up and connects to a port of it.
pub(crate) async fn connect(host: &Host, port: u16, attempt: &mut Attempt) -> Result<TcpStream, ProbeFault> {
    let addresses = resolve(host, attempt).await?;
    let addresses: Vec<_> = addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect();
    attempt.phase = ProbePhase::Connect;
    let since = Instant::now();
    let stream = race(&addresses, attempt.remaining(), CONNECTION_ATTEMPT_DELAY, connect_to).await?;
    attempt.measured(ProbePhase::Connect, since);
    Ok(stream)
}

async fn connect_to(address: SocketAddr) -> Result<TcpStream, ProbeFault> {
    TcpStream::connect(address).await.map_err(|error| ProbeFault::of_socket(&error))
}

/// Looks the addresses of a host up, as the system does it. The families take turns, in the system's order (RFC 6724; RFC 8305, 4).
pub(crate) async fn resolve(host: &Host, attempt: &mut Attempt) -> Result<Vec<IpAddr>, ProbeFault> {
    let name = match host {
        Host::Ipv4(address) => return Ok(vec![IpAddr::V4(*address)]),
        Host::Ipv6(address) => return Ok(vec![IpAddr::V6(*address)]),
        Host::Domain(name) => name,
    };
    attempt.phase = ProbePhase::Resolve;
    let since = Instant::now();
    let found = lookup_host((name.as_str(), 0)).await.map_err(|error| lookup_fault(name, &error))?;
    attempt.measured(ProbePhase::Resolve, since);
    let addresses = in_turns(found.map(|address| address.ip()).collect());
    if addresses.is_empty() { Err(ProbeFault::NoSuchName(name.clone())) } else { Ok(addresses) }
}

/// Texts of getaddrinfo(3) for a name that is not there or has no address: of glibc, of musl, and of BSD and macOS. The standard library hands
/// on no code, and sets no locale that would translate them.
const NO_SUCH_NAME: [&str; 6] = [
    "Name or service not known",
    "No address associated with hostname",
    "Name does not resolve",
    "Name has no usable address",
    "nodename nor servname provided",
    "No such host is known",
];

fn lookup_fault(name: &str, error: &io::Error) -> ProbeFault {
    let text = error.to_string();
    if NO_SUCH_NAME.iter().any(|known| text.contains(known)) {
        return ProbeFault::NoSuchName(name.to_owned());
    }
    let reason = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    ProbeFault::ResolverFailed(excerpt(reason))
}

fn in_turns(addresses: Vec<IpAddr>) -> Vec<IpAddr> {
    let first_is_v6 = addresses.first().is_some_and(IpAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut turns = Vec::new();
    while turns.len() < MAX_ADDRESSES {
        let before = turns.len();
        turns.extend(first.next());
        turns.extend(second.next());
        if turns.len() == before {
            break;
        }
    }
    turns
}

/// Asks all addresses, and takes the first good answer. The next one is asked when all before it have failed, or none has answered for a
/// while: a dead address costs a part of the time, never all of it.
pub(crate) async fn race<A: Copy, T, F: Future<Output = Result<T, ProbeFault>>>(
    addresses: &[A],
    remaining: Duration,
    longest_delay: Duration,
    ask: impl Fn(A) -> F,
) -> Result<T, ProbeFault> {
    let shares = u32::try_from(addresses.len()).unwrap_or(u32::MAX).saturating_add(1);
    let delay = (remaining / shares).min(longest_delay).max(MIN_DELAY);
    let mut waiting = addresses.iter();
    let mut asking = FuturesUnordered::new();
    let mut fault: Option<ProbeFault> = None;
    loop {
        if let Some(address) = waiting.next() {
            asking.push(ask(*address));
        }
        let next = sleep(delay);
        tokio::pin!(next);
        loop {
            tokio::select! {
                answer = asking.next() => match answer {
                    Some(Ok(answer)) => return Ok(answer),
                    Some(Err(other)) => {
                        fault = Some(match fault.take() {
                            Some(fault) => more_telling(fault, other),
                            None => other,
                        });
                    }
                    None if waiting.len() == 0 => return Err(fault.unwrap_or(ProbeFault::NoRoute)),
                    None => break,
                },
                () = &mut next, if waiting.len() > 0 => break,
            }
        }
    }
}

/// Chooses the fault of two addresses that says more of the target. A machine without IPv6 has no route there, which is no news.
fn more_telling(one: ProbeFault, other: ProbeFault) -> ProbeFault {
    let rank = |fault: &ProbeFault| match fault {
        ProbeFault::NoRoute => 0,
        ProbeFault::HostUnreachable => 1,
        ProbeFault::ConnectionFailed(_) => 2,
        _ => 3,
    };
    if rank(&other) > rank(&one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        net::{IpAddr, SocketAddr},
        time::Duration,
    };

    use tokio::net::{TcpListener, TcpStream};

    use super::{CONNECTION_ATTEMPT_DELAY, connect_to, in_turns, lookup_fault, more_telling, race};
    use crate::ProbeFault;

    fn ips(list: &[&str]) -> Vec<IpAddr> {
        list.iter().map(|ip| ip.parse().expect("an address")).collect()
    }

    #[test]
    fn families_take_turns() {
        assert_eq!(
            in_turns(ips(&["2001:db8::1", "2001:db8::2", "192.0.2.1", "2001:db8::3"])),
            ips(&["2001:db8::1", "192.0.2.1", "2001:db8::2", "2001:db8::3"])
        );
        assert_eq!(in_turns(ips(&["192.0.2.1", "2001:db8::1"])), ips(&["192.0.2.1", "2001:db8::1"]));
        assert_eq!(in_turns(Vec::new()), Vec::<IpAddr>::new());
        assert_eq!(in_turns(vec!["192.0.2.1".parse().expect("an address"); 100]).len(), 16);
    }

    #[test]
    fn a_refused_connection_says_more_than_a_missing_route() {
        for (one, other) in [
            (ProbeFault::NoRoute, ProbeFault::ConnectionRefused),
            (ProbeFault::ConnectionRefused, ProbeFault::NoRoute),
        ] {
            assert_eq!(more_telling(one, other), ProbeFault::ConnectionRefused);
        }
    }

    #[test]
    fn a_name_that_is_not_there_is_told_from_a_resolver_that_is_away() {
        let of = |text: &str| {
            lookup_fault("a", &io::Error::other(format!("failed to lookup address information: {text}")))
                .code()
        };
        assert_eq!(of("Name or service not known"), "no_such_name");
        assert_eq!(of("Name does not resolve"), "no_such_name");
        assert_eq!(of("Temporary failure in name resolution"), "resolver_failed");
        assert_eq!(of("Try again"), "resolver_failed");
    }

    /// An address whose queue of connections is full, so that Linux drops the next ones: it neither refuses nor answers.
    async fn silent() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
        let listener = socket.listen(1).expect("listens");
        let address = listener.local_addr().expect("an address");
        let mut held = Vec::new();
        while let Ok(Ok(stream)) =
            tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await
        {
            held.push(stream);
        }
        (address, listener, held)
    }

    #[tokio::test]
    async fn a_dead_address_does_not_keep_the_next_from_its_turn() {
        let good = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let good = (good.local_addr().expect("an address"), good);
        let silent = silent().await;
        let refused = SocketAddr::from(([127, 0, 0, 1], 1));
        let addresses = [refused, silent.0, silent.0, good.0];
        let stream = race(&addresses, Duration::from_secs(20), CONNECTION_ATTEMPT_DELAY, connect_to)
            .await
            .expect("connected");
        assert_eq!(stream.peer_addr().expect("an address"), good.0);
    }

    #[tokio::test]
    async fn only_refusals_are_a_refusal() {
        let refused = SocketAddr::from(([127, 0, 0, 1], 1));
        let fault = race(&[refused; 3], Duration::from_secs(20), CONNECTION_ATTEMPT_DELAY, connect_to)
            .await
            .expect_err("refused");
        assert_eq!(fault, ProbeFault::ConnectionRefused);
    }
}
