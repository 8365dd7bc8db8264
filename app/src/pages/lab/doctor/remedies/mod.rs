//! The remedies: in words, and as lines for the proxy in front of the server.

mod lines;
mod recognise;
#[cfg(test)]
mod tests;

use super::words::DoctorWords;
use lines::{KnownProxy, PROXIES};
pub(super) use recognise::recognise;

/// A proxy that its owner sets up: its place among those that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Proxy(usize);

impl Proxy {
    /// The commonest.
    pub(super) const FIRST: Self = Self(0);

    /// All that are known, in the document's order.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..PROXIES.len()).map(Self)
    }

    /// The one of this id.
    pub(super) fn of(id: &str) -> Option<Self> {
        Self::all().find(|proxy| proxy.id() == id)
    }

    pub(super) fn id(self) -> &'static str {
        self.known().id
    }

    /// As its makers write it.
    pub(super) fn name(self) -> &'static str {
        self.known().name
    }

    /// After how many seconds it ends every answer, as it comes.
    pub(super) fn life_s(self) -> Option<u32> {
        Some(self.known().life_s).filter(|&life| life > 0)
    }

    fn known(self) -> &'static KnownProxy {
        &PROXIES[self.0]
    }
}

/// A problem, as far as it matters to the person who solves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    Routes,
    Upgrade,
    Streaming,
    Late,
    Host,
    Http,
    /// No TLS at all.
    Plain,
    /// TLS that something opens.
    Tls,
    /// The six connections of HTTP/1.1.
    Six,
    /// Few streams at once over HTTP/2.
    Streams,
    Clock,
    Idle,
    Life,
}

/// Which lines mend something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RemedyLines {
    /// Those that every proxy before Pulseboard has.
    Whole,
    /// Those for HTTP/2.
    Http2,
}

/// The address on which the server of the document listens.
const HERE: (&str, &str, &str) = ("127.0.0.1:3000", "127.0.0.1", "3000");

impl Problem {
    pub(super) const fn advice(self, words: &'static DoctorWords) -> &'static str {
        match self {
            Self::Routes => words.mend_routes,
            Self::Upgrade => words.mend_upgrade,
            Self::Streaming => words.mend_streaming,
            Self::Late => words.mend_late,
            Self::Host => words.mend_host,
            Self::Http => words.mend_http,
            Self::Plain => words.mend_plain,
            Self::Tls => words.mend_tls,
            Self::Six => words.mend_six,
            Self::Streams => words.mend_streams,
            Self::Clock => words.mend_clock,
            Self::Idle => words.mend_idle,
            Self::Life => words.mend_life,
        }
    }

    /// Which lines mend it; none where no proxy is to blame.
    pub(super) const fn lines(self) -> Option<RemedyLines> {
        match self {
            Self::Routes
            | Self::Upgrade
            | Self::Streaming
            | Self::Late
            | Self::Host
            | Self::Http
            | Self::Tls
            | Self::Idle
            | Self::Life => Some(RemedyLines::Whole),
            Self::Plain | Self::Six => Some(RemedyLines::Http2),
            Self::Streams | Self::Clock => None,
        }
    }
}

impl RemedyLines {
    /// As this proxy wants them, before a server that listens there; none where it needs more than lines.
    pub(super) fn of(self, proxy: Proxy, listen: &str) -> Option<String> {
        let known = proxy.known();
        let lines = match self {
            Self::Whole => known.whole,
            Self::Http2 => known.http2,
        };
        let (address, port) = listen.rsplit_once(':').unwrap_or((listen, HERE.2));
        // Whoever listens on all addresses is reached on this one.
        let address = if matches!(address, "0.0.0.0" | "[::]") { HERE.1 } else { address };
        let whole = [address, ":", port].concat();
        let lines = lines.replace(HERE.0, &whole);
        let split = |line: &str| {
            // Names its address and its port apart.
            let is_apart = line.contains(HERE.1) && !line.contains(&whole);
            if is_apart { line.replace(HERE.1, address).replace(HERE.2, port) } else { line.to_owned() }
        };
        Some(lines.lines().map(split).collect::<Vec<_>>().join("\n")).filter(|lines| !lines.is_empty())
    }
}
