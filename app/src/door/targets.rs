//! The targets: Prometheus endpoints that are scraped, and the form by which one is added. The script of streams follows the list.

use common::{
    door::{paths, source_forms::TargetForm},
    metric::Unit,
    target::TARGET_NEWS,
};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    field::Field,
    form::{fact, form, hidden, main_button, section, shared, time},
    problem::FormProblem,
    source_parts::{SourceDone, SourcePaths, acts, done, milliseconds, number, optional, tick},
    streams::{line_state, script},
    words::{SourceWords, StreamWords},
};
use crate::{format, i18n::Words, pages::plain_text};

const PATHS: SourcePaths =
    SourcePaths { page: paths::TARGETS, pause: paths::TARGETS_PAUSE, remove: paths::TARGETS_REMOVE };

/// The page of targets.
#[derive(Clone)]
pub struct TargetsPage {
    /// The targets, by name.
    pub targets: Vec<TargetRow>,
    /// The reader may add, change and remove targets.
    pub may_manage: bool,
    /// The form as it is shown.
    pub draft: TargetForm,
    /// The reason for which the form was not accepted.
    pub problem: Option<FormProblem>,
    /// The deed that was just done.
    pub done: Option<SourceDone>,
}

/// A target, and its last answer.
#[derive(Debug, Clone)]
pub struct TargetRow {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// The time from one scrape to the next, milliseconds.
    pub interval_ms: u64,
    /// It is not scraped.
    pub is_paused: bool,
    /// Its last answer; none where it was not asked yet.
    pub answer: Option<TargetAnswer>,
}

/// The last answer of a target.
#[derive(Debug, Clone)]
pub struct TargetAnswer {
    /// When it was asked, milliseconds since 1970.
    pub at_ms: u64,
    /// The time that it took, milliseconds.
    pub took_ms: f64,
    /// The series in it.
    pub series: usize,
    /// Its bytes, unpacked.
    pub bytes: usize,
    /// Faults in it, in English words of the server.
    pub faults: Vec<String>,
    /// Why there is none, in English words of the server.
    pub error: Option<String>,
}

/// Renders the document at [`paths::TARGETS`].
#[must_use]
pub fn targets(context: &DoorContext, page: TargetsPage) -> String {
    let words = SourceWords::of(context.language);
    let is_refused = page.problem.is_some();
    let may_manage = page.may_manage;
    let rows: Vec<_> = page.targets.into_iter().map(|target| row(context, target, may_manage)).collect();
    let list = if rows.is_empty() {
        view! { <p class="door__none">{words.no_targets}</p> }.into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let form = may_manage.then(|| {
        let title = if page.draft.id.is_empty() { words.add_target } else { words.change };
        let body = edit(context, &page.draft, page.problem.as_ref());
        section(context, "form", title, page.problem.as_ref(), body)
    });
    let body = view! {
        <p class="door__lead">{words.targets_hint}</p>
        {done(context, page.done)}
        <div data-follow=TARGET_NEWS data-base=context.base.clone() data-page=context.href(paths::TARGETS)>
            {line_state(StreamWords::of(context.language))}
            <div data-list="">{list}</div>
        </div>
        {form}
        {script()}
    };
    let title = shared(context).targets;
    document(context, DoorPage { title, is_refused, path: Some(paths::TARGETS), body: body.into_any() })
}

fn row(context: &DoorContext, target: TargetRow, may_manage: bool) -> AnyView {
    let words = SourceWords::of(context.language);
    let page = Words::of(context.language);
    let TargetRow { id, name, url, interval_ms, is_paused, answer } = target;
    let (class, text) = match &answer {
        _ if is_paused => ("tag tag--off", (words.verdict)(common::probe::ProbeVerdict::Paused)),
        None => ("tag tag--off", (words.verdict)(common::probe::ProbeVerdict::Pending)),
        Some(TargetAnswer { error: Some(_), .. }) => ("tag tag--crit", words.fails),
        Some(_) => ("tag", words.answers),
    };
    let error = answer.as_ref().and_then(|answer| answer.error.as_deref()).map(|error| {
        let error = plain_text(error).into_owned();
        view! { <p class="probe__why" lang="en">{error}</p> }
    });
    let faults = answer.as_ref().filter(|answer| !answer.faults.is_empty()).map(|answer| {
        let faults: Vec<_> = answer
            .faults
            .iter()
            .map(|fault| {
                let fault = plain_text(fault).into_owned();
                view! { <li>{fault}</li> }
            })
            .collect();
        view! {
            <details class="door__more row__facts">
                <summary>{words.faults}</summary>
                <ul lang="en">{faults}</ul>
            </details>
        }
    });
    let facts = answer.as_ref().map(|answer| {
        let has_some = answer.error.is_none();
        view! {
            {has_some.then(|| fact(words.series, answer.series.to_string().into_any()))}
            {has_some.then(|| fact(words.size, format::full(answer.bytes as f64, Unit::Bytes).into_any()))}
            {fact(words.took, milliseconds(answer.took_ms).into_any())}
            {fact(words.asked, time(answer.at_ms))}
        }
    });
    let every = format::long_duration(interval_ms, page);
    let past = ["/explore?find=target%3A", &id.to_string()].concat();
    let shown = plain_text(&url).into_owned();
    view! {
        <li class="row probe" id=["target-", &id.to_string()].concat()>
            <div class="row__head">
                <p class="row__name">{name.clone()}</p>
                <span class=class>{text}</span>
                <a class="probe__past" href=context.href(&past)>{words.past}</a>
            </div>
            {error}
            <dl class="row__facts">
                {fact(words.url, view! { <bdi>{shown}</bdi> }.into_any())} {facts}
                {fact(words.every, every.into_any())}
            </dl>
            {faults}
            {may_manage.then(|| acts(context, PATHS, id, &name, is_paused))}
        </li>
    }
    .into_any()
}

fn edit(context: &DoorContext, draft: &TargetForm, problem: Option<&FormProblem>) -> AnyView {
    let words = SourceWords::of(context.language);
    let name = Field {
        is_optional: false,
        max_chars: Some(80),
        ..optional("target-name", "name", words.name, None, &draft.name)
    };
    let url = Field {
        is_optional: false,
        inputmode: Some("url"),
        ..optional("target-url", "url", words.url, Some("http://localhost:9100/metrics"), &draft.url)
    };
    let metrics = Field {
        is_long: true,
        ..optional("target-metrics", "metrics", words.metrics, Some(words.metrics_hint), &draft.metrics)
    };
    let token = Field {
        is_secret: true,
        autocomplete: "new-password",
        ..optional("target-token", "token", words.token, Some(words.token_hint), "")
    };
    let fields = view! {
        {hidden("id", draft.id.clone())}
        {hidden("seen", draft.seen.clone())}
        {name.view(problem)}
        {url.view(problem)}
        {number("target-interval", "interval", words.interval, &draft.interval).view(problem)}
        {number("target-timeout", "timeout", words.timeout, &draft.timeout).view(problem)}
        {metrics.view(problem)}
        {token.view(problem)}
        {tick("target-unverified", "unverified", words.unverified, draft.unverified.is_some())}
        {main_button(words.save)}
    };
    form(context, paths::TARGETS_SAVE, "door__form", fields.into_any())
}
