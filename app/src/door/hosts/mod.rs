//! The hosts: how each is now, and how one is added. Their script keeps the numbers fresh, and sorts, filters and groups at once; without it
//! the form does, and the list is as the server knows it.

mod choice;
mod controls;
mod host;
mod manage;
mod natural;
mod row;
mod table;

use common::{door::paths, host_status::HostLiveness};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    form::{done_box, shared},
    streams::line_state,
    words::{HostWords, StreamWords},
};
use crate::i18n::Words;

pub use choice::HostsChoice;
pub use host::{HostAgent, HostRow};

/// The script of the page. The policy of a document that has it names its hash, so every byte between the tags is this text.
pub const HOSTS_SCRIPT: &str = include_str!("hosts.js");

/// The page of hosts.
#[derive(Debug, Clone)]
pub struct HostsPage {
    /// The hosts, in any order.
    pub hosts: Vec<HostRow>,
    /// The order of the rows, and which of them are shown.
    pub choice: HostsChoice,
    /// The revision of these rows, as the address of numbers tells it.
    pub revision: String,
    /// The address of numbers.
    pub numbers: &'static str,
    /// The server's clock, milliseconds since 1970.
    pub now_ms: u64,
    /// The reader may add hosts and remove them.
    pub may_manage: bool,
    /// The line that was asked for; it is shown this once.
    pub new_line: Option<String>,
    /// True if a host was just removed.
    pub is_removed: bool,
}

/// Renders the document at [`paths::HOSTS`].
#[must_use]
pub fn hosts(context: &DoorContext, page: HostsPage) -> String {
    let HostsPage { hosts, choice, revision, numbers, now_ms, may_manage, new_line, is_removed } = page;
    let words = HostWords::of(context.language);
    let manage = may_manage.then(|| {
        let agents: Vec<(u64, String)> = hosts
            .iter()
            .filter_map(|host| Some((host.agent.as_ref()?.number, host.info.id.to_string())))
            .collect();
        view! {
            {manage::add(context, new_line)}
            <div data-remove="">{manage::remove(context, agents)}</div>
        }
    });
    let mut keys: Vec<String> =
        hosts.iter().flat_map(|host| host.labels.iter()).map(|(key, _)| key.to_owned()).collect();
    keys.sort_unstable();
    keys.dedup();
    let offline = hosts.iter().filter(|host| host.status.state == HostLiveness::Offline).count();
    let all = hosts.len();
    let groups = choice.arrange(hosts, now_ms);
    let shown = groups.iter().flat_map(|group| &group.rows).filter(|row| row.is_shown).count();
    let body = view! {
        <p class="door__lead">
            {words.hint} " " <a href=context.href(paths::DASHBOARDS)>{shared(context).dashboards}</a>
        </p>
        {is_removed.then(|| done_box(words.removed.to_owned()))}
        <div
            class="hosts"
            data-hosts=context.href(numbers)
            data-page=context.href(paths::HOSTS)
            data-revision=revision
        >
            {line_state(StreamWords::of(context.language))}
            {controls::controls(context, &choice, keys)}
            <p class="hosts__count" role="status" data-count="">
                {controls::count(words, shown, all, offline)}
            </p>
            {table::table(context, &choice, groups, now_ms)}
            <p class="door__none" data-none="" hidden=shown != 0>
                {words.none_match}
            </p>
            {controls::texts(words, Words::of(context.language))}
        </div>
        {manage}
        <script inner_html=HOSTS_SCRIPT></script>
    };
    let title = shared(context).hosts;
    document(context, DoorPage { title, is_refused: false, path: Some(paths::HOSTS), body: body.into_any() })
}
