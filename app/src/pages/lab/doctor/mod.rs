//! The doctor: what stands between this browser and the server, found by asking in every way that something on the way may treat
//! differently.

mod conduct;
mod evidence;
mod examination;
mod judge;
mod remedies;
mod report;
mod round;
#[cfg(test)]
mod tests;
pub(super) mod words;

use leptos::prelude::*;
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};

use crate::{
    i18n::Words,
    ports::Browser,
    widgets::{
        ElementRef, ErasedView, Icon, IntoErasedView, change, click, either, flag, icon, list, live,
        property, text, when,
    },
};
use words::DoctorWords;

use examination::Examination;
use judge::{Check, Finding, Verdict};
use remedies::{Proxy, RemedyLines};

pub(super) fn view() -> ErasedView {
    // It comes as a piece, so it is built in a browser only.
    let Some(browser) = use_context::<Browser>() else { return ().fresh() };
    let examination = Examination::of_page(browser);
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

fn missing(examination: Examination) -> ErasedView {
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

fn examined(examination: Examination) -> ErasedView {
    let words = DoctorWords::here();
    let report = ElementRef::new();
    let select = move || {
        if let Some(field) = report.peek::<HtmlTextAreaElement>() {
            let _ = field.focus();
            field.select();
        }
    };
    view! {
        {head(examination, select)}
        <div class="checks">
            {live(move || list(examination.order.with(|[attention, _]| attention.clone()).into_iter().map(|place| card(examination, place))))}
            {when(move || !examination.lines().is_empty(), move || lines_card(examination))}
            {rest(examination)}
        </div>
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

/// Renders the summary, in a line of its own that is there from the start, and the actions.
fn head(examination: Examination, select: impl Fn() + Copy + 'static) -> ErasedView {
    let words = DoctorWords::here();
    let summary = move || match examination.counts() {
        (_, _, true, _) => words.asking.to_owned(),
        (faults, notes, false, silence) => {
            let still = if silence { words.silence_goes_on } else { "" };
            [(words.found)(faults, notes).as_str(), still].concat()
        }
    };
    let is_at_fault = move || match examination.counts() {
        (_, _, true, _) => "running",
        (0, 0, ..) => "well",
        (0, ..) => "note",
        _ => "fault",
    };
    view! {
        <div class="doctor__head">
            <p class="doctor__summary" role="status" data-testid="doctor-summary" data-found=text(is_at_fault)>
                {text(summary)}
            </p>
            <div class="doctor__acts">
                {chooser(examination)}
                <button
                    type="button"
                    class="button"
                    data-testid="doctor-again"
                    on:click=click(move || examination.begin())
                >
                    {icon(Icon::PLAY)}
                    <span>{words.again}</span>
                </button>
                <button
                    type="button"
                    class="button"
                    data-testid="doctor-copy"
                    on:click=click(move || examination.copy(select))
                >
                    {icon(Icon::SAVE)}
                    <span>{words.copy}</span>
                </button>
            </div>
        </div>
        <p class="doctor__told" role="status" data-testid="doctor-told">
            {text(move || examination.told.get())}
        </p>
    }
    .fresh()
}

/// Which proxy the reader's is: the one that told of itself, or the one that they choose.
fn chooser(examination: Examination) -> ErasedView {
    let field = ElementRef::new();
    let choose = move || {
        let id = field.peek::<HtmlSelectElement>().map(|field| field.value());
        if let Some(proxy) = id.and_then(|id| Proxy::of(&id)) {
            examination.choose(proxy);
        }
    };
    let option = move |proxy: Proxy| {
        view! {
            <option value=proxy.id() prop:selected=flag(move || examination.proxy.get() == proxy)>
                {proxy.name()}
            </option>
        }
        .fresh()
    };
    view! {
        <label class="doctor__proxy">
            <span>{DoctorWords::here().proxy}</span>
            <select
                node_ref=field
                class="ask__field"
                data-testid="doctor-proxy"
                on:change=change(choose)
            >
                {list(Proxy::all().map(option))}
            </select>
        </label>
    }
    .fresh()
}

/// Reads a field of the finding at this index, as it is now.
fn found(
    examination: Examination,
    place: usize,
    read: fn(&Finding) -> String,
) -> impl Fn() -> String + Copy + Send {
    move || examination.findings.with(|findings| findings.get(place).map(read).unwrap_or_default())
}

fn word(examination: Examination, place: usize) -> impl Fn() -> &'static str + Copy + Send {
    let words = DoctorWords::here();
    move || {
        let verdict = examination.findings.with(|findings| findings.get(place).map(|found| found.verdict));
        verdict.unwrap_or(Verdict::Running).word(words)
    }
}

fn id(place: usize) -> &'static str {
    Check::ALL.get(place).map_or("", |check| check.id())
}

/// Renders a fault or a note, with the observation and the remedy.
fn card(examination: Examination, place: usize) -> ErasedView {
    let words = DoctorWords::here();
    let title = ["doctor-title-", id(place)].concat();
    let named = title.clone();
    let advice = move || {
        let problem =
            examination.findings.with(|findings| findings.get(place).and_then(|finding| finding.problem));
        problem.map_or("", |problem| problem.advice(words))
    };
    view! {
        <section
            class="card check"
            data-testid=["doctor-", id(place)].concat()
            data-verdict=text(found(examination, place, |found| found.verdict.id().to_owned()))
            aria-labelledby=title
        >
            <header class="check__head">
                <span class="check__mark" aria-hidden="true"></span>
                <h2 class="check__title" id=named data-testid="title">
                    {text(found(examination, place, |found| found.title.to_owned()))}
                </h2>
                <span class="check__verdict">{text(word(examination, place))}</span>
            </header>
            <p class="check__evidence" data-testid="evidence">
                {text(found(examination, place, |found| found.evidence.clone()))}
            </p>
            <p class="check__advice">{text(advice)}</p>
        </section>
    }
    .fresh()
}

/// Renders the checks that passed or are not finished: a row each.
fn rest(examination: Examination) -> ErasedView {
    let words = DoctorWords::here();
    let rows = move || {
        let places = examination.order.with(|[_, rest]| rest.clone());
        list(places.into_iter().map(|place| row(examination, place)))
    };
    view! {
        <section class="card card--rest" aria-labelledby="doctor-rest">
            <h2 class="check__title" id="doctor-rest">{words.rest}</h2>
            <ul class="checks__rest">{live(rows)}</ul>
        </section>
    }
    .fresh()
}

fn row(examination: Examination, place: usize) -> ErasedView {
    view! {
        <li
            class="check-row"
            data-testid=["doctor-", id(place)].concat()
            data-verdict=text(found(examination, place, |found| found.verdict.id().to_owned()))
        >
            <span class="check__mark" aria-hidden="true"></span>
            <span class="check-row__title" data-testid="title">
                {text(found(examination, place, |found| found.title.to_owned()))}
            </span>
            <span class="check-row__evidence" data-testid="evidence">
                {text(found(examination, place, |found| found.evidence.clone()))}
            </span>
            <span class="check__verdict">{text(word(examination, place))}</span>
        </li>
    }
    .fresh()
}

/// The lines that mend what was found, for the proxy that it is.
fn lines_card(examination: Examination) -> ErasedView {
    let words = DoctorWords::here();
    let blocks = move || {
        let proxy = examination.proxy.get();
        list(examination.lines().into_iter().map(|(kind, lines)| block(proxy, kind, lines)))
    };
    let has_whole = move || examination.lines().iter().any(|(kind, _)| *kind == RemedyLines::Whole);
    view! {
        <section class="card check card--lines" aria-labelledby="doctor-lines">
            <h2 class="check__title" id="doctor-lines">
                {text(move || [words.lines_for, examination.proxy.get().name()].concat())}
            </h2>
            {live(blocks)}
            {when(has_whole, move || view! { <p class="check__advice">{words.lines_are_all}</p> }.fresh())}
        </section>
    }
    .fresh()
}

fn block(proxy: Proxy, kind: RemedyLines, lines: String) -> ErasedView {
    let words = DoctorWords::here();
    let (name, id) = match kind {
        RemedyLines::Whole => (words.lines_whole, "lines-"),
        RemedyLines::Http2 => (words.lines_http2, "http2-"),
    };
    view! {
        <figure class="lines">
            <figcaption class="lines__name">{name}</figcaption>
            <pre
                class="lines__text"
                tabindex="0"
                role="group"
                aria-label=[name, ": ", proxy.name()].concat()
                data-testid=[id, proxy.id()].concat()
            >
                <code>{lines}</code>
            </pre>
        </figure>
    }
    .fresh()
}
