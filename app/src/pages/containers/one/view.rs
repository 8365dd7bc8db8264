//! The page of one container as it is shown.

use leptos::prelude::*;

use super::{
    super::{
        board::Board, door_words::ContainersDoorWords, health::judge, timeline::timeline,
        words::ContainersWords,
    },
    actions::actions,
    charts::charts,
    configuration::configuration,
    state::OneContainer,
    words::OneContainerWords,
};
use crate::{
    first_paint, format,
    i18n::Words,
    live::Clock,
    ports::Browser,
    widgets::{Crosshair, ErasedView, IntoErasedView, either, live, text},
};

/// The page of the container that the address names.
pub(in super::super) fn view(board: Board, browser: Browser, id: String) -> ErasedView {
    let one = OneContainer::new(board, browser, id);
    provide_context(one);
    Crosshair::provide();
    let own = OneContainerWords::here();
    let name = move || one.info().map_or_else(|| own.removed_name.to_owned(), |info| info.name);
    let lines = move || {
        let source = one.info().map(|info| info.id).unwrap_or_default();
        first_paint::href(&["/logs?source=container:", &source].concat())
    };
    let (_, is_local) = board.host();
    let there = move || {
        let more = if is_local {
            view! {
                <p class="one__links"><a href=text(lines)>{own.lines}</a></p>
                {actions(one)}
            }
            .fresh()
        } else {
            view! { <p class="empty" data-testid="container-elsewhere">{own.elsewhere}</p> }.fresh()
        };
        view! {
            {live(move || facts(one))}
            {more}
            {charts(one)}
        }
        .fresh()
    };
    let known = if is_local { configuration(one) } else { ().fresh() };
    let back = board.path();
    let gone = move || view! { <p class="empty" data-testid="container-gone">{own.removed}</p> }.fresh();
    view! {
        <p class="one__back">
            <a href=first_paint::href(back.trim_end_matches(['?', '&']))>"← " {ContainersDoorWords::here().containers}</a>
        </p>
        <h1 dir="auto" data-testid="container-name">{text(name)}</h1>
        {either(move || one.info().is_some(), there, gone)}
        {timeline(board, move |id| one.is(id))}
        {known}
    }
    .fresh()
}

/// The state, in a line.
fn facts(one: OneContainer) -> ErasedView {
    let (words, own, clock) = (ContainersWords::here(), OneContainerWords::here(), Clock::here());
    let Some(info) = one.info() else { return ().fresh() };
    let (severity, state) = judge(&info, words);
    let runs = matches!(&*info.state, "running" | "paused");
    let since = info.started_ms.filter(|_| runs).map(|started| {
        let now = clock.now().unwrap_or(started);
        let age = format::long_duration(now.saturating_sub(started), Words::here());
        [words.uptime, " ", &age].concat()
    });
    let restarts = [words.restarts, " ", &info.restarts.to_string()].concat();
    let exit = info.exit_code.map(|code| (words.ended_with)(&code.to_string()));
    let cores = (own.of_cores)(&info.cpu_limit.unwrap_or(one.cores()).to_string());
    let why = info.error.clone().unwrap_or_default();
    view! {
        <p class="one__state">
            <span class="containers__state" data-level=severity.name() data-testid="container-state">
                <span class="containers__mark" aria-hidden="true">{severity.mark()} " "</span>
                {state}
            </span>
            <span>{exit}</span>
            <span>{since}</span>
            <span>{restarts}</span>
            <span>{cores}</span>
            <span class="one__image" dir="auto">{info.image.clone()}</span>
            <span>{why}</span>
        </p>
    }
    .patched_fresh()
}
