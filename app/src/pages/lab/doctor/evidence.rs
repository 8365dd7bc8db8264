//! What was seen so far. Whatever is not there yet is still being asked for.

use common::doctor::{Arrival, Testimony};

use crate::ports::{Knock, Opened, Silence, Streamed};

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
    pub(super) testimony: Option<Testimony>,
    pub(super) ways: Option<Vec<Way>>,
    pub(super) socket: Option<Opened>,
    pub(super) stream: Option<Streamed>,
    /// Whether anything was published to be streamed.
    pub(super) is_published: bool,
    pub(super) crowd_is_asked: bool,
    /// When each of the crowd arrived, by the server's clock.
    pub(super) crowd: Option<Vec<f64>>,
    /// The server's clock less the browser's and how far that may be off, milliseconds; none inside where it could not be asked.
    pub(super) clock: Option<Option<(f64, f64)>>,
    pub(super) silence: Option<Silence>,
}

/// What answers at a transport's address.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    pub(super) knock: Knock,
}

/// What the server answers there.
const OURS: Knock = Knock::Answered(204);
/// A stream on which nothing came for so long was held back: five pieces a second are sent, milliseconds,
const LUMP_MS: f64 = 1_500.0;
/// and one on which nothing came at all, if the page was awake for so long.
const AWAKE_MS: f64 = 1_000.0;

impl Way {
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
    pub(super) fn is_free(&self, way: &Way) -> bool {
        let is_answered = matches!(way.knock, Knock::Answered(_));
        let has_arrived =
            || self.testimony.iter().flat_map(|told| &told.arrivals).any(|seen| seen.path == way.path);
        way.is_ours() || is_answered && has_arrived()
    }

    /// The first question of the probe at this path.
    pub(super) fn arrival(&self, path: &str) -> Option<&Arrival> {
        let is_it = |seen: &&Arrival| seen.path == path && seen.method == "GET";
        self.testimony.as_ref()?.arrivals.iter().find(is_it)
    }

    /// Whether the stream came in lumps, or not at all.
    pub(super) fn is_held(&self) -> bool {
        self.stream.as_ref().is_some_and(|stream| is_held(stream, self.is_published))
    }

    /// Whom the server thinks it was asked for, where that is not whom the browser asked.
    pub(super) fn other_host(&self) -> Option<&str> {
        let heard = self.testimony.as_ref()?.this.host.as_deref()?;
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
pub(super) fn is_held(stream: &Streamed, is_published: bool) -> bool {
    let Some(first) = stream.pieces.first() else {
        return matches!(stream.status, 0 | 200) && stream.listened - stream.stalled > AWAKE_MS;
    };
    let pause = if is_published { longest_pause(stream) } else { *first };
    stream.status == 200 && pause - stream.stalled > LUMP_MS
}

/// The longest time without a piece, from the request to the end of listening, milliseconds.
pub(super) fn longest_pause(stream: &Streamed) -> f64 {
    let ends = stream.pieces.iter().copied().chain([stream.listened]);
    let starts = [0.0].into_iter().chain(stream.pieces.iter().copied());
    starts.zip(ends).map(|(start, end)| end - start).fold(0.0, f64::max)
}
