//! One host in the table.

use common::{
    door::paths,
    host_status::{HostLiveness, HostStatus},
    metric::Unit,
};
use leptos::prelude::*;

use super::{
    choice::{ArrangedRow, LATELY, search_text},
    host::HostRow,
};
use crate::{
    door::{context::DoorContext, form::percent_encoded, words::HostWords},
    format,
    i18n::Words,
    pages::plain_text,
};

/// A clock that is off by less is not told of, milliseconds.
const CLOCK: u64 = 2_000;
/// A share is a warning from here on, and critical from there.
const LEVELS: [(f64, &str); 2] = [(90.0, "crit"), (80.0, "warn")];

pub(super) fn row(context: &DoorContext, row: ArrangedRow, now_ms: u64) -> AnyView {
    let words = HostWords::of(context.language);
    let page = Words::of(context.language);
    let ArrangedRow { row, rank, is_shown } = row;
    let text = search_text(&row);
    // No value has a line end.
    let labels: Vec<String> =
        row.labels.iter().map(|(key, value)| [key, "=", &plain_text(value)].concat()).collect();
    let state = row.status.state;
    let transport = row.agent.as_ref().and_then(|agent| agent.transport);
    let [_, _, cpu, memory, disk, network, uptime, last_heard] = words.orders;
    let name = row.info.id.to_string();
    let past = [paths::HISTORY, "?host=", &percent_encoded(&name)].concat();
    let up = row.status.uptime.map_or_else(
        || words.unknown.to_owned(),
        |seconds| format::long_duration((seconds * 1000.0) as u64, page),
    );
    let status = &row.status;
    view! {
        <tr
            role="row"
            class="hosts__row"
            hidden=!is_shown
            data-id=name.clone()
            data-rank=rank.to_string()
            data-find=text
            data-labels=(!labels.is_empty()).then(|| labels.join("\n"))
            data-silent=is_silent(state).then_some("")
        >
            <td role="cell" class="hosts__state">
                {mark(words, state)}
            </td>
            <th role="rowheader" scope="row" class="hosts__name">
                {named(context, &row, labels.clone())}
            </th>
            {share(words, cpu, status.cpu)}
            {share(words, memory, status.memory)}
            {share(words, disk, status.disk)}
            <td role="cell" class="hosts__network" data-label=network>
                {rates(words, status)}
            </td>
            <td role="cell" data-label=uptime>
                <span>{up}</span>
            </td>
            <td role="cell" data-label=last_heard>
                {heard(words, page, status, now_ms)}
                {transport.map(|name| view! { <p class="hosts__facts">{name}</p> })}
            </td>
            <td role="cell" class="hosts__past">
                <a href=context.href(&past) aria-label=[words.past, ": ", &name].concat()>
                    {words.past}
                </a>
            </td>
        </tr>
    }
    .into_any()
}

const fn is_silent(state: HostLiveness) -> bool {
    matches!(state, HostLiveness::Offline | HostLiveness::Never)
}

fn mark(words: &HostWords, state: HostLiveness) -> AnyView {
    let (class, text) = match state {
        HostLiveness::Local => ("tag", words.here),
        HostLiveness::Online => ("tag", words.online),
        HostLiveness::Offline => ("tag tag--crit", words.offline),
        HostLiveness::Never => ("tag tag--off", words.never),
    };
    view! { <span class=class>{text}</span> }.into_any()
}

/// The name with all that is known of the host beside its numbers.
fn named(context: &DoorContext, row: &HostRow, labels: Vec<String>) -> AnyView {
    let words = HostWords::of(context.language);
    let page = Words::of(context.language);
    let HostRow { info, agent, status, .. } = row;
    let live = if agent.is_none() { "/".to_owned() } else { ["/?host=", info.id.as_str()].concat() };
    let hostname = (info.hostname != info.id.as_str()).then(|| plain_text(&info.hostname).into_owned());
    let system = info.os.as_deref().map(|os| plain_text(os).into_owned());
    let version = agent.as_ref().and_then(|agent| agent.version.as_deref());
    let version = version.map(|version| [words.agent, " ", &plain_text(version)].concat());
    let cores = Some((words.cores)(info.cores));
    let facts: Vec<_> = [hostname, system, cores, version]
        .into_iter()
        .flatten()
        .map(|fact| view! { <bdi>{fact}</bdi> " " })
        .collect();
    let labels: Vec<_> =
        labels.into_iter().map(|label| view! { <bdi class="tag tag--off">{label}</bdi> " " }).collect();
    let labels = (!labels.is_empty()).then(|| view! { <p class="hosts__labels">{labels}</p> });
    let has_containers = agent.as_ref().is_some_and(|agent| agent.has_containers);
    let containers = has_containers.then(|| {
        let path = ["/containers?host=", info.id.as_str()].concat();
        let label = [words.containers, ": ", info.id.as_str()].concat();
        view! { <p class="hosts__facts"><a href=context.href(&path) aria-label=label>{words.containers}</a></p> }
    });
    let warning = clock(words, page, status.ahead_ms);
    let is_right = warning.is_none();
    view! {
        <a href=context.href(&live)>
            <bdi>{info.id.to_string()}</bdi>
        </a>
        {labels}
        <p class="hosts__facts">{facts}</p>
        {containers}
        <p class="hosts__warning" hidden=is_right data-clock="">
            {warning}
        </p>
    }
    .into_any()
}

fn clock(words: &HostWords, page: &Words, ahead_ms: i64) -> Option<String> {
    let off = ahead_ms.unsigned_abs();
    let text = if ahead_ms > 0 { words.clock_ahead } else { words.clock_behind };
    (off >= CLOCK).then(|| [text, " ", &format::long_duration(off, page)].concat())
}

fn share(words: &HostWords, name: &'static str, percent: Option<f64>) -> AnyView {
    let level = percent.and_then(|percent| LEVELS.iter().find(|(from, _)| percent >= *from));
    let level = level.map_or("none", |(_, name)| name);
    let width = ((percent.unwrap_or(0.0).clamp(0.0, 100.0) * 10.0).round() as u32).to_string();
    let text =
        percent.map_or_else(|| words.unknown.to_owned(), |percent| format::full(percent, Unit::Percent));
    view! {
        <td role="cell" class="hosts__share" data-label=name>
            <span class="number">{text}</span>
            <svg class="meter" viewBox="0 0 1000 10" preserveAspectRatio="none" data-level=level aria-hidden="true">
                <rect class="meter__whole" width="1000" height="10" />
                <rect class="meter__part" width=width height="10" />
            </svg>
        </td>
    }
    .into_any()
}

fn rates(words: &HostWords, status: &HostStatus) -> AnyView {
    let rate = |arrow: &'static str, name: &'static str, value: Option<f64>| {
        let text =
            value.map_or_else(|| words.unknown.to_owned(), |value| format::full(value, Unit::BytesPerSecond));
        view! {
            <span class="hosts__rate">
                <span aria-hidden="true">{arrow}</span>
                <span class="sr-only">{name}</span>
                " "
                <span class="number">{text}</span>
            </span>
        }
    };
    view! { {rate("↓", words.received, status.received)} {rate("↑", words.sent, status.sent)} }.into_any()
}

fn heard(words: &HostWords, page: &Words, status: &HostStatus, now_ms: u64) -> AnyView {
    let Some(at) = status.heard_ms.filter(|_| status.state != HostLiveness::Local) else {
        let text = if status.state == HostLiveness::Local { words.now } else { words.unknown };
        return view! { <span>{text}</span> }.into_any();
    };
    let age = now_ms.saturating_sub(at);
    let text = if age < LATELY { words.now.to_owned() } else { format::duration(age, page) };
    view! {
        <time datetime=format::iso(at) title=format::iso(at)>
            {text}
        </time>
    }
    .into_any()
}
