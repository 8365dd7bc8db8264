//! The observations of an examination so far. Whatever is not there yet is still being asked for.

use common::doctor::{ProbeReport, RequestLogEntry};

use super::remedies::{Proxy, recognise};
use crate::ports::{IdleProbe, Preflight, StreamProbe, WebSocketProbe};

/// The parallel answers stay silent for this long, milliseconds; there are more of them than a browser opens over
/// HTTP/1.1.
pub(super) const CROWD_MS: u32 = 1_500;
pub(super) const CROWD: usize = 8;
/// The one silent answer lasts this long, seconds: the longest timeout that is common among proxies, and many times
/// the server's own patience.
pub(super) const SILENCE_S: u32 = 100;

#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    /// The server does not answer plain questions.
    pub(super) is_unheard: bool,
    /// True if the page came over TLS.
    pub(super) is_secure: bool,
    /// The host that the page was requested from.
    pub(super) host: String,
    /// Over which version of HTTP, as browsers name it.
    pub(super) protocol: String,
    /// The server's last report.
    pub(super) probe_report: Option<ProbeReport>,
    pub(super) ways: Option<Vec<ProbeResult>>,
    pub(super) socket: Option<WebSocketProbe>,
    pub(super) stream: Option<StreamProbe>,
    /// A stream with more bytes in its first part.
    pub(super) long_stream: Option<StreamProbe>,
    /// The headers of answers that name the software that sent them or passed them on.
    pub(super) answered_by: String,
    /// True if there were publications to stream.
    pub(super) is_published: bool,
    pub(super) crowd_is_asked: bool,
    /// When each of the crowd arrived, by the server's clock.
    pub(super) crowd: Option<Vec<f64>>,
    /// The server's clock less the browser's and how far that may be off, milliseconds; none inside where it could not be asked.
    pub(super) clock: Option<Option<(f64, f64)>>,
    pub(super) silence: Option<IdleProbe>,
}

/// The answer at a transport's address.
#[derive(Debug, Clone)]
pub(super) struct ProbeResult {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    pub(super) knock: Preflight,
}

/// The server's own answer there.
const OURS: Preflight = Preflight::Answered(204);
/// So many publications tell whether they come one by one, and how late.
const ENOUGH: usize = 3;
/// A stream on which nothing came for so long was held back: three pieces a second are sent, milliseconds,
const LUMP_MS: f64 = 1_500.0;
/// and one on which nothing came at all, if the page was awake for so long.
const AWAKE_MS: f64 = 1_000.0;

impl ProbeResult {
    /// Returns true if the answer is the server's own.
    pub(super) fn is_ours(&self) -> bool {
        self.knock == OURS
    }
}

impl Evidence {
    /// Returns true if something else answers for this transport.
    pub(super) fn is_blocked(&self, id: &str) -> bool {
        self.ways.iter().flatten().any(|way| way.id == id && !self.is_free(way))
    }

    /// Returns true if the server answers there; a request that reached it may have been refused by the server itself.
    pub(super) fn is_free(&self, way: &ProbeResult) -> bool {
        let is_answered = matches!(way.knock, Preflight::Answered(_));
        let has_arrived =
            || self.probe_report.iter().flat_map(|told| &told.arrivals).any(|seen| seen.path == way.path);
        way.is_ours() || is_answered && has_arrived()
    }

    /// The first question of the probe at this path.
    pub(super) fn arrival(&self, path: &str) -> Option<&RequestLogEntry> {
        let is_it = |seen: &&RequestLogEntry| seen.path == path && seen.method == "GET";
        self.probe_report.as_ref()?.arrivals.iter().find(is_it)
    }

    /// The first of the streams that came in lumps, or not at all; what begins long may be the only one.
    pub(super) fn held(&self) -> Option<&StreamProbe> {
        [&self.stream, &self.long_stream]
            .into_iter()
            .flatten()
            .find(|stream| is_held(stream, self.is_published))
    }

    /// Returns the delay of the quickest publication and its uncertainty, milliseconds: a buffer on the path delays
    /// every publication by as much. None where too few came, or the clocks could not be compared. The first may have
    /// lain at the server.
    pub(super) fn lag(&self) -> Option<(f64, f64)> {
        let (ahead, error) = self.clock??;
        let beats = &self.stream.as_ref().filter(|stream| is_enough(stream))?.beats;
        let quickest = beats.iter().skip(1).map(|(came, sent)| came + ahead - sent).reduce(f64::min)?;
        Some((quickest, error))
    }

    /// Which proxy it is, where one tells.
    pub(super) fn proxy(&self) -> Option<Proxy> {
        let arrived = self.probe_report.iter().map(|told| &told.this);
        let told = arrived.flat_map(|this| this.marks.iter().chain(&this.via).map(String::as_str));
        recognise(told.chain([self.answered_by.as_str()]))
    }

    /// Returns true if the page was requested from the machine that it runs on: nobody in between could read along.
    pub(super) fn is_local(&self) -> bool {
        // A browser writes an address in one way only (WHATWG URL, "Host serializing"): no name ends in a number.
        let name = self.host.split(':').next().unwrap_or_default();
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_loopback = name.starts_with("127.") && name.rsplit('.').next().is_some_and(is_number);
        name == "localhost" || is_loopback || self.host.starts_with("[::1]")
    }

    /// Returns the host that the server received, if it differs from the one that the browser asked for.
    pub(super) fn other_host(&self) -> Option<&str> {
        let heard = self.probe_report.as_ref()?.this.host.as_deref()?;
        (!heard.eq_ignore_ascii_case(&self.host)).then_some(heard)
    }

    /// Counts the parallel requests that arrived before the first of them had ended.
    pub(super) fn at_once(&self) -> Option<usize> {
        let crowd = self.crowd.as_ref()?;
        let first = crowd.iter().copied().reduce(f64::min)?;
        Some(crowd.iter().filter(|at| **at < first + f64::from(CROWD_MS)).count())
    }
}

/// Returns true if a stream was held back. Where nothing was published for it, its first words have to do.
pub(super) fn is_held(stream: &StreamProbe, is_published: bool) -> bool {
    let Some(first) = stream.pieces.first() else {
        return matches!(stream.status, 0 | 200) && stream.listened - stream.stalled > AWAKE_MS;
    };
    let pause = if is_published { longest_pause(stream) } else { *first };
    stream.status == 200 && pause - stream.stalled > LUMP_MS
}

/// Returns true if enough publications have come to judge by.
pub(super) fn is_enough(stream: &StreamProbe) -> bool {
    stream.status == 200 && stream.beats.len() >= ENOUGH
}

/// The longest time without a piece, from the request to the end of listening, milliseconds.
pub(super) fn longest_pause(stream: &StreamProbe) -> f64 {
    let ends = stream.pieces.iter().copied().chain([stream.listened]);
    let starts = [0.0].into_iter().chain(stream.pieces.iter().copied());
    starts.zip(ends).map(|(start, end)| end - start).fold(0.0, f64::max)
}
