//! The table of hosts: its heads sort it, and its rows stand under their groups.

use leptos::prelude::*;

use super::{
    choice::{HostGroup, HostOrder, HostsChoice},
    row::row,
};
use crate::door::{context::DoorContext, form::shared, words::HostWords};

/// The columns of a row: state, name, three shares, network, uptime, last heard, and the way to its past.
const COLUMNS: &str = "9";

pub(super) fn table(
    context: &DoorContext,
    choice: &HostsChoice,
    groups: Vec<HostGroup>,
    now_ms: u64,
) -> AnyView {
    let words = HostWords::of(context.language);
    let heads: Vec<_> = HostOrder::ALL
        .into_iter()
        .zip(words.orders)
        .map(|(order, text)| {
            let sorted =
                (order == choice.order).then_some(if choice.falls { "descending" } else { "ascending" });
            view! {
                <th role="columnheader" scope="col" aria-sort=sorted>
                    <a
                        href=context.href(&choice.address(order))
                        data-sort=order.name()
                        data-falls=order.falls().then_some("")
                    >
                        {text}
                    </a>
                </th>
            }
        })
        .collect();
    let bodies: Vec<_> = groups
        .into_iter()
        .map(|HostGroup { heading, rows }| {
            let count = rows.iter().filter(|row| row.is_shown).count();
            let head = heading.map(|(key, value)| group_head(words, &key, value, count));
            let rows: Vec<_> = rows.into_iter().map(|one| row(context, one, now_ms)).collect();
            view! { <tbody role="rowgroup" hidden=count == 0>{head} {rows}</tbody> }
        })
        .collect();
    view! {
        <table class="hosts__table" role="table" data-list="">
            <caption class="sr-only">{shared(context).hosts}</caption>
            <thead role="rowgroup">
                <tr role="row" class="hosts__head">
                    {heads} <th role="columnheader" scope="col">
                        <span class="sr-only">{words.past}</span>
                    </th>
                </tr>
            </thead>
            {bodies}
        </table>
    }
    .into_any()
}

fn group_head(words: &HostWords, key: &str, value: Option<String>, count: usize) -> AnyView {
    let title =
        value.map_or_else(|| words.without.replace("{key}", key), |value| [key, ": ", &value].concat());
    let count = if count == 1 {
        words.one_host.to_owned()
    } else {
        words.some_hosts.replace("{n}", &count.to_string())
    };
    view! {
        <tr role="row" class="hosts__group">
            <th role="rowheader" scope="rowgroup" colspan=COLUMNS>
                <bdi>{title}</bdi>
                " "
                <span class="hosts__many">{count}</span>
            </th>
        </tr>
    }
    .into_any()
}
