//! The tools above the lines: search, level, times, wrapping, a moment to jump to.

use leptos::{ev::KeyboardEvent, prelude::*};
use web_sys::{HtmlInputElement, HtmlSelectElement};

use super::{
    address,
    alert::alert,
    board::LogsBoard,
    level_name::LevelGroup,
    search,
    sources::logs_address,
    stamp::{TimeStyle, moment},
};
use crate::{
    first_paint,
    live::Cell,
    widgets::{
        ElementRef, ErasedView, Icon, IntoErasedView, change, click, flag, icon, keys, list, live, text, when,
    },
};

pub(super) fn tools(board: LogsBoard) -> ErasedView {
    view! {
        <div class="logs__tools">
            {search_field(board)}
            {look(board)}
        </div>
    }
    .fresh()
}

fn value(field: ElementRef) -> String {
    field.peek::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
}

fn search_field(board: LogsBoard) -> ErasedView {
    let (words, field) = (board.words, board.field);
    let search = move || board.search_for(&value(field));
    let on_key = move |event: &KeyboardEvent| match &*event.key() {
        "Enter" => {
            event.prevent_default();
            board.step(event.shift_key());
        }
        "Escape" => {
            if let Some(field) = field.peek::<HtmlInputElement>() {
                field.set_value("");
            }
            board.search_for("");
        }
        _ => {}
    };
    let has_search = move || board.search.with(Option::is_some);
    let is_bad = move || board.bad_search.with(Option::is_some).to_string();
    let told = move || {
        let bad = board.bad_search.with(|bad| bad.as_deref().map(words.bad_expression));
        let summary = board.summary.get();
        match bad {
            Some(bad) => bad,
            None if !has_search() => String::new(),
            None if summary.is_searching => words.searching.to_owned(),
            None => (words.matches)(summary.at, summary.found),
        }
    };
    let all = move || board.read_matching(search::pattern(&value(field), board.is_expression.peek()));
    view! {
        <div class="logs__search" role="search">
            <label class="logs__field logs__find">
                <span>{words.search}</span>
                <input
                    node_ref=field
                    class="ask__field"
                    data-testid="logs-search"
                    type="search"
                    maxlength="200"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=words.search_hint
                    aria-keyshortcuts="/"
                    aria-describedby="logs-matches"
                    aria-invalid=text(is_bad)
                    on:input=change(search)
                    on:keydown=keys(on_key)
                />
            </label>
            {tick(words.expression, "logs-expression", board.is_expression, Box::new(search))}
            <button type="button" class="icon-button" aria-label=words.previous title=words.previous disabled=flag(move || !has_search()) on:click=click(move || board.step(false))>
                "↑"
            </button>
            <button type="button" class="icon-button" aria-label=words.next title=words.next disabled=flag(move || !has_search()) on:click=click(move || board.step(true))>
                "↓"
            </button>
            {tick(words.only_matching, "logs-only", board.only_matching, Box::new(move || board.filter()))}
            <button type="button" class="button" data-testid="logs-all" disabled=flag(move || !has_search()) on:click=click(all)>
                {words.all_history}
            </button>
            <p class="logs__hint number" id="logs-matches" role="status" data-testid="logs-matches">{text(told)}</p>
        </div>
    }
    .fresh()
}

/// A box to tick, and the action on it.
fn tick(name: &'static str, id: &'static str, cell: Cell<bool>, act: Box<dyn Fn()>) -> ErasedView {
    let toggle = move || {
        cell.update(|is| *is = !*is);
        act();
    };
    view! {
        <label class="logs__tick">
            <input type="checkbox" data-testid=id prop:checked=flag(move || cell.get()) on:change=change(toggle) />
            <span>{name}</span>
        </label>
    }
    .fresh()
}

/// A choice of one among a few, by their places.
fn select(
    name: &'static str,
    id: &'static str,
    options: Vec<&'static str>,
    choose: Box<dyn Fn(usize)>,
) -> ErasedView {
    let field = ElementRef::new();
    let chosen = move || {
        let place = field.peek::<HtmlSelectElement>().map(|field| field.selected_index());
        choose(place.and_then(|place| usize::try_from(place).ok()).unwrap_or_default());
    };
    let option = |name: &'static str| view! { <option>{name}</option> }.fresh();
    view! {
        <label class="logs__field">
            <span>{name}</span>
            <select node_ref=field class="ask__field" data-testid=id on:change=change(chosen)>
                {list(options.into_iter().map(option))}
            </select>
        </label>
    }
    .fresh()
}

fn look(board: LogsBoard) -> ErasedView {
    let words = board.words;
    let levels = [None, Some(LevelGroup::Info), Some(LevelGroup::Warning), Some(LevelGroup::Error)];
    let level = move |place: usize| {
        board.level.set(levels.get(place).copied().flatten());
        board.filter();
    };
    let times = move |place: usize| {
        board.times.set(TimeStyle::ALL.get(place).copied().unwrap_or(TimeStyle::Local));
        board.redraw();
    };
    view! {
        <div class="logs__look">
            {select(words.level, "logs-level", vec![words.all_levels, words.infos, words.warnings, words.errors], Box::new(level))}
            {select(words.times, "logs-times", vec![words.local, words.utc, words.relative, words.no_times], Box::new(times))}
            {tick(words.wrap, "logs-wrap", board.wraps, Box::new(|| ()))}
            {jump(board)}
            {live(move || download(board))}
        </div>
    }
    .fresh()
}

fn jump(board: LogsBoard) -> ErasedView {
    let (words, field, bad) = (board.words, ElementRef::new(), Cell::new(false));
    let go = move || {
        let at = moment(&value(field), &untrack(|| board.clock.zone()));
        bad.set(at.is_none());
        if let Some(at) = at {
            board.read_from(at);
        }
    };
    let on_key = move |event: &KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            go();
        }
    };
    view! {
        <div class="logs__jump">
            <label class="logs__field">
                <span>{words.jump}</span>
                <input
                    node_ref=field
                    class="ask__field"
                    data-testid="logs-jump"
                    type="datetime-local"
                    step="1"
                    aria-invalid=text(move || bad.get().to_string())
                    on:keydown=keys(on_key)
                />
            </label>
            <button type="button" class="button" on:click=click(go)>{words.go}</button>
            {when(
                move || bad.get(),
                move || alert(words.bad_moment.to_owned()),
            )}
        </div>
    }
    .fresh()
}

fn download(board: LogsBoard) -> ErasedView {
    let query = board.sources.with(|sources| address::query(sources));
    let to = first_paint::href(&[&*logs_address(), "/download", &query].concat());
    view! {
        <a class="button" href=to download="" rel="external" data-testid="logs-download">
            {icon(Icon::SAVE)}
            <span>{board.words.download}</span>
        </a>
    }
    .fresh()
}
