//! From what was seen to what it means. Nothing here asks or waits.

use common::doctor::RequestLogEntry;

use super::words::DoctorWords;
use super::{
    evidence::{CROWD, CROWD_MS, Evidence, ProbeResult, SILENCE_S, is_enough, longest_pause},
    remedies::Problem,
};
use crate::{
    format,
    i18n::Words,
    ports::{IdleProbe, Preflight, WebSocketProbe},
};

/// The checks, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    Routes,
    Upgrade,
    Streaming,
    Host,
    Http,
    Tls,
    Crowd,
    Clock,
    Idle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Running,
    Well,
    Note,
    Fault,
    Unknown,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) title: &'static str,
    pub(super) evidence: String,
    /// The problem to solve, if there is one.
    pub(super) problem: Option<Problem>,
}

/// Clocks that are further apart show, milliseconds.
const APART_MS: f64 = 1_000.0;
/// An end this near to the life of a proxy's answers is that life, seconds: the silence begins a little after its answer, and timers are late.
const LIFE_S: f64 = 2.0;
/// A publication that comes later than this, and than the uncertainty of the clocks, is held back: readers see the lag
/// of a live number from a tenth of a second on.
const LATE_MS: f64 = 100.0;
const OLD: &str = "HTTP/1.0";
const NEW: &str = "HTTP/2.0";

impl Check {
    pub(super) const ALL: [Self; 9] = [
        Self::Routes,
        Self::Upgrade,
        Self::Streaming,
        Self::Host,
        Self::Http,
        Self::Tls,
        Self::Crowd,
        Self::Clock,
        Self::Idle,
    ];

    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Routes => "routes",
            Self::Upgrade => "upgrade",
            Self::Streaming => "streaming",
            Self::Host => "host",
            Self::Http => "http",
            Self::Tls => "tls",
            Self::Crowd => "crowd",
            Self::Clock => "clock",
            Self::Idle => "idle",
        }
    }

    /// Judges the observations. A silence that is still kept has lasted for so many seconds.
    pub(super) fn judge(self, seen: &Evidence, silent_s: u32, said: ReportTexts) -> Finding {
        let finding = match self {
            Self::Routes => routes(seen, said.0),
            Self::Upgrade => upgrade(seen, said.0),
            Self::Streaming => streaming(seen, said.0),
            Self::Host => host(seen, said.0),
            Self::Http => http(seen, said.0),
            Self::Tls => tls(seen, said.0),
            Self::Crowd => concurrency(seen, said.0),
            Self::Clock => clock(seen, said),
            Self::Idle => idle(seen, silent_s, said.0),
        };
        finding.unwrap_or_else(|| match (seen.is_unheard, self) {
            (true, _) => Finding::unknown(self.name(said.0), said.0.no_word.to_owned()),
            (false, _) => Finding::of(Verdict::Running, self.name(said.0), said.0.asking.to_owned()),
        })
    }

    fn name(self, words: &'static DoctorWords) -> &'static str {
        match self {
            Self::Routes => words.routes,
            Self::Upgrade => words.upgrade,
            Self::Streaming => words.streaming,
            Self::Host => words.host,
            Self::Http => words.http,
            Self::Tls => words.tls,
            Self::Crowd => words.crowd,
            Self::Clock => words.clock,
            Self::Idle => words.idle,
        }
    }
}

/// The doctor's words, and those of all pages.
#[derive(Clone, Copy)]
pub(super) struct ReportTexts(pub(super) &'static DoctorWords, pub(super) &'static Words);

impl Verdict {
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Well => "well",
            Self::Note => "note",
            Self::Fault => "fault",
            Self::Unknown => "unknown",
        }
    }

    pub(super) const fn word(self, words: &'static DoctorWords) -> &'static str {
        match self {
            Self::Running => words.running,
            Self::Well => words.well,
            Self::Note => words.note,
            Self::Fault => words.fault,
            Self::Unknown => words.unknown,
        }
    }
}

impl Finding {
    fn of(verdict: Verdict, title: &'static str, evidence: String) -> Self {
        Self { verdict, title, evidence, problem: None }
    }

    fn well(title: &'static str, evidence: String) -> Self {
        Self::of(Verdict::Well, title, evidence)
    }

    fn unknown(title: &'static str, evidence: String) -> Self {
        Self::of(Verdict::Unknown, title, evidence)
    }

    fn fault(title: &'static str, evidence: String, problem: Problem) -> Self {
        Self { verdict: Verdict::Fault, title, evidence, problem: Some(problem) }
    }

    fn note(title: &'static str, evidence: String, problem: Problem) -> Self {
        Self { verdict: Verdict::Note, title, evidence, problem: Some(problem) }
    }
}

fn routes(seen: &Evidence, words: &'static DoctorWords) -> Option<Finding> {
    let ways = seen.ways.as_ref()?;
    seen.probe_report.as_ref()?;
    let told = |way: &ProbeResult| {
        let name = [way.name, " (", way.path, ")"].concat();
        match way.knock {
            Preflight::Answered(status) => (words.route_answered)(&name, status),
            Preflight::Cut => (words.route_cut)(&name),
            Preflight::Silent => (words.route_silent)(&name),
        }
    };
    let blocked: Vec<_> = ways.iter().filter(|way| !seen.is_free(way)).map(told).collect();
    Some(if blocked.is_empty() {
        Finding::well(words.routes, (words.all_routes)(ways.len()))
    } else {
        Finding::fault(words.blocked, blocked.join(" "), Problem::Routes)
    })
}

fn upgrade(seen: &Evidence, words: &'static DoctorWords) -> Option<Finding> {
    let socket = seen.socket?;
    if let WebSocketProbe::After(ms) = socket {
        return Some(Finding::well(words.upgrade, (words.socket_opened)(&whole(ms))));
    }
    if seen.is_blocked("websocket") {
        return Some(Finding::unknown(words.upgrade, words.behind_block.to_owned()));
    }
    seen.probe_report.as_ref()?;
    let refused = |told: String| Finding::fault(words.refused, told, Problem::Upgrade);
    Some(match (seen.arrival("/live/ws"), socket) {
        (Some(RequestLogEntry { upgrade: None, http, .. }), _) => {
            Finding::fault(words.stripped, (words.socket_stripped)(http), Problem::Upgrade)
        }
        // The server itself refuses it then, as one of another site.
        (Some(_), _) if seen.other_host().is_some() => {
            Finding::unknown(words.upgrade, words.behind_host.to_owned())
        }
        (Some(_), _) => refused(words.answer_lost.to_owned()),
        (None, WebSocketProbe::Refused(ms)) => refused((words.socket_refused)(&whole(ms))),
        (None, WebSocketProbe::Silent(ms) | WebSocketProbe::After(ms)) => {
            refused((words.socket_silent)(&format::fixed(ms / 1000.0, 1)))
        }
    })
}

fn streaming(seen: &Evidence, words: &'static DoctorWords) -> Option<Finding> {
    let stream = seen.stream.as_ref()?;
    if seen.is_blocked("sse") {
        return Some(Finding::unknown(words.streaming, words.behind_block.to_owned()));
    }
    seen.probe_report.as_ref()?;
    // Both have been listened to: what begins long is treated apart by some.
    seen.long_stream.as_ref()?;
    let unknown = |told: String| Some(Finding::unknown(words.streaming, told));
    if let Some(held) = seen.held().filter(|_| seen.arrival("/live/sse").is_some()) {
        let pause = format::fixed(longest_pause(held) / 1000.0, 1);
        let told = match (std::ptr::eq(held, stream), held.beats.is_empty()) {
            (false, _) => words.held_long,
            (true, true) => words.held_all,
            (true, false) => words.held_some,
        };
        return Some(Finding::fault(words.held, told(&pause), Problem::Streaming));
    }
    // A farewell is an answer, and no stream.
    if let Some(reason) = stream.bye {
        return unknown((words.turned_away)(reason));
    }
    let Some(first) = stream.pieces.first().filter(|_| stream.status == 200) else {
        return unknown((words.stream_refused)(stream.status));
    };
    if !is_enough(stream) {
        return unknown(words.too_few.to_owned());
    }
    // The clock is needed to tell their delay.
    seen.clock?;
    let (count, first) = (stream.beats.len(), whole(*first));
    Some(match seen.lag() {
        Some((lag, error)) if lag > LATE_MS + 2.0 * error => Finding::fault(
            words.late,
            (words.late_seen)(&whole(lag), &format::fixed(error, 1)),
            Problem::Late,
        ),
        _ => Finding::well(words.streaming, (words.streamed)(count, &first)),
    })
}

fn host(seen: &Evidence, words: &'static DoctorWords) -> Option<Finding> {
    seen.probe_report.as_ref()?;
    Some(match seen.other_host() {
        Some(heard) => Finding::fault(words.other_host, (words.other_seen)(&seen.host, heard), Problem::Host),
        None => Finding::well(words.host, (words.same_host)(&seen.host)),
    })
}

fn http(seen: &Evidence, words: &'static DoctorWords) -> Option<Finding> {
    let this = &seen.probe_report.as_ref()?.this;
    Some(if this.http == OLD {
        Finding::fault(words.old_http, (words.old_seen)(&seen.protocol), Problem::Http)
    } else {
        Finding::well(words.http, (words.arrives)(&this.http))
    })
}

fn tls(seen: &Evidence, words: &'static DoctorWords) -> Option<Finding> {
    let probe_report = seen.probe_report.as_ref()?;
    let heard = &probe_report.this.http;
    if !seen.is_secure {
        return Some(if seen.is_local() {
            Finding::well(words.tls, words.plain_local.to_owned())
        } else {
            Finding::note(words.no_tls, words.plain.to_owned(), Problem::Plain)
        });
    }
    if !probe_report.tls {
        return Some(Finding::well(words.tls, (words.ends_before)(heard)));
    }
    // A browser takes HTTP/2 wherever it is offered (RFC 7301), and the server offers it.
    if seen.protocol == "h2" && heard == NEW {
        return Some(Finding::well(words.tls, (words.whole)(heard)));
    }
    // A program that opens TLS is to blame for delays, too: a proxy that cannot read an answer cannot know its end.
    let held = seen.stream.as_ref().zip(seen.long_stream.as_ref()).map(|_| seen.held().is_some())?;
    let mut told = (words.opened_seen)(&seen.protocol, heard);
    if held {
        told.push_str(words.opened_held);
    }
    let verdict = if held { Verdict::Fault } else { Verdict::Note };
    Some(Finding { verdict, ..Finding::fault(words.opened, told, Problem::Tls) })
}

fn concurrency(seen: &Evidence, words: &'static DoctorWords) -> Option<Finding> {
    let Some(at_once) = seen.at_once() else {
        return seen.crowd.as_ref().map(|_| Finding::unknown(words.crowd, words.no_word.to_owned()));
    };
    if at_once >= CROWD {
        return Some(Finding::well(words.crowd, (words.all_at_once)(at_once, &seen.protocol)));
    }
    let waited = format::fixed(f64::from(CROWD_MS) / 1000.0, 1);
    // Over HTTP/1.1 it is the browser that counts, over HTTP/2 who it talks to.
    Some(if seen.protocol.starts_with("http/1") {
        Finding::note(words.six, (words.six_seen)(at_once, CROWD, &waited), Problem::Six)
    } else {
        let told = (words.streams_seen)(at_once, CROWD, &waited, &seen.protocol);
        Finding::note(words.few_streams, told, Problem::Streams)
    })
}

fn clock(seen: &Evidence, ReportTexts(words, common): ReportTexts) -> Option<Finding> {
    let Some((apart, error)) = seen.clock? else {
        return Some(Finding::unknown(words.clock, words.no_word.to_owned()));
    };
    let off = format::fixed(error, 1);
    Some(if apart.abs() > APART_MS + error {
        let long = format::long_duration((apart.abs() / 1000.0).round() as u64 * 1000, common);
        Finding::fault(words.apart, (words.apart_seen)(apart > 0.0, &long, &off), Problem::Clock)
    } else {
        Finding::well(words.clock, (words.clocks)(&format::fixed(apart.abs(), 1), &off))
    })
}

fn idle(seen: &Evidence, silent_s: u32, words: &'static DoctorWords) -> Option<Finding> {
    let found = silence(seen, silent_s, words)?;
    // No look of a minute shows it: it is known of the proxy.
    let known = seen.proxy().and_then(|proxy| Some((proxy.name(), proxy.life_s()?)));
    let Some((name, life_s)) = known else { return Some(found) };
    // A silence that lasted as long as an answer lives was not ended for being silent.
    let lived = matches!(seen.silence, Some(IdleProbe::Cut(after)) if (after / 1000.0 - f64::from(life_s)).abs() < LIFE_S);
    Some(if lived || matches!(found.verdict, Verdict::Well | Verdict::Running) {
        let told = [(words.life_seen)(name, life_s), found.evidence].join(" ");
        Finding::note(words.short_life, told, Problem::Life)
    } else {
        found
    })
}

fn silence(seen: &Evidence, silent_s: u32, words: &'static DoctorWords) -> Option<Finding> {
    let Some(end) = seen.silence else {
        let told = (words.silent_so_far)(silent_s, SILENCE_S);
        return (!seen.is_unheard).then(|| Finding::of(Verdict::Running, words.idle, told));
    };
    Some(match end {
        IdleProbe::Whole => Finding::well(words.idle, (words.silent_long)(SILENCE_S)),
        IdleProbe::Refused(status) => Finding::unknown(words.idle, (words.no_silence)(status)),
        IdleProbe::Dropped => Finding::fault(words.cut, (words.dropped)(SILENCE_S), Problem::Idle),
        IdleProbe::Cut(after) => {
            let heartbeat = seen.probe_report.as_ref()?.heartbeat_ms;
            let lives = after > heartbeat as f64;
            let told = (words.cut_seen)(&format::fixed(after / 1000.0, 0), heartbeat / 1000, lives);
            let verdict = if lives { Verdict::Note } else { Verdict::Fault };
            Finding { verdict, ..Finding::fault(words.cut, told, Problem::Idle) }
        }
    })
}

fn whole(ms: f64) -> String {
    format::fixed(ms, 0)
}
