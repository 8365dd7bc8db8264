//! From room to room.

use common::chat::RoomId;
use leptos::prelude::*;

use super::words::ChatWords;
use super::{Chat, panel::count, presence::hash};
use crate::{
    live::Cell,
    widgets::{ErasedView, Icon, IntoErasedView, click, icon, list, live, text, when},
};

/// The rooms there are, and a way to others.
pub(super) fn switch(other: Cell<bool>) -> ErasedView {
    let (chat, words) = (Chat::here(), ChatWords::here());
    let room = move |(id, unread): (RoomId, usize)| {
        let (name, to, is_here) = (hash(&id), id.clone(), chat.here.get() == id);
        let count = if unread > 0 {
            let count = count(unread);
            view! { <span class="count number">{count}</span> }.patched_fresh()
        } else {
            ().patched_fresh()
        };
        view! {
            <li>
                <button
                    type="button"
                    class="rooms__room"
                    aria-current=if is_here { "true" } else { "false" }
                    on:click=click(move || chat.go(&to))
                >
                    {name}
                    {count}
                </button>
            </li>
        }
        .patched_fresh()
    };
    view! {
        <nav class="rooms" aria-label=words.rooms>
            <ul class="rooms__list">{live(move || list(chat.all_rooms().into_iter().map(room)))}</ul>
            <button
                type="button"
                class="icon-button rooms__other"
                data-testid="chat-other-room"
                aria-label=words.other_room
                title=words.other_room
                aria-expanded=text(move || other.get().to_string())
                on:click=click(move || other.update(|open| *open = !*open))
            >
                {icon(Icon::PLUS)}
            </button>
        </nav>
        {when(move || other.get(), move || other_room(other))}
    }
    .fresh()
}

fn other_room(other: Cell<bool>) -> ErasedView {
    let (chat, words) = (Chat::here(), ChatWords::here());
    super::ask::ask(super::ask::Ask {
        id: "chat-room",
        label: words.room_name,
        hint: words.room_hint,
        value: String::new(),
        button: words.enter,
        take: Box::new(move |said| {
            // Of ASCII alone, which is all that a room's name may have: Unicode's tables of cases would be 10 KB of the page.
            let room = said.trim().trim_start_matches('#').to_ascii_lowercase().parse::<RoomId>();
            if let Ok(room) = &room {
                chat.go(room);
                other.set(false);
            }
            room.is_ok()
        }),
        cancel: Some(Box::new(move || other.set(false))),
    })
}
