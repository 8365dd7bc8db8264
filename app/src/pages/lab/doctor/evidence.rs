//! What was seen so far. Whatever is not there yet is still being asked for.

use common::doctor::{ProbeReport, RequestLogEntry};

use super::remedies::{Proxy, recognise};
use crate::ports::{IdleProbe, Preflight, StreamProbe, WebSocketProbe};

/// How long answers are silent that are asked for at once, milliseconds, and how many those are: more than a browser opens over HTTP/1.1.
pub(super) const CROWD_MS: u32 = 1_500;
pub(super) const CROWD: usize = 8;
/// How long one answer is silent, seconds: the longest that is common among proxies, and many times the server's own patience.
pub(super) const SILENCE_S: u32 = 100;

#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    /// The server does not answer plain questions.
    pub(super) is_unheard: bool,
    /// Whether the page came over TLS.
    pub(super) is_secure: bool,
    /// Whom it was asked of.
    pub(super) host: String,
    /// Over which version of HTTP, as browsers name it.
    pub(super) protocol: String,
    /// What the server tells, the last time it was asked.
    pub(super) probe_report: Option<ProbeReport>,
    pub(super) ways: Option<Vec<ProbeResult>>,
    pub(super) socket: Option<WebSocketProbe>,
    pub(super) stream: Option<StreamProbe>,
    /// The same with more in what comes first.
    pub(super) long_stream: Option<StreamProbe>,
    /// What answers say of who sent them or passed them on.
    pub(super) answered_by: String,
    /// Whether anything was published to be streamed.
    pub(super) is_published: bool,
    pub(super) crowd_is_asked: bool,
    /// When each of the crowd arrived, by the server's clock.
    pub(super) crowd: Option<Vec<f64>>,
    /// The server's clock less the browser's and how far that may be off, milliseconds; none inside where it could not be asked.
    pub(super) clock: Option<Option<(f64, f64)>>,
    pub(super) silence: Option<IdleProbe>,
}

/// What answers at a transport's address.
#[derive(Debug, Clone)]
pub(super) struct ProbeResult {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    pub(super) knock: Preflight,
}

/// What the server answers there.
const OURS: Preflight = Preflight::Answered(204);
/// So many publications tell whether they come one by one, and how late.
const ENOUGH: usize = 3;
/// A stream on which nothing came for so long was held back: three pieces a second are sent, milliseconds,
const LUMP_MS: f64 = 1_500.0;
/// and one on which nothing came at all, if the page was awake for so long.
const AWAKE_MS: f64 = 1_000.0;

impl ProbeResult {
    /// Whether it is the server that answers, as it does.
    pub(super) fn is_ours(&self) -> bool {
        self.knock == OURS
    }
}

impl Evidence {
    /// Whether something else answers for this transport.
    pub(super) fn is_blocked(&self, id: &str) -> bool {
        self.ways.iter().flatten().any(|way| way.id == id && !self.is_free(way))
    }

    /// Whether the server answers there; what reached it, it may have refused itself.
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

    /// How late the quickest of the publications came and how far that may be off, milliseconds: what is on the way holds back each of them for as
    /// long. None where too few came, or the clocks could not be compared. The first may have lain at the server.
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

    /// Whether the page was asked of the machine that it runs on: nobody is in between who could read along.
    pub(super) fn is_local(&self) -> bool {
        let name = self.host.rsplit_once(':').map_or(&*self.host, |(name, _)| name).trim_matches(['[', ']']);
        name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whom the server thinks it was asked for, where that is not whom the browser asked.
    pub(super) fn other_host(&self) -> Option<&str> {
        let heard = self.probe_report.as_ref()?.this.host.as_deref()?;
        (!heard.eq_ignore_ascii_case(&self.host)).then_some(heard)
    }

    /// How many of the crowd arrived before the first of them had ended.
    pub(super) fn at_once(&self) -> Option<usize> {
        let crowd = self.crowd.as_ref()?;
        let first = crowd.iter().copied().reduce(f64::min)?;
        Some(crowd.iter().filter(|at| **at < first + f64::from(CROWD_MS)).count())
    }
}

/// Whether a stream was held back. Where nothing was published for it, its first words have to do.
pub(super) fn is_held(stream: &StreamProbe, is_published: bool) -> bool {
    let Some(first) = stream.pieces.first() else {
        return matches!(stream.status, 0 | 200) && stream.listened - stream.stalled > AWAKE_MS;
    };
    let pause = if is_published { longest_pause(stream) } else { *first };
    stream.status == 200 && pause - stream.stalled > LUMP_MS
}

/// Whether enough of what was published has come to tell something by.
pub(super) fn is_enough(stream: &StreamProbe) -> bool {
    stream.status == 200 && stream.beats.len() >= ENOUGH
}

/// The longest time without a piece, from the request to the end of listening, milliseconds.
pub(super) fn longest_pause(stream: &StreamProbe) -> f64 {
    let ends = stream.pieces.iter().copied().chain([stream.listened]);
    let starts = [0.0].into_iter().chain(stream.pieces.iter().copied());
    starts.zip(ends).map(|(start, end)| end - start).fold(0.0, f64::max)
}
