//! Writes the findings as plain text, for the people who look after the network.

use leptos::{prelude::*, task::spawn_local};

use super::words::DoctorWords;
use super::{examination::Examination, judge::Finding};
use crate::format;

impl Examination {
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

    /// Writes the report anew.
    pub(super) fn write_report(self) {
        self.report.set(untrack(|| write(self, self.said.0)));
    }
}

/// The report as it is now. `words` are given to it: it is also written where a click has brought us.
fn write(examination: Examination, words: &'static DoctorWords) -> String {
    let findings = examination.findings.get();
    let [address, browser] = examination.surroundings().unwrap_or_default();
    let head = [
        ["Pulseboard: ", words.name].concat(),
        [words.made, ": ", &format::iso(examination.now())].concat(),
        [words.address, ": ", &address].concat(),
        [words.browser, ": ", &browser].concat(),
    ];
    let found = findings.iter().map(|finding| tell(finding, words));
    let name = [words.lines_for, examination.proxy.get().name()].concat();
    let lines = examination.lines().into_iter().map(|(_, text)| {
        let text = text.lines().map(|line| ["    ", line].concat());
        [name.clone()].into_iter().chain(text).collect::<Vec<_>>().join("\n")
    });
    let paragraphs = [head.join("\n")].into_iter().chain(found).chain(lines);
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn tell(finding: &Finding, words: &'static DoctorWords) -> String {
    let head = ["[", finding.verdict.word(words), "] ", finding.title].concat();
    let advice = finding.problem.map(|problem| problem.advice(words).to_owned());
    [Some(head), Some(finding.evidence.clone()), advice].into_iter().flatten().collect::<Vec<_>>().join("\n")
}
