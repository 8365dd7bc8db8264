//! Asking, and what the page knows of it so far.

use std::{any::Any, rc::Rc};

use common::lab::{LabId, LabRun};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{
    super::offset::Offset,
    evidence::{CROWD, CROWD_MS, Evidence, SILENCE_S, Way, is_held},
    judge::{Check, Finding, Said, Verdict},
    mend::Proxy,
    report,
};
use crate::{
    live::{Kept, Slot, effect},
    ports::{Browser, LabPorts, LinkState, Opened, Probing, Silence},
    words::{DoctorWords, Words},
};

/// What is published to be streamed: pieces a second, bytes of each, and for how many seconds. So little that a proxy's buffer, of 4 KiB and
/// more, is not full before the page has stopped listening.
const RATE: u32 = 5;
const BYTES: u32 = 64;
const RUN_S: u32 = 10;
/// So many looks at the server's clock.
const LOOKS: usize = 4;
/// A silence that ended together with the page's own line says nothing of silence: it is asked for again, so often at most.
const SILENCES: u32 = 3;

#[derive(Clone, Copy)]
pub(super) struct Examination {
    seen: Slot<Evidence>,
    pub(super) findings: Slot<Vec<Finding>>,
    pub(super) proxy: Slot<Proxy>,
    /// As it was when something was last seen, or when it was last copied: what a reader selects in it does not change each second.
    pub(super) report: Slot<String>,
    /// What became of the report.
    pub(super) told: Slot<String>,
    /// What examines could not be loaded.
    pub(super) missing: Slot<bool>,
    said: Said,
    browser: Kept<Browser>,
    ports: Kept<Option<SendWrapper<Rc<dyn LabPorts>>>>,
    /// What may take long ends when it is dropped.
    guard: Kept<Option<SendWrapper<Box<dyn Any>>>>,
    /// Which examination it is: what an earlier one still brings is not heard.
    number: Kept<u32>,
    /// Since when the silence is kept, milliseconds of the browser's clock.
    silent_since: Kept<f64>,
}

/// One of them, while it lasts.
#[derive(Clone)]
struct Round {
    all: Examination,
    number: u32,
    ports: Rc<dyn LabPorts>,
    probing: Rc<dyn Probing>,
    probe: LabId,
}

impl Examination {
    /// One that begins when the page is there, and ends with it.
    pub(super) fn new(browser: Browser) -> Self {
        let examination = Self {
            seen: Slot::new(Evidence::default()),
            findings: Slot::new(Vec::new()),
            said: Said(DoctorWords::here(), Words::here()),
            proxy: Slot::new(Proxy::Nginx),
            report: Slot::new(String::new()),
            told: Slot::new(String::new()),
            missing: Slot::new(false),
            browser: Kept::new(browser),
            ports: Kept::new(None),
            guard: Kept::new(None),
            number: Kept::new(0),
            silent_since: Kept::new(0.0),
        };
        effect(move || {
            examination.seen.track();
            examination.proxy.track();
            examination.write_report();
        });
        effect(move || {
            examination.fetch();
            let browser = examination.browser.get();
            let ticking = browser.every_second(Box::new(move || examination.tick()));
            // The page's own line is there on every page, and the badge tells how it is.
            let metrics = common::host::HostId::local().metrics_topic();
            let line = browser.watch(metrics, None, Box::new(|_| ()));
            let held = SendWrapper::new((ticking, line));
            on_cleanup(move || drop(held));
        });
        examination
    }

    /// Asks for what examines, again after it did not come.
    pub(super) fn fetch(self) {
        let browser = self.browser.get();
        spawn_local(async move {
            let ports = browser.laboratory().await;
            // The page may have been left meanwhile.
            if self.seen.is_gone() {
                return;
            }
            self.missing.set(ports.is_none());
            self.ports.set(ports.map(SendWrapper::new));
            self.begin();
        });
    }

    /// Examines, anew if it has been done.
    pub(super) fn begin(self) {
        let Some(Some(ports)) = self.ports.with(Clone::clone) else { return };
        let ports = ports.take();
        let number = self.number.update(|number| {
            *number += 1;
            *number
        });
        let (Some(number), Ok(probe)) = (number, self.new_probe()) else { return };
        let doctor = ports.doctor();
        let (probing, guard) = doctor.begin();
        self.guard.set(Some(SendWrapper::new(guard)));
        self.told.set(String::new());
        self.seen.set(Evidence {
            is_secure: doctor.is_secure(),
            host: doctor.host(),
            protocol: ports.protocol(),
            ..Evidence::default()
        });
        self.judge();
        let round = Round { all: self, number, ports, probing, probe };
        round.clone().spawn(Round::ask_server);
        round.clone().spawn(Round::knock);
        round.clone().spawn(Round::open_socket);
        round.clone().spawn(Round::follow_stream);
        round.clone().spawn(Round::look_at_clock);
        round.spawn(Round::keep_silent);
    }

    fn new_probe(self) -> Result<LabId, common::lab::BadLabId> {
        self.browser.get().new_message_id().as_str().parse()
    }

    fn tick(self) {
        if self.seen.look(|seen| seen.silence.is_none()) == Some(true) {
            self.judge();
        }
    }

    /// Brings what people read in step with what was seen.
    fn judge(self) {
        let now = self.browser.with(|browser| browser.now()).unwrap_or_default();
        let silent = self.silent_since.with(|since| now - since).unwrap_or_default();
        let silent_s = (silent.max(0.0) / 1000.0) as u32;
        let judge = |seen: &Evidence| -> Vec<Finding> {
            Check::ALL.iter().map(|check| check.judge(seen, silent_s, self.said)).collect()
        };
        if let Some(findings) = self.seen.look(judge)
            && self.findings.look(|known| *known != findings) == Some(true)
        {
            self.findings.set(findings);
        }
    }

    /// Writes the report anew.
    fn write_report(self) {
        self.report.set(untrack(|| report::write(self, self.said.0)));
    }

    /// How many faults and notes there are, and whether anything is still being examined, silence aside; tracked.
    pub(super) fn counts(self) -> (usize, usize, bool) {
        self.findings.with(|findings| {
            let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
            let silence = findings.last().is_none_or(|finding| finding.verdict == Verdict::Running);
            let running = findings.is_empty() || count(Verdict::Running) > usize::from(silence);
            (count(Verdict::Fault), count(Verdict::Note), running)
        })
    }

    /// Where the server listens; tracked.
    pub(super) fn listen(self) -> String {
        let listen = self.seen.with(|seen| seen.testimony.as_ref().map(|told| told.listen.clone()));
        listen.unwrap_or_else(|| "127.0.0.1:3000".to_owned())
    }

    /// The page's address and the browser's name for itself.
    pub(super) fn surroundings(self) -> Option<[String; 2]> {
        let ports = self.ports.with(Clone::clone)??;
        Some(ports.take().doctor().surroundings())
    }

    /// Milliseconds since 1970.
    pub(super) fn now(self) -> u64 {
        self.browser.with(|browser| browser.now()).unwrap_or_default() as u64
    }

    /// Puts the report where it can be pasted from; `not` is called where the browser does not let it.
    pub(super) fn copy(self, not: impl FnOnce() + 'static) {
        let Some(Some(ports)) = self.ports.with(Clone::clone) else { return };
        let words = self.said.0;
        self.write_report();
        let report = self.report.peek();
        spawn_local(async move {
            let copied = ports.take().doctor().copy(&report).await;
            self.told.set(if copied { words.copied } else { words.not_copied }.to_owned());
            if !copied {
                not();
            }
        });
    }
}

impl Round {
    fn spawn<F: Future<Output = ()> + 'static>(self, ask: impl FnOnce(Self) -> F) {
        spawn_local(ask(self));
    }

    /// Whether it is still the one.
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
            let is_quiet = seen.ways.is_some() && seen.socket.is_some() && seen.stream.is_some();
            crowd_is_next = is_quiet && !seen.crowd_is_asked;
            seen.crowd_is_asked |= is_quiet;
        });
        self.all.judge();
        // A crowd keeps everything else waiting: it comes last, and once.
        if crowd_is_next {
            self.clone().spawn(Self::crowd);
        }
    }

    async fn ask_server(self) {
        let told = self.probing.testimony(&self.probe).await;
        self.note(|seen| match told {
            Ok(testimony) => {
                seen.is_unheard = false;
                seen.testimony = Some(testimony);
            }
            Err(_) => seen.is_unheard = seen.testimony.is_none(),
        });
    }

    /// What fails may have been an accident: only what fails twice is told.
    async fn knock(self) {
        let mut ways = self.knock_once().await;
        if !ways.iter().all(Way::is_ours) {
            ways = self.knock_once().await;
            self.clone().ask_server().await;
        }
        self.note(|seen| seen.ways = Some(ways));
    }

    async fn knock_once(&self) -> Vec<Way> {
        let transports = self.all.browser.get().transports();
        let asked: Vec<_> =
            transports.iter().map(|&(id, name)| (id, name, self.probing.knock(id, &self.probe))).collect();
        let mut ways = Vec::new();
        for (id, name, knock) in asked {
            ways.push(Way { id, name, path: self.probing.path(id), knock: knock.await });
        }
        ways
    }

    /// The same.
    async fn open_socket(self) {
        let mut opened = self.probing.socket(&self.probe).await;
        if !matches!(opened, Opened::After(_)) {
            opened = self.probing.socket(&self.probe).await;
            self.clone().ask_server().await;
        }
        self.note(|seen| seen.socket = Some(opened));
    }

    async fn follow_stream(self) {
        let run = LabRun { lab: self.probe.clone(), rate: RATE, bytes: BYTES, seconds: RUN_S };
        let is_published = self.ports.ask(&run).await.is_ok();
        let mut streamed = self.probing.stream(&self.probe).await;
        if is_held(&streamed, is_published) {
            streamed = self.probing.stream(&self.probe).await;
            self.clone().ask_server().await;
        }
        self.note(|seen| {
            seen.is_published = is_published;
            seen.stream = Some(streamed);
        });
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

    async fn crowd(self) {
        // A probe of its own, so that only the crowd is counted.
        let Ok(probe) = self.all.new_probe() else { return };
        self.probing.crowd(&probe, CROWD as u32, CROWD_MS).await;
        let told = self.probing.testimony(&probe).await;
        let arrived = told.map(|told| told.arrivals.iter().map(|arrival| arrival.at).collect());
        self.note(|seen| seen.crowd = Some(arrived.unwrap_or_default()));
    }

    async fn keep_silent(self) {
        let browser = self.all.browser.get();
        let mut end = None;
        for _ in 0..SILENCES {
            self.all.silent_since.set(browser.now());
            let silence = self.probing.silence(&self.probe, SILENCE_S * 1000).await;
            end = Some(silence);
            let is_broken = || {
                use LinkState::{Offline, Reconnecting};
                matches!(browser.link().get_untracked().state, Reconnecting { .. } | Offline { .. })
            };
            if !self.is_current() || !matches!(silence, Silence::Cut(_)) || !is_broken() {
                break;
            }
        }
        self.note(|seen| seen.silence = end);
    }
}
