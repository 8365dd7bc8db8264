//! Asking, and what the page knows of it so far.

use std::{any::Any, rc::Rc};

use common::lab::LabId;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{
    evidence::Evidence,
    judge::{Check, Finding, ReportTexts, Verdict},
    remedies::{Proxy, RemedyLines},
    report,
    round::ExaminationRun,
};
use crate::{
    i18n::{DoctorWords, Words},
    live::{Cell, Stored, effect},
    ports::{Browser, LabPorts, Probing},
};

/// A Host that was changed on the path is checked again this often, seconds.
const HOST_AGAIN_S: u32 = 5;
#[derive(Clone, Copy)]
pub(super) struct Examination {
    pub(super) seen: Cell<Evidence>,
    pub(super) findings: Cell<Vec<Finding>>,
    /// The places of what asks for attention, faults first, and of the rest; changed only when one moves.
    pub(super) order: Cell<[Vec<usize>; 2]>,
    pub(super) proxy: Cell<Proxy>,
    /// True if the reader has chosen the proxy.
    chosen: Stored<bool>,
    /// As it was when something was last seen, or when it was last copied: what a reader selects in it does not change each second.
    pub(super) report: Cell<String>,
    /// The result of saving or copying the report.
    pub(super) told: Cell<String>,
    /// True if the Doctor's code could not be loaded.
    pub(super) missing: Cell<bool>,
    said: ReportTexts,
    pub(super) browser: Stored<Browser>,
    ports: Stored<Option<SendWrapper<Rc<dyn LabPorts>>>>,
    /// The probes that may take long; they end when this is dropped.
    guard: Stored<Option<SendWrapper<Box<dyn Any>>>>,
    /// Which examination it is: what an earlier one still brings is not heard.
    pub(super) number: Stored<u32>,
    /// The probe of the Host.
    probing: Stored<Option<SendWrapper<Rc<dyn Probing>>>>,
    ticks: Stored<u32>,
    /// Since when the silence is kept, milliseconds of the browser's clock.
    pub(super) silent_since: Stored<f64>,
}

impl Examination {
    /// One that begins when the page is there, and ends with it.
    pub(super) fn new(browser: Browser) -> Self {
        let examination = Self {
            seen: Cell::new(Evidence::default()),
            findings: Cell::new(Vec::new()),
            said: ReportTexts(DoctorWords::here(), Words::here()),
            order: Cell::new([Vec::new(), (0..Check::ALL.len()).collect()]),
            proxy: Cell::new(Proxy::FIRST),
            chosen: Stored::new(false),
            report: Cell::new(String::new()),
            told: Cell::new(String::new()),
            missing: Cell::new(false),
            browser: Stored::new(browser),
            ports: Stored::new(None),
            guard: Stored::new(None),
            number: Stored::new(0),
            probing: Stored::new(None),
            ticks: Stored::new(0),
            silent_since: Stored::new(0.0),
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
        self.probing.set(Some(SendWrapper::new(probing.clone())));
        self.told.set(String::new());
        self.seen.set(Evidence {
            is_secure: doctor.is_secure(),
            host: doctor.host(),
            protocol: ports.protocol(),
            ..Evidence::default()
        });
        self.judge();
        let round = ExaminationRun { all: self, number, ports, probing, probe };
        round.begin();
    }

    pub(super) fn new_probe(self) -> Result<LabId, common::lab::BadLabId> {
        self.browser.get().new_message_id().as_str().parse()
    }

    fn tick(self) {
        if self.seen.look(|seen| seen.silence.is_none()) == Some(true) {
            self.judge();
        }
        let ticks = self.ticks.update(|ticks| {
            *ticks = ticks.wrapping_add(1);
            *ticks
        });
        let is_changed = self.seen.look(|seen| seen.other_host().is_some()) == Some(true);
        if is_changed && ticks.is_some_and(|ticks| ticks.is_multiple_of(HOST_AGAIN_S)) {
            self.look_at_host();
        }
    }

    /// Examines anew once whoever changed the Host has been told to leave it: only then can the upgrade be seen.
    fn look_at_host(self) {
        let Some(Some(probing)) = self.probing.with(Clone::clone) else { return };
        let (Ok(probe), number) = (self.new_probe(), self.number.with(|number| *number)) else { return };
        spawn_local(async move {
            let Ok(probe_report) = probing.take().probe_report(&probe).await else { return };
            let is_current = self.number.with(|now| *now) == number;
            let is_right = |seen: &Evidence| {
                Evidence { probe_report: Some(probe_report), host: seen.host.clone(), ..Evidence::default() }
                    .other_host()
                    .is_none()
            };
            if is_current && self.seen.look(is_right) == Some(true) {
                self.begin();
            }
        });
    }

    /// The reader says which proxy it is.
    pub(super) fn choose(self, proxy: Proxy) {
        self.chosen.set(true);
        self.proxy.set(proxy);
    }

    /// Brings what people read in step with what was seen.
    pub(super) fn judge(self) {
        let now = self.browser.with(|browser| browser.now()).unwrap_or_default();
        let silent = self.silent_since.with(|since| now - since).unwrap_or_default();
        let silent_s = (silent.max(0.0) / 1000.0) as u32;
        let judge = |seen: &Evidence| -> Vec<Finding> {
            Check::ALL.iter().map(|check| check.judge(seen, silent_s, self.said)).collect()
        };
        if let Some(findings) = self.seen.look(judge)
            && self.findings.look(|known| *known != findings) == Some(true)
        {
            let order = Self::ordered(&findings);
            self.findings.set(findings);
            if self.order.look(|known| *known != order) == Some(true) {
                self.order.set(order);
            }
        }
        let proxy = self.seen.look(Evidence::proxy).flatten();
        if let Some(proxy) = proxy.filter(|proxy| *proxy != self.proxy.peek())
            && self.chosen.with(|chosen| *chosen) == Some(false)
        {
            self.proxy.set(proxy);
        }
    }

    fn ordered(findings: &[Finding]) -> [Vec<usize>; 2] {
        let of = |verdict| (0..findings.len()).filter(move |&place| findings[place].verdict == verdict);
        let attention = of(Verdict::Fault).chain(of(Verdict::Note)).collect();
        let rest = |place: &usize| !matches!(findings[*place].verdict, Verdict::Fault | Verdict::Note);
        [attention, (0..findings.len()).filter(rest).collect()]
    }

    /// Which lines of the chosen proxy mend what was found; tracked.
    pub(super) fn lines(self) -> Vec<(RemedyLines, String)> {
        let (proxy, listen) = (self.proxy.get(), self.listen());
        let wanted = |lines: RemedyLines| {
            self.findings.with(|findings| {
                findings
                    .iter()
                    .any(|found| found.problem.and_then(super::remedies::Problem::lines) == Some(lines))
            })
        };
        let all = [RemedyLines::Whole, RemedyLines::Http2].into_iter().filter(|lines| wanted(*lines));
        all.filter_map(|lines| Some((lines, lines.of(proxy, &listen)?))).collect()
    }

    /// Writes the report anew.
    fn write_report(self) {
        self.report.set(untrack(|| report::write(self, self.said.0)));
    }

    /// Counts faults and notes, and says whether anything is still being examined, apart from silence, and whether
    /// silence is; tracked.
    pub(super) fn counts(self) -> (usize, usize, bool, bool) {
        self.findings.with(|findings| {
            let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
            let silence = findings.last().is_none_or(|finding| finding.verdict == Verdict::Running);
            let running = findings.is_empty() || count(Verdict::Running) > usize::from(silence);
            (count(Verdict::Fault), count(Verdict::Note), running, silence)
        })
    }

    /// Returns the address that the server listens on; tracked.
    pub(super) fn listen(self) -> String {
        let listen = self.seen.with(|seen| seen.probe_report.as_ref().map(|told| told.listen.clone()));
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
