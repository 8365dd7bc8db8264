//! The state of an examination: what the page knows so far, and what that means.

use std::{any::Any, rc::Rc};

use common::lab::LabId;

use send_wrapper::SendWrapper;

use super::words::DoctorWords;
use super::{
    evidence::Evidence,
    judge::{Check, Finding, ReportTexts, Verdict},
    remedies::{Proxy, RemedyLines},
};
use crate::{
    i18n::Words,
    live::{Cell, Stored},
    ports::{Browser, LabPorts, Probing},
};

/// An examination, and what its page shows of it.
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
    pub(super) said: ReportTexts,
    pub(super) browser: Stored<Browser>,
    pub(super) ports: Stored<Option<SendWrapper<Rc<dyn LabPorts>>>>,
    /// The probes that may take long; they end when this is dropped.
    pub(super) guard: Stored<Option<SendWrapper<Box<dyn Any>>>>,
    /// Which examination it is: what an earlier one still brings is not heard.
    pub(super) number: Stored<u32>,
    /// The probe of the Host.
    pub(super) probing: Stored<Option<SendWrapper<Rc<dyn Probing>>>>,
    pub(super) ticks: Stored<u32>,
    /// Since when the silence is kept, milliseconds of the browser's clock.
    pub(super) silent_since: Stored<f64>,
}

impl Examination {
    /// One of which nothing is known yet.
    pub(super) fn new(browser: Browser) -> Self {
        Self {
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
        }
    }

    pub(super) fn new_probe(self) -> Result<LabId, common::lab::BadLabId> {
        self.browser.get().messages.new_message_id().as_str().parse()
    }

    /// The reader says which proxy it is.
    pub(super) fn choose(self, proxy: Proxy) {
        self.chosen.set(true);
        self.proxy.set(proxy);
    }

    /// Brings what people read in step with what was seen.
    pub(super) fn judge(self) {
        let now = self.browser.with(|browser| browser.clock.now()).unwrap_or_default();
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
        self.browser.with(|browser| browser.clock.now()).unwrap_or_default() as u64
    }
}
