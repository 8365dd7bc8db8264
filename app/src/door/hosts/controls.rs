//! The filter, the order and the groups of the rows; and the texts that the script takes from the document.

use common::door::paths;
use leptos::prelude::*;

use super::choice::{HostOrder, HostsChoice};
use crate::{
    door::{context::DoorContext, field::Field, form::choose, words::HostWords},
    i18n::Words,
};

/// The form. It is sent where no script runs.
pub(super) fn controls(context: &DoorContext, choice: &HostsChoice, keys: Vec<String>) -> AnyView {
    let words = HostWords::of(context.language);
    let filter = Field {
        id: "host-filter",
        name: "q",
        label: words.filter,
        value: choice.filter.clone(),
        autocomplete: "off",
        is_optional: true,
        max_chars: Some(200),
        ..Field::default()
    };
    let orders = HostOrder::ALL
        .into_iter()
        .zip(words.orders)
        .map(|(order, text)| (order.name().to_owned(), text.to_owned(), order == choice.order))
        .collect();
    let group = choice.group.clone().filter(|key| keys.contains(key));
    let none = (String::new(), words.no_groups.to_owned(), group.is_none());
    let groups = keys.into_iter().map(|key| {
        let is_chosen = group.as_ref() == Some(&key);
        (key.clone(), key, is_chosen)
    });
    let groups = std::iter::once(none).chain(groups).collect();
    view! {
        <form class="door__filter" method="get" action=context.href(paths::HOSTS) role="search" aria-label=words.search>
            {filter.view(None)} {choose("host-sort".into(), "sort", words.sort.into(), true, orders)}
            {choose("host-group".into(), "group", words.group.into(), true, groups)} <noscript>
                <button class="button button--main" type="submit">
                    {words.apply}
                </button>
            </noscript>
        </form>
        <p class="field__hint">{words.filter_hint}</p>
    }
    .into_any()
}

/// The number of hosts that are shown, of all, and of those that are offline.
pub(super) fn count(words: &HostWords, shown: usize, all: usize, offline: usize) -> String {
    let text = words.count.replace("{shown}", &shown.to_string());
    text.replace("{all}", &all.to_string()).replace("{offline}", &offline.to_string())
}

/// The texts that the script takes from the document.
pub(super) fn texts(words: &HostWords, page: &Words) -> AnyView {
    // A length of none, with a mark at the place of its number.
    let length = |of: fn(u64) -> String| of(0).replacen('0', "{n}", 1);
    let texts = [
        ("local", words.here.to_owned()),
        ("online", words.online.to_owned()),
        ("offline", words.offline.to_owned()),
        ("never", words.never.to_owned()),
        ("unknown", words.unknown.to_owned()),
        ("now", words.now.to_owned()),
        ("ahead", words.clock_ahead.to_owned()),
        ("behind", words.clock_behind.to_owned()),
        ("count", words.count.to_owned()),
        ("one-host", words.one_host.to_owned()),
        ("hosts", words.some_hosts.to_owned()),
        ("without", words.without.to_owned()),
        ("s", length(page.seconds)),
        ("min", length(page.minutes)),
        ("h", length(page.hours)),
        ("day", (page.days)(1)),
        ("days", length(page.days)),
    ];
    let texts: Vec<_> =
        texts.into_iter().map(|(name, text)| view! { <span data-text=name>{text}</span> }).collect();
    view! { <p hidden>{texts}</p> }.into_any()
}
