//! The connections, a row each.

use std::sync::Arc;

use common::{
    connection::{Connection, Connections},
    metric::Unit,
};
use leptos::prelude::*;

use super::words::ConnectionsWords;
use super::{inspector::Inspector, sort::SortColumn};
use crate::{
    format,
    i18n::Words,
    widgets::{ErasedView, IntoErasedView, click, list, live, text},
};

/// A column: what it sorts by, its name and what it means.
type Head = (SortColumn, &'static str, Option<&'static str>);

pub(super) fn table(inspector: Inspector) -> ErasedView {
    let words = ConnectionsWords::here();
    let heads: [Head; 9] = [
        (SortColumn::Address, words.address, None),
        (SortColumn::Transport, words.transport, None),
        (SortColumn::Topics, words.topics, None),
        (SortColumn::Lag, words.lag, Some(words.lag_hint)),
        (SortColumn::Mailbox, words.mailbox, Some(words.mailbox_hint)),
        (SortColumn::RoundTrip, words.round_trip, Some(words.round_trip_hint)),
        (SortColumn::Sent, words.sent, Some(words.sent_hint)),
        (SortColumn::Dropped, words.dropped, Some(words.dropped_hint)),
        (SortColumn::Age, words.since, None),
    ];
    let rows = move || {
        let Some(seen) = inspector.list.get() else { return list([]) };
        let places = inspector.sort.get().places(&seen);
        list(places.into_iter().map(|place| row(inspector, &seen, place)))
    };
    view! {
        <div class="records__scroll" role="region" tabindex="0" aria-label=words.table>
            <table class="table records connections__table" data-testid="connections">
                <caption class="sr-only">{words.table}</caption>
                <thead>
                    <tr>
                        {list(heads.into_iter().map(|head| column(inspector, head)))}
                        <th scope="col"><span class="sr-only">{words.actions}</span></th>
                    </tr>
                </thead>
                <tbody>{live(rows)}</tbody>
            </table>
        </div>
    }
    .fresh()
}

fn column(inspector: Inspector, (column, name, hint): Head) -> ErasedView {
    let sorted = move || {
        let sort = inspector.sort.get();
        match (sort.column == column, sort.descending) {
            (false, _) => "none",
            (true, true) => "descending",
            (true, false) => "ascending",
        }
    };
    let turn = move || inspector.sort.update(|sort| *sort = sort.turned(column));
    view! {
        <th scope="col" aria-sort=text(sorted)>
            <button type="button" class="records__sort" title=hint on:click=click(turn)>
                {name}
            </button>
        </th>
    }
    .fresh()
}

fn row(inspector: Inspector, seen: &Connections, place: usize) -> ErasedView {
    let words = ConnectionsWords::here();
    let one = Arc::new(seen.connections[place].clone());
    let is_own = inspector.is_own(&one);
    let own = if is_own {
        view! { <span class="connections__own">{words.this_page}</span> }.patched_fresh()
    } else {
        ().patched_fresh()
    };
    let topics = topics(&one);
    let bytes = |count: u64| format::full(count as f64, Unit::Bytes);
    let (id, address) = (one.id.to_string(), one.address.clone());
    let (followed, ended) = (one.clone(), one.clone());
    let following = inspector.following;
    let number = one.id;
    view! {
        <tr data-id=id data-own=is_own.to_string()>
            <th scope="row" class="number records__name">{address.clone()} " " {own}</th>
            <td class="records__text connections__transport" data-label=words.transport>
                {inspector.transport(&one)}
            </td>
            <td class="records__text connections__topics" title=topics.clone() data-label=words.topics>
                {topics.clone()}
            </td>
            <td class="number" data-of="lag" data-label=words.lag>{one.lag.to_string()}</td>
            <td class="number" data-of="mailbox" data-label=words.mailbox>{bytes(one.mailbox_bytes)}</td>
            <td class="number" data-label=words.round_trip>{round_trip(&one)}</td>
            <td class="number" data-of="sent" data-label=words.sent>
                {one.sent.to_string()} " " <span class="connections__bytes">{bytes(one.sent_bytes)}</span>
            </td>
            <td class="number" data-of="dropped" data-label=words.dropped>{one.dropped.to_string()}</td>
            <td class="number" data-label=words.since>{format::duration(seen.at.saturating_sub(one.since), Words::here())}</td>
            <td class="connections__acts">
                <button
                    type="button"
                    class="button button--quiet"
                    data-act="follow"
                    aria-label=(words.follow_one)(&address)
                    aria-pressed=text(move || following.is_of(number).to_string())
                    on:click=click(move || inspector.follow(&followed))
                >
                    {words.follow}
                </button>
                <button
                    type="button"
                    class="button button--quiet connections__kick"
                    data-act="kick"
                    aria-label=(words.kick_one)(&address)
                    on:click=click(move || inspector.ask_to_end(ended.clone()))
                >
                    {words.kick}
                </button>
            </td>
        </tr>
    }
    .patched_fresh()
}

fn topics(one: &Connection) -> String {
    let topics = Inspector::topics(one);
    if topics.is_empty() { ConnectionsWords::here().no_topics.to_owned() } else { topics.join(", ") }
}

/// Finer where it is short: on one machine it is a fraction of a millisecond.
fn round_trip(one: &Connection) -> String {
    let Some(ms) = one.round_trip_ms else { return ConnectionsWords::here().unknown.to_owned() };
    let decimals = if ms < 1.0 {
        2
    } else if ms < 100.0 {
        1
    } else {
        0
    };
    [&format::fixed(ms, decimals), "\u{a0}ms"].concat()
}
