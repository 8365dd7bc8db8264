//! One examination while it lasts: what is asked, in which order, and how often.

use std::rc::Rc;

use common::lab::{LabId, LabRun};
use leptos::{prelude::*, task::spawn_local};

use super::{
    super::offset::Offset,
    evidence::{CROWD, CROWD_MS, Evidence, ProbeResult, SILENCE_S, is_held},
    examination::Examination,
};
use crate::ports::{IdleProbe, LabPorts, LinkState, Probing, StreamProbe, WebSocketProbe};

/// The publications to stream: pieces a second, bytes of each, and the number of seconds. So little that a proxy's
/// buffer, of 4 KiB and more, is not full before the page has stopped listening; and so seldom that none pushes out
/// the one before, where something waits for more for a fifth of a second.
const RATE: u32 = 3;
const BYTES: u32 = 64;
const RUN_S: u32 = 10;
/// So many looks at the server's clock.
const LOOKS: usize = 4;
/// A silence that ended together with the page's own line says nothing of silence: it is asked for again, so often at most.
const SILENCES: u32 = 3;

/// An earlier one asks on until it notices; what it still brings is not heard.
#[derive(Clone)]
pub(super) struct ExaminationRun {
    pub(super) all: Examination,
    pub(super) number: u32,
    pub(super) ports: Rc<dyn LabPorts>,
    pub(super) probing: Rc<dyn Probing>,
    pub(super) probe: LabId,
}

impl ExaminationRun {
    /// Asks everything that does not wait for something else.
    pub(super) fn begin(self) {
        self.clone().spawn(ExaminationRun::ask_server);
        self.clone().spawn(ExaminationRun::preflight);
        self.clone().spawn(ExaminationRun::open_socket);
        self.clone().spawn(ExaminationRun::follow_stream);
        self.clone().spawn(ExaminationRun::follow_long_stream);
        self.clone().spawn(ExaminationRun::see_who_answers);
        self.clone().spawn(ExaminationRun::look_at_clock);
        self.spawn(ExaminationRun::keep_silent);
    }

    fn spawn<F: Future<Output = ()> + 'static>(self, ask: impl FnOnce(Self) -> F) {
        spawn_local(ask(self));
    }

    /// Returns true if the run is still the current one.
    fn is_current(&self) -> bool {
        self.all.number.with(|number| *number == self.number) == Some(true)
    }

    /// Notes what was seen, and asks for what waits for it.
    fn note(&self, note: impl FnOnce(&mut Evidence)) {
        if !self.is_current() {
            return;
        }
        let mut crowd_is_next = false;
        self.all.seen.update(|seen| {
            note(seen);
            let is_streamed = seen.stream.is_some() && seen.long_stream.is_some();
            let is_quiet = seen.ways.is_some() && seen.socket.is_some() && is_streamed;
            crowd_is_next = is_quiet && !seen.crowd_is_asked;
            seen.crowd_is_asked |= is_quiet;
        });
        self.all.judge();
        // A crowd keeps everything else waiting: it comes last, and once.
        if crowd_is_next {
            self.clone().spawn(Self::concurrency);
        }
    }

    async fn ask_server(self) {
        let told = self.probing.probe_report(&self.probe).await;
        self.note(|seen| match told {
            Ok(probe_report) => {
                seen.is_unheard = false;
                seen.probe_report = Some(probe_report);
            }
            Err(_) => seen.is_unheard = seen.probe_report.is_none(),
        });
    }

    /// Asks each transport's address, and again if it fails: a single failure may be an accident.
    async fn preflight(self) {
        let mut ways = self.preflight_once().await;
        if !ways.iter().all(ProbeResult::is_ours) {
            ways = self.preflight_once().await;
            self.clone().ask_server().await;
        }
        self.note(|seen| seen.ways = Some(ways));
    }

    async fn preflight_once(&self) -> Vec<ProbeResult> {
        let transports = self.all.browser.get().link.transports();
        let asked: Vec<_> = transports
            .iter()
            .map(|&(id, name)| (id, name, self.probing.preflight(id, &self.probe)))
            .collect();
        let mut ways = Vec::new();
        for (id, name, knock) in asked {
            ways.push(ProbeResult { id, name, path: self.probing.path(id), knock: knock.await });
        }
        ways
    }

    /// Opens a WebSocket, and again if it fails.
    async fn open_socket(self) {
        let mut opened = self.probing.socket(&self.probe).await;
        if !matches!(opened, WebSocketProbe::After(_)) {
            opened = self.probing.socket(&self.probe).await;
            self.clone().ask_server().await;
        }
        self.note(|seen| seen.socket = Some(opened));
    }

    async fn follow_stream(self) {
        let (streamed, is_published) = self.follow(false).await;
        self.note(|seen| {
            seen.is_published = is_published;
            seen.stream = Some(streamed);
        });
    }

    async fn follow_long_stream(self) {
        let (streamed, _) = self.follow(true).await;
        self.note(|seen| seen.long_stream = Some(streamed));
    }

    /// A stream, once more where it was held back, and whether anything was published for it.
    async fn follow(&self, long: bool) -> (StreamProbe, bool) {
        let run = LabRun { lab: self.probe.clone(), rate: RATE, bytes: BYTES, seconds: RUN_S };
        let is_published = self.ports.ask(&run).await.is_ok();
        let mut streamed = self.probing.stream(&self.probe, long).await;
        if is_held(&streamed, is_published) {
            streamed = self.probing.stream(&self.probe, long).await;
            self.clone().ask_server().await;
        }
        (streamed, is_published)
    }

    async fn see_who_answers(self) {
        let told = self.probing.answered_by().await;
        self.note(|seen| seen.answered_by = told);
    }

    async fn look_at_clock(self) {
        let mut offset = Offset::default();
        for _ in 0..LOOKS {
            if let Some(look) = self.ports.look_at_clock().await {
                offset.add(look);
            }
        }
        self.note(|seen| seen.clock = Some(offset.ms().zip(offset.error_ms())));
    }

    async fn concurrency(self) {
        // A probe of its own, so that only the crowd is counted.
        let Ok(probe) = self.all.new_probe() else { return };
        self.probing.concurrency(&probe, CROWD as u32, CROWD_MS).await;
        let told = self.probing.probe_report(&probe).await;
        let arrived = told.map(|told| told.arrivals.iter().map(|arrival| arrival.at).collect());
        self.note(|seen| seen.crowd = Some(arrived.unwrap_or_default()));
    }

    async fn keep_silent(self) {
        let browser = self.all.browser.get();
        let mut end = None;
        for _ in 0..SILENCES {
            self.all.silent_since.set(browser.clock.now());
            let silence = self.probing.silence(&self.probe, SILENCE_S * 1000).await;
            end = Some(silence);
            let is_broken = || {
                use LinkState::{Offline, Reconnecting};
                matches!(browser.link.link().get_untracked().state, Reconnecting { .. } | Offline { .. })
            };
            if !self.is_current() || !matches!(silence, IdleProbe::Cut(_)) || !is_broken() {
                break;
            }
        }
        self.note(|seen| seen.silence = end);
    }
}
