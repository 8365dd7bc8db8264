//! The probes: what is known of each service, and the form by which one is made. The script of streams follows the list.

use common::{
    door::{paths, source_forms::ProbeForm},
    host::HostId,
    probe::{PROBE_NEWS, ProbeMark, ProbeState, ProbeVerdict},
    uptime::ProbeUptime,
};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    field::Field,
    form::{choose, fact, form, hidden, main_button, section, shared, time},
    problem::FormProblem,
    source_parts::{SourceDone, SourcePaths, acts, done, milliseconds, number, optional, tick},
    streams::{line_state, script},
    uptime::{self, days},
    words::{SourceWords, StreamWords},
};
use crate::{format, i18n::Words, pages::plain_text};

/// The kinds of probes, as the form has them.
pub const PROBE_KINDS: [&str; 4] = ["http", "tcp", "icmp", "dns"];
/// The types of records that are asked for.
const RECORDS: [&str; 10] = ["A", "AAAA", "CNAME", "MX", "NS", "TXT", "SRV", "SOA", "CAA", "PTR"];
/// The room for an answer in the strip.
const MARK: usize = 6;
const PATHS: SourcePaths =
    SourcePaths { page: paths::PROBES, pause: paths::PROBES_PAUSE, remove: paths::PROBES_REMOVE };

/// The page of probes.
#[derive(Debug, Clone)]
pub struct ProbesPage {
    /// The probes, by name.
    pub probes: Vec<ProbeRow>,
    /// The reader may make, change and remove probes.
    pub may_manage: bool,
    /// The days of one of them, by its number, where they are asked for.
    pub days: Option<u64>,
    /// The hosts whose agents may ask, by name.
    pub hosts: Vec<String>,
    /// The form as it is shown.
    pub draft: ProbeForm,
    /// The reason for which the form was not accepted.
    pub problem: Option<FormProblem>,
    /// The deed that was just done.
    pub done: Option<SourceDone>,
}

/// A probe, and what is known of its service.
#[derive(Debug, Clone)]
pub struct ProbeRow {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// The host that asks.
    pub from: String,
    /// Its kind; one of [`PROBE_KINDS`].
    pub kind: &'static str,
    /// The address, host or name that is asked.
    pub target: String,
    /// The time from one question to the next, milliseconds.
    pub interval_ms: u64,
    /// The name of the probe that it hangs on.
    pub parent: Option<String>,
    /// Its state.
    pub state: ProbeState,
    /// Its last answers, the newest last.
    pub marks: Vec<ProbeMark>,
    /// The share of time that its service was up; none where no history is kept.
    pub uptime: Option<ProbeUptime>,
}

/// Renders the document at [`paths::PROBES`].
#[must_use]
pub fn probes(context: &DoorContext, page: ProbesPage) -> String {
    let words = SourceWords::of(context.language);
    let is_refused = page.problem.is_some();
    let names: Vec<(u64, String)> = page.probes.iter().map(|probe| (probe.id, probe.name.clone())).collect();
    let may_manage = page.may_manage;
    let of_days = page.days.and_then(|id| page.probes.iter().find(|probe| probe.id == id));
    let of_days = of_days.and_then(|probe| Some(days(context, &probe.name, probe.uptime.as_ref()?)));
    let rows: Vec<_> = page.probes.into_iter().map(|probe| row(context, probe, may_manage)).collect();
    let list = if rows.is_empty() {
        view! { <p class="door__none">{words.no_probes}</p> }.into_any()
    } else {
        view! { <ul class="rows">{rows}</ul> }.into_any()
    };
    let form = may_manage.then(|| {
        let is_new = page.draft.id.is_empty();
        let body = edit(context, &page.draft, &names, &page.hosts, page.problem.as_ref());
        let title = if is_new { words.add_probe } else { words.change };
        section(context, "form", title, page.problem.as_ref(), body)
    });
    let body = view! {
        <p class="door__lead">{words.probes_hint}</p>
        {done(context, page.done)}
        <div data-follow=PROBE_NEWS data-base=context.base.clone() data-page=context.href(paths::PROBES)>
            {line_state(StreamWords::of(context.language))}
            <div data-list="">{list}</div>
        </div>
        {of_days}
        {form}
        {script()}
    };
    let title = shared(context).probes;
    document(context, DoorPage { title, is_refused, path: Some(paths::PROBES), body: body.into_any() })
}

fn row(context: &DoorContext, probe: ProbeRow, may_manage: bool) -> AnyView {
    let words = SourceWords::of(context.language);
    let page = Words::of(context.language);
    let ProbeRow { id, name, from, kind, target, interval_ms, parent, state, marks, uptime } = probe;
    let class = match state.verdict {
        ProbeVerdict::Up => "tag",
        ProbeVerdict::Down => "tag tag--crit",
        ProbeVerdict::Pending | ProbeVerdict::Unknown | ProbeVerdict::Paused => "tag tag--off",
    };
    let why = why(context, state.why, state.code.as_deref(), &from);
    let latency = state.latency_ms.map(|ms| fact(words.latency, milliseconds(ms).into_any()));
    let certificate =
        state.certificate_days_left.map(|days| fact(words.certificate, (words.days)(days).into_any()));
    let days = [paths::PROBES, "?days=", &id.to_string(), "#days"].concat();
    let uptime = uptime.map(|known| uptime::uptime(context, &known, &name, &days));
    let every = format::long_duration(interval_ms, page);
    let past = [
        "/explore?series=",
        &from,
        ":probe.latency:",
        &id.to_string(),
        "&series=",
        &from,
        ":probe.up:",
        &id.to_string(),
    ]
    .concat();
    let shown = plain_text(&target).into_owned();
    view! {
        <li class="row probe" id=["probe-", &id.to_string()].concat()>
            <div class="row__head">
                <p class="row__name">{name.clone()}</p>
                <span class=class>{(words.verdict)(state.verdict)}</span>
                <a class="probe__past" href=context.href(&past)>{words.past}</a>
            </div>
            {why}
            {strip(words, &marks)}
            {uptime}
            <dl class="row__facts">
                {fact(kind_name(kind), view! { <bdi>{shown}</bdi> }.into_any())} {latency}
                {fact(words.since, time(state.since_ms))} {certificate} {fact(words.every, every.into_any())}
                {asked_from(words, from)}
                {parent.map(|parent| fact(words.parent, parent.into_any()))}
            </dl>
            {may_manage.then(|| acts(context, PATHS, id, &name, state.verdict == ProbeVerdict::Paused))}
        </li>
    }
    .into_any()
}

/// The reason for which it is not up. Those that are about an agent are told in the reader's language.
fn why(context: &DoorContext, why: Option<String>, code: Option<&str>, from: &str) -> Option<AnyView> {
    let of_agent = code.and_then(|code| (SourceWords::of(context.language).of_agent)(code, from));
    if let Some(told) = of_agent {
        return Some(view! { <p class="probe__why">{told}</p> }.into_any());
    }
    let why = plain_text(&why?).into_owned();
    Some(view! { <p class="probe__why" lang="en">{why}</p> }.into_any())
}

/// The host that asks, where it is not the server's own.
fn asked_from(words: &SourceWords, from: String) -> Option<AnyView> {
    let is_here = from == HostId::local().as_str();
    (!is_here).then(|| fact(words.from, view! { <bdi>{from}</bdi> }.into_any()))
}

fn kind_name(kind: &'static str) -> &'static str {
    match kind {
        "tcp" => "TCP",
        "icmp" => "ICMP",
        "dns" => "DNS",
        _ => "HTTP",
    }
}

/// The last answers as bars: as high as they took long, and of full height where there was none.
fn strip(words: &SourceWords, marks: &[ProbeMark]) -> Option<AnyView> {
    if marks.is_empty() {
        return None;
    }
    let longest = marks.iter().filter_map(|mark| mark.latency_ms).fold(1.0, f64::max);
    let up = marks.iter().filter(|mark| mark.verdict == ProbeVerdict::Up).count();
    let bars: Vec<_> = marks
        .iter()
        .enumerate()
        .map(|(place, mark)| {
            let level = match mark.verdict {
                ProbeVerdict::Up => "none",
                ProbeVerdict::Down => "crit",
                _ => "off",
            };
            let height = match (mark.verdict, mark.latency_ms) {
                (ProbeVerdict::Up, Some(ms)) => 6.0 + 18.0 * ms / longest,
                _ => 24.0,
            };
            let x = (place * MARK).to_string();
            let (y, height) = (format!("{:.1}", 24.0 - height), format!("{height:.1}"));
            view! { <rect class="probe__bar" data-level=level x=x y=y width="4" height=height rx="1" /> }
        })
        .collect();
    let view_box = format!("0 0 {} 24", marks.len().max(60) * MARK);
    let name = (words.strip)(up, marks.len());
    let strip = view! {
        <svg class="probe__strip" viewBox=view_box role="img" aria-label=name preserveAspectRatio="xMinYMid meet">
            {bars}
        </svg>
    };
    Some(strip.into_any())
}

fn edit(
    context: &DoorContext,
    draft: &ProbeForm,
    names: &[(u64, String)],
    hosts: &[String],
    problem: Option<&FormProblem>,
) -> AnyView {
    let words = SourceWords::of(context.language);
    let is = |value: &str, chosen: &str| value == chosen;
    let kinds = PROBE_KINDS
        .map(|kind| (kind.to_owned(), (words.kind_of)(kind).to_owned(), is(kind, &draft.kind)))
        .into();
    let records =
        RECORDS.map(|record| (record.to_owned(), record.to_owned(), is(record, &draft.record))).into();
    let none = (String::new(), words.no_parent.to_owned(), draft.parent.is_empty());
    let others = names.iter().filter(|(id, _)| id.to_string() != draft.id);
    let others = others.map(|(id, name)| (id.to_string(), name.clone(), is(&id.to_string(), &draft.parent)));
    let parents = std::iter::once(none).chain(others).collect();
    let own = HostId::local().as_str().to_owned();
    // One that was removed meanwhile stays chosen.
    let is_gone = draft.from != own && !draft.from.is_empty() && !hosts.contains(&draft.from);
    let gone = is_gone.then(|| draft.from.clone());
    let here = (own.clone(), words.this_server.to_owned(), draft.from == own);
    let others = hosts.iter().cloned().chain(gone);
    let others = others.map(|host| (host.clone(), host.clone(), host == draft.from));
    let places = std::iter::once(here).chain(others).collect();
    let name = Field {
        is_optional: false,
        max_chars: Some(80),
        ..optional("probe-name", "name", words.name, None, &draft.name)
    };
    let target = Field {
        is_optional: false,
        ..optional("probe-target", "target", words.target, Some(words.target_hint), &draft.target)
    };
    let status = optional("probe-status", "status", words.status, Some(words.status_hint), &draft.status);
    let server = optional("probe-server", "server", words.server, Some(words.server_hint), &draft.server);
    let has_http = draft.kind == "http"
        && [&draft.status, &draft.keyword, &draft.days_left].iter().any(|text| !text.is_empty());
    let fields = view! {
        {hidden("id", draft.id.clone())}
        {hidden("seen", draft.seen.clone())}
        {name.view(problem)}
        {choose("probe-kind".into(), "kind", words.kind.into(), true, kinds)}
        {target.view(problem)}
        {choose("probe-from".into(), "from", words.from_field.into(), true, places)}
        {number("probe-interval", "interval", words.interval, &draft.interval).view(problem)}
        {number("probe-timeout", "timeout", words.timeout, &draft.timeout).view(problem)}
        {number("probe-retries", "retries", words.retries, &draft.retries).view(problem)}
        {choose("probe-parent".into(), "parent", words.parent_hint.into(), true, parents)}
        <details class="door__more" open=has_http>
            <summary>{words.of_http}</summary>
            {status.view(problem)}
            {optional("probe-keyword", "keyword", words.keyword, None, &draft.keyword).view(problem)}
            {tick("probe-absent", "absent", words.absent, draft.absent.is_some())}
            {number("probe-days", "days_left", words.days_left, &draft.days_left).view(problem)}
            {tick("probe-unverified", "unverified", words.unverified, draft.unverified.is_some())}
        </details>
        <details class="door__more" open=draft.kind == "dns">
            <summary>{words.of_dns}</summary>
            {choose("probe-record".into(), "record", words.record.into(), true, records)}
            {server.view(problem)}
            {optional("probe-expect", "expect", words.expect, None, &draft.expect).view(problem)}
        </details>
        {main_button(words.save)}
    };
    form(context, paths::PROBES_SAVE, "door__form", fields.into_any())
}
