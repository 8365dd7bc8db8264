//! The page of connections: every client of the server, its lag, an action that ends it, and its frames.

mod disconnect;
mod following;
mod frames;
mod inspector;
mod locked;
mod sort;
mod table;
pub(super) mod words;

use leptos::prelude::*;

use crate::{
    i18n::Words,
    live::Trouble,
    ports::Browser,
    widgets::{
        Dialog, ErasedView, Icon, IntoErasedView, change, click, either, empty, icon, live, skeleton, text,
        when,
    },
};
use words::ConnectionsWords;

use inspector::{Inspector, ListFailure};

pub(super) fn view() -> ErasedView {
    // It comes as a piece, so it is built in a browser only.
    let Some(browser) = use_context::<Browser>() else { return ().fresh() };
    let inspector = Inspector::new(browser);
    provide_context(inspector);
    let words = ConnectionsWords::here();
    view! {
        <p class="lab__intro">{words.intro}</p>
        {either(
            move || inspector.has_list(),
            move || list(inspector),
            move || live(move || without(inspector)).fresh(),
        )}
        <Dialog open=inspector.asking class="dialog dialog--kick" label=words.kick_title body=disconnect::body />
    }
    .fresh()
}

/// Renders the page without a list.
fn without(inspector: Inspector) -> ErasedView {
    match inspector.fault.get() {
        None => skeleton(&["connections"]),
        Some(ListFailure::Locked) => locked::locked(inspector),
        Some(ListFailure::Trouble(trouble)) => failed(inspector, &trouble),
    }
}

fn failed(inspector: Inspector, trouble: &Trouble) -> ErasedView {
    let (words, common) = (ConnectionsWords::here(), Words::here());
    view! {
        <div class="trouble trouble--page" role="alert" data-testid="connections-failed">
            <h2 class="trouble__title">{icon(Icon::WARN)} <span>{words.failed}</span></h2>
            <p>{trouble.told(common)}</p>
            <p class="trouble__id">{common.trouble_id} ": " <code>{trouble.id.clone()}</code></p>
            <button type="button" class="button" on:click=click(move || inspector.begin())>
                {common.try_again}
            </button>
        </div>
    }
    .fresh()
}

fn list(inspector: Inspector) -> ErasedView {
    let words = ConnectionsWords::here();
    let any =
        move || inspector.list.with(|list| list.as_ref().is_some_and(|list| !list.connections.is_empty()));
    let old = move || view! { <p class="notice" role="status">{words.old}</p> }.fresh();
    view! {
        <div class="connections__head">
            {find(inspector)}
            <p class="connections__shown number" data-testid="connections-shown">
                {text(move || inspector.shown())}
            </p>
        </div>
        {when(move || inspector.old.get(), old)}
        <p class="connections__told" role="status" data-testid="connections-told">
            {text(move || inspector.told.get())}
        </p>
        {either(any, move || table::table(inspector), move || nothing(inspector))}
        <p class="connections__note">{words.hidden}</p>
        {when(move || inspector.following.is_on(), move || frames::frames(inspector.following))}
    }
    .fresh()
}

fn find(inspector: Inspector) -> ErasedView {
    let (words, field) = (ConnectionsWords::here(), inspector.field);
    view! {
        <label class="connections__find">
            <span>{words.find}</span>
            <input
                node_ref=field
                class="ask__field"
                data-testid="connections-find"
                type="search"
                maxlength="64"
                autocomplete="off"
                spellcheck="false"
                placeholder=words.find_hint
                on:input=change(move || inspector.search())
            />
        </label>
    }
    .fresh()
}

fn nothing(inspector: Inspector) -> ErasedView {
    let words = ConnectionsWords::here();
    let found_none = move || {
        view! {
            {empty(words.nothing_found)}
            <button type="button" class="button" on:click=click(move || inspector.show_all())>
                {words.show_all}
            </button>
        }
        .fresh()
    };
    let searched = move || inspector.find.with(|find| !find.is_empty());
    view! {
        <div class="connections__nothing" data-testid="connections-nothing">
            {either(searched, found_none, move || empty(words.nobody))}
        </div>
    }
    .fresh()
}
