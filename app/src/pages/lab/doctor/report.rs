//! What was found, as plain text for whoever looks after the network.

use super::{examination::Examination, judge::Finding, mend::Proxy};
use crate::{format, words::DoctorWords};

/// The report as it is now. `words` are given to it: it is also written where a click has brought us.
pub(super) fn write(examination: Examination, words: &'static DoctorWords) -> String {
    let (listen, proxy) = (examination.listen(), examination.proxy.get());
    let findings = examination.findings.get();
    let [address, browser] = examination.surroundings().unwrap_or_default();
    let head = [
        ["Pulseboard: ", words.name].concat(),
        [words.made, ": ", &format::iso(examination.now())].concat(),
        [words.address, ": ", &address].concat(),
        [words.browser, ": ", &browser].concat(),
    ];
    let found = findings.iter().map(|finding| tell(finding, proxy, &listen, words));
    let paragraphs = [head.join("\n")].into_iter().chain(found);
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn tell(finding: &Finding, proxy: Proxy, listen: &str, words: &'static DoctorWords) -> String {
    let mut lines =
        vec![["[", finding.verdict.word(words), "] ", finding.title].concat(), finding.evidence.clone()];
    if let Some(mend) = finding.mend {
        lines.push(mend.advice(words).to_owned());
        if let Some(text) = mend.lines(proxy, listen) {
            lines.push([words.lines_for, proxy.name()].concat());
            lines.extend(text.lines().map(|line| ["    ", line].concat()));
        }
    }
    lines.join("\n")
}
