//! Renders the open panel. A browser downloads this, and what only this needs, when it is opened for the first time.

use leptos::prelude::*;
use web_sys::Element;

use super::words::ChatWords;
use super::{
    Chat,
    ask::{Ask, ask},
    close::close_button,
    composer::composer,
    list::messages,
    presence::{hash, isolated, names, typing},
    switch::switch,
};
use crate::{
    live::{Cell, Connection},
    ports::LinkState,
    widgets::{ElementRef, ErasedView, IntoErasedView, change, click, either, live, text, when},
};

/// A reader this near to the newest message still reads it, CSS pixels.
const NEAR: i32 = 40;

pub(super) fn body() -> ErasedView {
    let chat = Chat::here();
    let (other, renaming) = (Cell::new(false), Cell::new(false));
    let scroll = ElementRef::new();
    // The list is laid out from its end, so the newest is at 0 and stays in sight by itself.
    let on_scroll = move || {
        let up = scroll.peek::<Element>().is_some_and(|scroll| scroll.scroll_top() < -NEAR);
        if up != chat.scrolled.peek() {
            chat.scrolled.set(up);
        }
    };
    let newest = move || {
        if let Some(scroll) = scroll.peek::<Element>() {
            scroll.set_scroll_top(0);
        }
    };
    let to_newest = move || {
        view! {
            <button type="button" class="button chat__newest" data-testid="chat-newest" on:click=click(newest)>
                {ChatWords::here().to_newest}
            </button>
        }
        .fresh()
    };
    view! {
        {head(renaming)}
        {switch(other)}
        {offline()}
        <div class="chat__window">
            <div
                class="chat__scroll"
                node_ref=scroll
                role="region"
                tabindex="0"
                aria-label=ChatWords::here().messages
                on:scroll=change(on_scroll)
            >
                {messages()}
            </div>
            {when(move || chat.scrolled.get(), to_newest)}
        </div>
        {who_types()}
        {either(move || chat.name.with(String::is_empty) || renaming.get(), move || name(renaming), composer)}
        {spoken()}
    }
    .fresh()
}

fn head(renaming: Cell<bool>) -> ErasedView {
    let (chat, words) = (Chat::here(), ChatWords::here());
    let people = move || {
        let Some(presence) = chat.presence() else { return ().erase() };
        let (label, names) = ((words.people)(presence.count), names(Some(&presence)));
        view! {
            <p class="chat__people" data-testid="chat-people" data-any=(presence.count > 0).to_string() title=names>
                <span class="number">{label}</span>
            </p>
        }
        .patched_fresh()
    };
    let rename = move || {
        let label = move || (words.named)(&isolated(&chat.name.get()));
        view! {
            <button
                type="button"
                class="button button--quiet chat__name"
                data-testid="chat-name-button"
                aria-label=text(label)
                title=text(label)
                on:click=click(move || renaming.update(|open| *open = !*open))
            >
                <bdi>{text(move || chat.name.get())}</bdi>
            </button>
        }
        .fresh()
    };
    view! {
        <header class="chat__head">
            <h2 class="chat__title">{text(move || hash(&chat.here.get()))}</h2>
            {live(people)}
            {when(move || !chat.name.with(String::is_empty), rename)}
            {close_button(chat)}
        </header>
    }
    .fresh()
}

fn offline() -> ErasedView {
    let (line, words) = (Connection::here(), ChatWords::here());
    let is_off = move || {
        matches!(
            line.state(),
            LinkState::Reconnecting { .. } | LinkState::Offline { .. } | LinkState::Stopped
        )
    };
    let notice = move || view! { <p class="chat__notice">{words.offline}</p> }.fresh();
    view! { <div role="status">{when(is_off, notice)}</div> }.fresh()
}

fn who_types() -> ErasedView {
    let (chat, words) = (Chat::here(), ChatWords::here());
    let typing = move || typing(chat.presence().as_ref(), chat.sender.get(), &chat.name.get(), words);
    view! { <p class="chat__typing" data-testid="chat-typing">{text(typing)}</p> }.fresh()
}

fn name(renaming: Cell<bool>) -> ErasedView {
    let (chat, words) = (Chat::here(), ChatWords::here());
    let old = chat.name.peek();
    let close = move || renaming.set(false);
    ask(Ask {
        id: "chat-name",
        label: words.your_name,
        hint: words.name_hint,
        cancel: (!old.is_empty()).then(|| Box::new(close) as _),
        value: old,
        button: words.join,
        take: Box::new(move |said| {
            let taken = chat.call(said);
            if taken {
                close();
            }
            taken
        }),
    })
}

/// The region is there before its words: screen readers speak only what changes.
fn spoken() -> ErasedView {
    let (chat, words) = (Chat::here(), ChatWords::here());
    let said = move || {
        let (count, name) = chat.heard.get();
        if count == 0 { String::new() } else { (words.heard)(count, &isolated(&name)) }
    };
    view! { <p class="sr-only" aria-live="polite" data-testid="chat-spoken">{text(said)}</p> }.fresh()
}
