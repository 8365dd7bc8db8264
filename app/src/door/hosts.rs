//! The hosts: how each is now, and how one is added. The script of streams follows the list; without it the list is as the server knows it.

use common::{
    door::paths,
    host::{HOST_NEWS, HostInfo},
    metric::Unit,
};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    form::{
        asks_once, copy_field, danger_button, done_box, fact, form, main_button, percent_encoded, row_id,
        section, shared, time,
    },
    streams::{line_state, script},
    words::{HostWords, StreamWords},
};
use crate::{format, i18n::Words, pages::plain_text};

/// A clock that is off by less is not told of, milliseconds.
const CLOCK: u64 = 2_000;
/// A share is a warning from here on, and critical from there.
const LEVELS: [(f64, &str); 2] = [(90.0, "crit"), (80.0, "warn")];

/// The page of hosts.
#[derive(Debug, Clone)]
pub struct HostsPage {
    /// The hosts, in their order.
    pub hosts: Vec<HostRow>,
    /// The reader may add hosts and remove them.
    pub may_manage: bool,
    /// The line that was asked for; it is shown this once.
    pub new_line: Option<String>,
    /// True if a host was just removed.
    pub is_removed: bool,
}

/// A host and how it is now.
#[derive(Debug, Clone)]
pub struct HostRow {
    /// The facts that do not change.
    pub info: HostInfo,
    /// Its agent; none for the machine that the server runs on.
    pub agent: Option<HostAgent>,
    /// CPU, memory and the fullest disk, percent.
    pub shares: [Option<f64>; 3],
    /// Bytes a second.
    pub received: Option<f64>,
    /// Bytes a second.
    pub sent: Option<f64>,
    /// Seconds.
    pub uptime: Option<f64>,
}

/// The agent of a host.
#[derive(Debug, Clone)]
pub struct HostAgent {
    /// The number of the host in the store.
    pub number: u64,
    /// True if it was heard a moment ago.
    pub is_online: bool,
    /// When it was heard last, milliseconds since 1970.
    pub heard_ms: Option<u64>,
    /// Its version.
    pub version: Option<String>,
    /// Its clock is ahead by this much, milliseconds.
    pub ahead_ms: i64,
}

/// Renders the document at [`paths::HOSTS`].
#[must_use]
pub fn hosts(context: &DoorContext, page: HostsPage) -> String {
    let words = HostWords::of(context.language);
    let manage = page.may_manage.then(|| {
        let agents: Vec<(u64, String)> = page
            .hosts
            .iter()
            .filter_map(|host| Some((host.agent.as_ref()?.number, host.info.id.to_string())))
            .collect();
        view! {
            {add(context, page.new_line)}
            {remove(context, agents)}
        }
    });
    let rows: Vec<_> = page.hosts.into_iter().map(|host| row(context, host)).collect();
    let body = view! {
        <p class="door__lead">{words.hint}</p>
        {page.is_removed.then(|| done_box(words.removed.to_owned()))}
        <div data-follow=HOST_NEWS data-base=context.base.clone() data-page=context.href(paths::HOSTS)>
            {line_state(StreamWords::of(context.language))}
            <div data-list="">
                <ul class="rows">{rows}</ul>
            </div>
        </div>
        {manage}
        {script()}
    };
    let title = shared(context).hosts;
    document(context, DoorPage { title, is_refused: false, path: Some(paths::HOSTS), body: body.into_any() })
}

fn row(context: &DoorContext, host: HostRow) -> AnyView {
    let words = HostWords::of(context.language);
    let page = Words::of(context.language);
    let HostRow { info, agent, shares, received, sent, uptime } = host;
    let rate = |value: Option<f64>| {
        value.map_or_else(|| words.unknown.to_owned(), |value| format::full(value, Unit::BytesPerSecond))
    };
    let up = uptime
        .map(|seconds| fact(words.uptime, format::long_duration((seconds * 1000.0) as u64, page).into_any()));
    let system = info.os.as_deref().map(|os| {
        let os = plain_text(os).into_owned();
        fact(words.system, view! { <bdi>{os}</bdi> }.into_any())
    });
    let is_silent = agent.as_ref().is_some_and(|agent| !agent.is_online).then_some("");
    let past = [paths::HISTORY, "?host=", &percent_encoded(info.id.as_str())].concat();
    let live = if agent.is_none() { "/".to_owned() } else { ["/?host=", info.id.as_str()].concat() };
    let hostname = (info.hostname != info.id.as_str()).then(|| {
        let hostname = plain_text(&info.hostname).into_owned();
        view! { " " <bdi class="watched__name">{hostname}</bdi> }
    });
    view! {
        <li class="watched" data-silent=is_silent>
            <div class="row__head">
                <p class="row__name">
                    <a href=context.href(&live)>
                        <bdi>{info.id.to_string()}</bdi>
                    </a>
                    {hostname}
                </p>
                {mark(words, agent.as_ref())}
                <a class="watched__past" href=context.href(&past)>
                    {words.past}
                </a>
            </div>
            <dl class="watched__shares">
                {[words.cpu, words.memory, words.disk]
                    .into_iter()
                    .zip(shares)
                    .map(|(name, percent)| share(words, name, percent))
                    .collect::<Vec<_>>()}
            </dl>
            {agent.as_ref().and_then(|agent| clock(words, page, agent.ahead_ms))}
            <dl class="row__facts">
                {fact(words.received, rate(received).into_any())} {fact(words.sent, rate(sent).into_any())} {up}
                {fact(words.cores, info.cores.to_string().into_any())} {system} {agent.map(|agent| heard(words, agent))}
            </dl>
        </li>
    }
    .into_any()
}

fn mark(words: &HostWords, agent: Option<&HostAgent>) -> AnyView {
    let (class, text) = match agent {
        None => ("tag", words.here),
        Some(HostAgent { is_online: true, .. }) => ("tag", words.online),
        Some(HostAgent { heard_ms: Some(_), .. }) => ("tag tag--crit", words.offline),
        Some(_) => ("tag tag--off", words.never),
    };
    view! { <span class=class>{text}</span> }.into_any()
}

fn share(words: &HostWords, name: &'static str, percent: Option<f64>) -> AnyView {
    let level = percent.and_then(|percent| LEVELS.iter().find(|(from, _)| percent >= *from));
    let level = level.map_or("none", |(_, name)| name);
    let width = ((percent.unwrap_or(0.0).clamp(0.0, 100.0) * 10.0).round() as u32).to_string();
    let text =
        percent.map_or_else(|| words.unknown.to_owned(), |percent| format::full(percent, Unit::Percent));
    view! {
        <div class="watched__share">
            <dt>{name}</dt>
            <dd class="number">{text}</dd>
            <dd class="watched__bar" aria-hidden="true">
                <svg class="meter" viewBox="0 0 1000 10" preserveAspectRatio="none" data-level=level>
                    <rect class="meter__whole" width="1000" height="10" />
                    <rect class="meter__part" width=width height="10" />
                </svg>
            </dd>
        </div>
    }
    .into_any()
}

fn clock(words: &HostWords, page: &Words, ahead_ms: i64) -> Option<AnyView> {
    let off = ahead_ms.unsigned_abs();
    (off >= CLOCK).then(|| {
        let text = if ahead_ms > 0 { words.clock_ahead } else { words.clock_behind };
        let text = [text, " ", &format::long_duration(off, page)].concat();
        view! { <p class="watched__warning">{text}</p> }.into_any()
    })
}

fn heard(words: &HostWords, agent: HostAgent) -> AnyView {
    let version = agent.version.map(|version| {
        let version = plain_text(&version).into_owned();
        fact(words.agent, view! { <bdi>{version}</bdi> }.into_any())
    });
    view! { {agent.heard_ms.map(|at| fact(words.heard, time(at)))} {version} }.into_any()
}

fn add(context: &DoorContext, line: Option<String>) -> AnyView {
    let words = HostWords::of(context.language);
    let line = line.map(|line| copy_field("host-line", words.line, words.line_hint, line));
    let fields = view! { {main_button(words.make_code)} };
    let body = view! {
        <p class="field__hint">{words.add_hint}</p>
        {line}
        {form(context, paths::HOSTS_CODE, "door__form", fields.into_any())}
    };
    section(context, "add", words.add, None, body.into_any())
}

fn remove(context: &DoorContext, agents: Vec<(u64, String)>) -> Option<AnyView> {
    if agents.is_empty() {
        return None;
    }
    let words = HostWords::of(context.language);
    let rows: Vec<_> = agents
        .into_iter()
        .map(|(number, name)| {
            let button = view! { {row_id(number)} {danger_button(words.remove, None)} };
            let form = form(context, paths::HOSTS_REMOVE, "door__act", button.into_any());
            let label = [words.remove, ": ", &name].concat();
            view! {
                <li class="row">
                    <div class="row__head">
                        <p class="row__name">
                            <bdi>{name}</bdi>
                        </p>
                        {asks_once(words.remove, label, words.remove_hint.to_owned(), form)}
                    </div>
                </li>
            }
        })
        .collect();
    let rows = view! { <ul class="rows">{rows}</ul> };
    Some(section(context, "remove", words.remove_heading, None, rows.into_any()))
}
