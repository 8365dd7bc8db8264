//! The list of messages, by day and by author.

use std::sync::Arc;

use common::{
    Cursor, MessageId,
    api::Reason,
    chat::{ChatMessage, SenderId},
    frame::ErrorCode,
    limit::{Limit, LimitName},
};
use leptos::prelude::*;

use super::words::ChatWords;
use super::{
    Chat,
    links::{TextSpan, spans},
    room::{ListedItem, Room, is_after, is_by},
    unsent::{SendState, Unsent},
};
use crate::{
    first_paint, format,
    i18n::Words,
    live::{Clock, LocalZone},
    widgets::{ErasedView, IntoErasedView, click, list, live},
};

/// Messages of one person within this time stand under one name, milliseconds.
const TOGETHER_MS: u64 = 5 * 60_000;

/// The list of the room the reader is in.
pub(super) fn messages() -> ErasedView {
    let (chat, words) = (Chat::here(), ChatWords::here());
    let clock = Clock::here();
    let rows = move || {
        let room = chat.room();
        let me = chat.sender.get();
        let unsent = chat.unsent.get();
        let page = ListContext { zone: clock.zone(), today: chat.today.get(), me };
        list(rows(room.as_ref(), &unsent, &page))
    };
    view! { <ol class="said" aria-label=words.messages data-testid="chat-messages">{live(rows)}</ol> }.fresh()
}

/// The author of a message: a name, and an id that tells people of one name apart.
type Speaker<'a> = (&'a str, Option<SenderId>);

/// The context of the list.
struct ListContext {
    zone: LocalZone,
    /// The date of today and of yesterday.
    today: [String; 2],
    me: Option<SenderId>,
}

fn rows(room: Option<&Room>, unsent: &[Unsent], page: &ListContext) -> Vec<ErasedView> {
    let words = ChatWords::here();
    let mut rows = Vec::new();
    let Some(room) = room else { return rows };
    let (mut day, mut last, mut line) = (String::new(), None::<(Speaker<'_>, u64)>, room.line);
    for said in &room.said {
        let ListedItem::Message(cursor, message) = &**said else {
            rows.push(mark("gap", words.gap));
            last = None;
            continue;
        };
        let of_this_day = format::date(message.at, &page.zone);
        if of_this_day != day {
            rows.push(date(&of_this_day, page));
            (day, last) = (of_this_day, None);
        }
        let is_new = |line: Cursor| is_after(*cursor, line) && !is_by(message, page.me);
        if line.is_some_and(is_new) {
            rows.push(mark("new", words.new));
            (line, last) = (None, None);
        }
        let goes_on = last
            .is_some_and(|(who, at)| who == (&message.name, message.sender) && message.at < at + TOGETHER_MS);
        rows.push(row(message, goes_on, page));
        last = Some(((&message.name, message.sender), message.at));
    }
    let waiting: Vec<_> = unsent.iter().filter(|one| one.room == room.id && !room.has(&one.id)).collect();
    for one in &waiting {
        let goes_on = last.is_some_and(|(who, _)| who == (&one.name, page.me));
        rows.push(unsent_row(one, goes_on));
        last = Some(((&one.name, page.me), 0));
    }
    if rows.is_empty() && room.arrived {
        rows.push(view! { <li class="said__empty">{words.empty}</li> }.fresh());
    }
    rows
}

/// A line across the list.
fn mark(kind: &'static str, word: &'static str) -> ErasedView {
    view! {
        <li class="said__mark" data-kind=kind>
            <span>{word}</span>
        </li>
    }
    .patched_fresh()
}

fn date(date: &str, page: &ListContext) -> ErasedView {
    let words = ChatWords::here();
    let [today, yesterday] = &page.today;
    let word = if date == today {
        words.today.to_owned()
    } else if date == yesterday {
        words.yesterday.to_owned()
    } else {
        date.to_owned()
    };
    view! {
        <li class="said__mark" data-kind="day">
            <time datetime=date.to_owned()>{word}</time>
        </li>
    }
    .patched_fresh()
}

fn row(message: &ChatMessage, goes_on: bool, page: &ListContext) -> ErasedView {
    let ChatMessage { name, text, at, .. } = message;
    let (at, minute) = (format::iso(*at), format::minute(*at, &page.zone));
    let time = view! {
        <time class="said__time number" datetime=at.clone() title=at>
            {minute}
        </time>
    };
    said(name, text, goes_on, "said", time.patched_fresh(), ().patched_fresh(), is_by(message, page.me))
}

fn unsent_row(one: &Unsent, goes_on: bool) -> ErasedView {
    let words = ChatWords::here();
    let (state, word) = match &one.state {
        SendState::Sending => ("sending", words.sending),
        SendState::Sent => ("sent", ""),
        SendState::Failed(_) => ("failed", ""),
    };
    let note = match &one.state {
        SendState::Failed(why) => failed(&one.id, *why),
        _ => ().patched_fresh(),
    };
    let time = view! { <span class="said__time">{word}</span> }.patched_fresh();
    said(&one.name, &one.text, goes_on, state, time, note, true)
}

/// One message: its head where another person begins, its text, and what is to be done about it.
fn said(
    name: &str,
    text: &str,
    goes_on: bool,
    state: &'static str,
    time: ErasedView,
    note: ErasedView,
    mine: bool,
) -> ErasedView {
    // The stylesheet makes it a capital: a browser has Unicode's tables of cases, and the page need not bring them.
    let face: String = name.chars().take(1).collect();
    let text = spans(text).into_iter().map(|span| match span {
        TextSpan::Text(text) => text.to_owned().patched_fresh(),
        TextSpan::Link(address) => link(address),
    });
    view! {
        <li class="said__row" data-state=state data-first=(!goes_on).to_string() data-mine=mine.to_string()>
            <span class="said__face" aria-hidden="true">{face}</span>
            <p class="said__head">
                <bdi class="said__name">{name.to_owned()}</bdi>
                {time}
            </p>
            <div class="said__text" dir="auto">{list(text)}</div>
            {note}
        </li>
    }
    .patched_fresh()
}

/// An address of someone's: it learns nothing of this page, and nothing but the web is opened by it.
fn link(address: &str) -> ErasedView {
    view! {
        <a href=address.to_owned() target="_blank" rel="noopener noreferrer nofollow" dir="ltr">
            {address.to_owned()}
        </a>
    }
    .patched_fresh()
}

fn failed(id: &MessageId, why: Reason) -> ErasedView {
    let (chat, words, common) = (Chat::here(), ChatWords::here(), Words::here());
    let (again, away) = (Arc::new(id.clone()), id.clone());
    // The page's own limit: no server has refused anything.
    let said = match why.limit {
        Some(Limit { name: LimitName::UnsentMessages, max }) => (words.too_many_unsent)(max),
        _ => (words.failed)(&(common.refusal)(why)),
    };
    // The Doctor explains changes that a proxy makes to the page's requests.
    let doctor = if why.code == ErrorCode::ForbiddenOrigin {
        view! { <a class="button button--quiet" href=first_paint::href("/lab/doctor")>{words.doctor}</a> }
            .patched_fresh()
    } else {
        ().patched_fresh()
    };
    view! {
        <div class="said__note" role="status">
            <p>{said}</p>
            {doctor}
            <button type="button" class="button button--quiet" on:click=click(move || chat.send(&again))>
                {common.try_again}
            </button>
            <button type="button" class="button button--quiet" on:click=click(move || chat.discard(&away))>
                {words.discard}
            </button>
        </div>
    }
    .patched_fresh()
}
