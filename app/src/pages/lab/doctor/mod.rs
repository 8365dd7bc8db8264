//! The doctor: what stands between this browser and the server, found by asking in every way that something on the way may treat
//! differently.

mod evidence;
mod examination;
mod judge;
mod mend;
mod report;
#[cfg(test)]
mod tests;

use leptos::prelude::*;
use web_sys::HtmlTextAreaElement;

use crate::{
    ports::Browser,
    widgets::{
        Icon, IntoPart, Part, Place, Segment, click, either, icon, list, live, property, segmented, text,
        when,
    },
    words::{DoctorWords, Words},
};

use examination::Examination;
use judge::{Check, Finding, Verdict};
use mend::Proxy;

pub(super) fn view() -> Part {
    // It comes as a piece, so it is built in a browser only.
    let Some(browser) = use_context::<Browser>() else { return ().fresh() };
    let examination = Examination::new(browser);
    let words = DoctorWords::here();
    view! {
        <p class="lab__intro">{words.intro}</p>
        {either(
            move || examination.missing.get(),
            move || missing(examination),
            move || examined(examination),
        )}
    }
    .fresh()
}

fn missing(examination: Examination) -> Part {
    view! {
        <div class="trouble" role="alert" data-testid="doctor-missing">
            <p>{DoctorWords::here().missing}</p>
            <button type="button" class="button" on:click=click(move || examination.fetch())>
                {Words::here().try_again}
            </button>
        </div>
    }
    .fresh()
}

fn examined(examination: Examination) -> Part {
    let words = DoctorWords::here();
    let report = Place::new();
    let select = move || {
        if let Some(field) = report.peek::<HtmlTextAreaElement>() {
            let _ = field.focus();
            field.select();
        }
    };
    let copy = move || examination.copy(select);
    let summary = move || match examination.counts() {
        (_, _, true) => words.asking.to_owned(),
        (faults, notes, false) => (words.found)(faults, notes),
    };
    let segments = Proxy::ALL.map(|proxy| Segment::new(proxy.name(), examination.proxy, proxy));
    view! {
        <div class="doctor__head">
            <p class="doctor__summary" role="status" data-testid="doctor-summary">{text(summary)}</p>
            <div class="doctor__acts">
                <span class="doctor__proxy" aria-hidden="true">{words.proxy}</span>
                {segmented("doctor-proxy", words.proxy, segments)}
                <button
                    type="button"
                    class="button"
                    data-testid="doctor-again"
                    on:click=click(move || examination.begin())
                >
                    {icon(Icon::PLAY)}
                    <span>{words.again}</span>
                </button>
                <button type="button" class="button" data-testid="doctor-copy" on:click=click(copy)>
                    {icon(Icon::SAVE)}
                    <span>{words.copy}</span>
                </button>
            </div>
        </div>
        <p class="doctor__told" role="status" data-testid="doctor-told">
            {text(move || examination.told.get())}
        </p>
        <div class="checks">{list(Check::ALL.into_iter().enumerate().map(move |(place, check)| one(examination, place, check)))}</div>
        <section class="report" aria-labelledby="doctor-report">
            <h2 id="doctor-report">{words.report}</h2>
            <textarea
                node_ref=report
                class="ask__field report__text"
                readonly
                rows="12"
                spellcheck="false"
                data-testid="doctor-report"
                aria-labelledby="doctor-report"
                prop:value=property(move || examination.report.get())
            ></textarea>
        </section>
    }
    .fresh()
}

/// What was found of one check.
fn one(examination: Examination, place: usize, check: Check) -> Part {
    let words = DoctorWords::here();
    let found = move |read: fn(&Finding) -> String| {
        move || examination.findings.with(|findings| findings.get(place).map(read).unwrap_or_default())
    };
    let title = ["doctor-title-", check.id()].concat();
    let named = title.clone();
    let verdict = found(|found| found.verdict.id().to_owned());
    let word = move || {
        let verdict = examination.findings.with(|findings| findings.get(place).map(|found| found.verdict));
        verdict.unwrap_or(Verdict::Running).word(words)
    };
    let mend = move || examination.findings.with(|findings| findings.get(place).and_then(|found| found.mend));
    view! {
        <section
            class="card check"
            data-testid=["doctor-", check.id()].concat()
            data-verdict=text(verdict)
            aria-labelledby=title
        >
            <header class="check__head">
                <span class="check__mark" aria-hidden="true"></span>
                <h2 class="check__title" id=named data-testid="title">{text(found(|found| found.title.to_owned()))}</h2>
                <span class="check__verdict">{text(word)}</span>
            </header>
            <p class="check__evidence" data-testid="evidence">{text(found(|found| found.evidence.clone()))}</p>
            {when(move || mend().is_some(), move || mending(examination, mend()))}
        </section>
    }
    .fresh()
}

fn mending(examination: Examination, mend: Option<Check>) -> Part {
    let words = DoctorWords::here();
    let Some(mend) = mend else { return ().fresh() };
    let lines = move || {
        let proxy = examination.proxy.get();
        let lines = mend.lines(proxy, &examination.listen());
        let Some(lines) = lines else { return ().fresh() };
        let name = [words.lines_for, proxy.name()].concat();
        view! {
            <figure class="lines">
                <figcaption class="lines__name">{name.clone()}</figcaption>
                <pre class="lines__text" tabindex="0" role="group" aria-label=name data-testid=["lines-", proxy.id()].concat()>
                    <code>{lines}</code>
                </pre>
            </figure>
        }
        .fresh()
    };
    view! {
        <p class="check__advice">{mend.advice(words)}</p>
        {live(lines)}
    }
    .fresh()
}
