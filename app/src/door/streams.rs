//! Finite streams of programs: the list of them, and one as it comes. A script follows them; without it the list is as the server knows it.

use common::{
    door::paths,
    stream::{STREAM_NEWS, StreamEnd, StreamEndReason, StreamStatus},
};
use leptos::prelude::*;

use super::{
    context::DoorContext,
    document::{DoorPage, document},
    form::{fact, shared, time},
    words::StreamWords,
};
use crate::pages::{grouped, plain_text};

/// The script that follows streams. The policy of a document that has it names its hash, so every byte between the tags is this text.
pub const STREAMS_SCRIPT: &str = include_str!("streams.js");

/// The list shows so many of the newest streams.
const MOST_ROWS: usize = 200;

/// Renders the document at [`paths::STREAMS`]: the streams, the newest first.
#[must_use]
pub fn streams(context: &DoorContext, streams: Vec<StreamStatus>) -> String {
    let words = StreamWords::of(context.language);
    let list = if streams.is_empty() {
        view! { <p class="door__none">{words.none}</p> }.into_any()
    } else {
        let older = streams.len().saturating_sub(MOST_ROWS);
        let rows: Vec<_> = streams.into_iter().take(MOST_ROWS).map(|stream| row(context, stream)).collect();
        let more = (older > 0).then(|| view! { <p class="door__none">{(words.more)(older)}</p> });
        view! {
            <ul class="rows">{rows}</ul>
            {more}
        }
        .into_any()
    };
    let body = view! {
        <p class="door__lead">{words.hint}</p>
        <div data-follow=STREAM_NEWS data-base=context.base.clone()>
            {line_state(words)}
            <div data-list="">{list}</div>
        </div>
        {script()}
    };
    let title = shared(context).streams;
    document(
        context,
        DoorPage { title, is_refused: false, path: Some(paths::STREAMS), body: body.into_any() },
    )
}

/// Renders the document at [`paths::STREAM`]; none where this server knows no such stream (status 404).
#[must_use]
pub fn stream(context: &DoorContext, stream: Option<StreamStatus>) -> String {
    let words = StreamWords::of(context.language);
    let back = view! {
        <p class="door__aside">
            <a href=context.href(paths::STREAMS)>{words.all}</a>
        </p>
    };
    let body = match stream {
        None => view! {
            <p>{words.unknown}</p>
            {back}
        }
        .into_any(),
        Some(stream) => view! {
            {one(context, stream)}
            {back}
            {script()}
        }
        .into_any(),
    };
    let page =
        DoorPage { title: words.stream, is_refused: false, path: Some(paths::STREAM), body: body.into_any() };
    document(context, page)
}

pub(super) fn script() -> AnyView {
    view! { <script inner_html=STREAMS_SCRIPT></script> }.into_any()
}

fn address(stream: &StreamStatus) -> String {
    paths::STREAM.replace("{id}", stream.id.as_str())
}

fn title(stream: &StreamStatus) -> String {
    plain_text(&stream.title).into_owned()
}

fn row(context: &DoorContext, stream: StreamStatus) -> AnyView {
    let words = StreamWords::of(context.language);
    let error = stream.end.as_ref().and_then(|end| end.error.as_deref()).map(|error| {
        let error = plain_text(error).into_owned();
        view! {
            <p class="row__facts">
                <bdi>{error}</bdi>
            </p>
        }
    });
    view! {
        <li class="row">
            <div class="row__head">
                <p class="row__name">
                    <a href=context.href(&address(&stream))>
                        <bdi>{title(&stream)}</bdi>
                    </a>
                </p>
                {mark(words, stream.end.as_ref())}
            </div>
            {error}
            <dl class="row__facts">
                {fact(words.begun, time(stream.began_ms))}
                {fact(words.items, number(stream.total))}
                {fact(words.readers, number(stream.readers as u64))}
            </dl>
        </li>
    }
    .into_any()
}

fn number(number: u64) -> AnyView {
    view! { <span class="number">{grouped(number)}</span> }.into_any()
}

fn mark(words: &StreamWords, end: Option<&StreamEnd>) -> AnyView {
    let (class, text) = match end.map(|end| end.reason) {
        None => ("tag", words.open),
        Some(reason @ StreamEndReason::Failed) => ("tag tag--crit", (words.ended)(reason)),
        Some(reason) => ("tag tag--off", (words.ended)(reason)),
    };
    view! { <span class=class>{text}</span> }.into_any()
}

fn one(context: &DoorContext, stream: StreamStatus) -> AnyView {
    let words = StreamWords::of(context.language);
    let name = title(&stream);
    view! {
        <section class="stream" data-follow=stream.topic.to_string() data-base=context.base.clone()>
            <h2 class="stream__title">
                <bdi>{name.clone()}</bdi>
            </h2>
            {line_state(words)}
            <progress class="stream__progress" max="1" value="0" data-progress="" hidden aria-label=words.progress></progress>
            <dl class="row__facts">
                {fact(words.begun, time(stream.began_ms))}
                {fact(words.items, view! { <span class="number" data-count="">"0"</span> }.into_any())}
            </dl>
            <label class="stream__choice">
                <input type="checkbox" data-joined="" />
                {words.joined}
            </label>
            <p class="door__none" data-missed="" hidden>
                {words.missed}
                " "
                <b class="number"></b>
            </p>
            <div class="stream__items" data-items="" role="log" tabindex="0" aria-label=name dir="auto"></div>
            <p>
                <button class="button" type="button" data-newest="" hidden>
                    {words.newest}
                </button>
            </p>
        </section>
    }
    .into_any()
}

/// The state of the line to the server, and the words for all of them, from which the script takes the one that is.
pub(super) fn line_state(words: &StreamWords) -> AnyView {
    let states: Vec<_> = words
        .states
        .iter()
        .map(|(name, text)| {
            view! { <span data-when=*name>{*text}</span> }
        })
        .collect();
    view! {
        <p class="stream__state">
            <span role="status" data-state="">
                {words.states[0].1}
            </span>
            " "
            <bdi data-error=""></bdi>
        </p>
        <p hidden>{states}</p>
        <noscript>
            <p class="door__none">{words.no_script}</p>
        </noscript>
    }
    .into_any()
}
