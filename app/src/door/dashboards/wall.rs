//! A dashboard that fills a screen, and the next one after it: no controls but the way out.

use common::door::paths;
use leptos::prelude::*;

use super::{
    card::cards,
    page::{DASHBOARDS_SCRIPT, DashboardPage},
    view::{DashboardMode, DashboardView},
};
use crate::{
    door::{
        context::DoorContext,
        document::wall_document,
        words::{DashboardWords, ExploreWords},
    },
    format,
    pages::plain_text,
};

/// So many rows share the height of a screen.
const FITTING: usize = 4;

/// The document.
pub(super) fn wall(context: &DoorContext, page: &DashboardPage) -> String {
    let (words, texts) = (DashboardWords::of(context.language), ExploreWords::of(context.language));
    let DashboardMode::Wall { seconds, .. } = &page.view.mode else { return String::new() };
    let next = page.next.as_ref().map(|next| context.href(&next.address()));
    let seconds = seconds.filter(|_| next.is_some());
    // Number 0 is none: a wall that waits for the first dashboard.
    let is_none = page.view.id == 0;
    let exit = if is_none {
        paths::DASHBOARDS.to_owned()
    } else {
        DashboardView { mode: DashboardMode::Look, ..page.view.clone() }.address()
    };
    let content = if is_none {
        view! { <p class="door__none">{words.wall_none}</p> }.into_any()
    } else {
        cards(context, &page.rows, page.is_off)
    };
    // Nobody scrolls a wall: as many rows as can be read still share the screen.
    let class = if page.rows.len() <= FITTING { "board board--wall board--fit" } else { "board board--wall" };
    let heading = plain_text(&page.name).into_owned();
    let body = view! {
        <div
            class=class
            data-board=""
            data-wall=""
            data-zone=page.view.zone.to_string()
            data-now=page.now_ms.to_string()
            data-step=page.step().to_string()
            data-seconds=seconds.map(|seconds| seconds.to_string())
            data-next=next.clone()
            data-word-live=texts.live
            data-word-paused=texts.paused
            data-word-lost=texts.lost
            data-word-pause=texts.pause
            data-word-go=texts.go_on
        >
            <header class="board__wallbar">
                <h1>
                    <bdi>{heading}</bdi>
                </h1>
                <p class="stream__state">
                    <span role="status" data-state=""></span>
                </p>
                <p class="number" data-part="clock">
                    {format::minute(page.now_ms, page.view.zone)}
                </p>
                <a class="board__exit" href=context.href(&exit) data-exit="">
                    {words.wall_exit}
                </a>
            </header>
            <main data-part="cards" id="main" tabindex="-1">
                {content}
            </main>
        </div>
        <script inner_html=DASHBOARDS_SCRIPT></script>
    };
    wall_document(context, &page.name, seconds.zip(next), body.into_any())
}
