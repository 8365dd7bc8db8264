//! The page as it is shown.

use leptos::{
    ev::{FocusEvent, MouseEvent},
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlElement},
};
use send_wrapper::SendWrapper;
use web_sys::js_sys::{Function, Reflect};

use super::{
    alert::alert,
    board::{LogsBoard, LogsMode},
    door_words::LogsDoorWords,
    draw,
    drawn::PROBE,
    life,
    picker::picker,
    reading::StreamState,
    row, sources,
    tools::tools,
};
use crate::{
    format,
    live::{Connection, effect},
    ports::{Browser, Key, LinkState},
    widgets::{ErasedView, Icon, IntoErasedView, click, either, empty, icon, listen, live, text, when},
};

pub(super) fn view() -> ErasedView {
    // It comes as a chunk, so it is built in a browser only.
    let Some(browser) = use_context::<Browser>() else { return ().fresh() };
    let board = life::begin(browser.clone());
    let go = sources::go();
    effect(move || {
        let guard = browser.keys.on_key(Box::new(move |key| press(&key, board)));
        let guard = SendWrapper::new(guard);
        on_cleanup(move || drop(guard));
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| board.changed.set(()));
    on_cleanup(move || resized.remove());
    let none = move || {
        view! { <div class="logs__none" data-testid="logs-none">{empty(board.words.no_sources)}</div> }
            .fresh()
    };
    view! {
        <div class="logs__head">
            <h1>{LogsDoorWords::here().logs}</h1>
            {picker(board, &go)}
        </div>
        {either(move || board.sources.with(Vec::is_empty), none, move || page(board))}
    }
    .fresh()
}

/// The keys of this page: a letter that is meant for what is open must not act here.
fn press(key: &Key, board: LogsBoard) -> bool {
    let is_open = || document().query_selector("dialog[open], :popover-open").ok().flatten().is_some();
    if key.in_text || key.command || is_open() {
        return false;
    }
    match &*key.key {
        "/" => match board.field.peek::<HtmlElement>() {
            Some(field) => field.focus().is_ok(),
            None => false,
        },
        "f" | "F" => {
            toggle(board);
            true
        }
        _ => false,
    }
}

fn toggle(board: LogsBoard) {
    if board.follows.peek() {
        board.pause();
    } else {
        board.follow();
    }
}

fn page(board: LogsBoard) -> ErasedView {
    let any = move || board.summary.with(|summary| summary.shown > 0);
    view! {
        {tools(board)}
        {state(board)}
        <div class="logs__frame" data-any=text(move || any().to_string())>
            {lines(board)}
            {when(move || !any(), move || nothing(board))}
        </div>
        {foot(board)}
    }
    .fresh()
}

/// Why there are no lines.
fn nothing(board: LogsBoard) -> ErasedView {
    let words = board.words;
    let told = move || {
        let summary = board.summary.get();
        match board.state.get() {
            StreamState::Refused { .. } | StreamState::Failed(_) => "",
            StreamState::Opening => words.opening,
            _ if summary.kept > 0 && summary.is_searching => words.searching,
            _ if summary.kept > 0 => words.nothing_shown,
            StreamState::Complete if board.mode.with(|mode| *mode != LogsMode::Live) => words.complete,
            _ => words.nothing,
        }
    };
    view! { <p class="empty logs__nothing" data-testid="logs-nothing">{text(told)}</p> }.fresh()
}

/// Which lines these are, what has become of them, and the way on.
fn state(board: LogsBoard) -> ErasedView {
    let (words, line) = (board.words, Connection::here());
    let is_away = move || {
        !matches!(line.state(), LinkState::Live | LinkState::Delayed | LinkState::Stale | LinkState::Idle)
    };
    let told = move || {
        let follows = board.follows.get();
        let mode = match board.mode.get() {
            LogsMode::Live => String::new(),
            LogsMode::Moment(at) => {
                [(words.from)(&format::stamp(at / 1000, board.clock.zone())), ". ".into()].concat()
            }
            LogsMode::Found(pattern) => [(words.found)(&pattern), ". ".into()].concat(),
        };
        let state = match board.state.get() {
            _ if is_away() => words.away.to_owned(),
            StreamState::Idle => String::new(),
            StreamState::Opening => words.opening.to_owned(),
            StreamState::Reading if follows => words.following.to_owned(),
            StreamState::Reading => words.paused.to_owned(),
            StreamState::Complete => words.complete.to_owned(),
            StreamState::Cut => words.cut_here.to_owned(),
            StreamState::Cancelled => words.cancelled.to_owned(),
            StreamState::Failed(why) => [words.failed, " ", &why].concat(),
            StreamState::Refused { told, id } => {
                [words.refused, " ", &told, " ", board.common.trouble_id, ": ", &id].concat()
            }
        };
        [mode, state].concat()
    };
    let level = move || match board.state.get() {
        StreamState::Failed(_) | StreamState::Refused { .. } => "crit",
        _ if is_away() => "warn",
        StreamState::Reading if board.follows.get() => "ok",
        _ => "idle",
    };
    view! {
        <div class="logs__state">
            <p role="status" data-testid="logs-state" data-level=text(level)>{text(told)}</p>
            {live(move || ways(board))}
            {live(move || board.earlier_failed.get().map_or_else(|| ().fresh(), alert))}
        </div>
    }
    .fresh()
}

/// The buttons that lead on from here.
fn ways(board: LogsBoard) -> ErasedView {
    let (words, common) = (board.words, board.common);
    let (mode, state) = (board.mode.get(), board.state.get());
    let button = |name: &'static str, act: fn(LogsBoard)| {
        view! { <button type="button" class="button" on:click=click(move || act(board))>{name}</button> }
            .fresh()
    };
    let has_lines = !board.is_empty();
    let is_broken =
        matches!(state, StreamState::Failed(_) | StreamState::Refused { .. } | StreamState::Cancelled);
    let later = match (&mode, &state) {
        (_, StreamState::Idle | StreamState::Opening | StreamState::Reading) => ().fresh(),
        (LogsMode::Found(_), _) if !is_broken => ().fresh(),
        (LogsMode::Live, StreamState::Complete) => button(words.follow, |board| board.read_later(true)),
        (_, StreamState::Cut) if has_lines => button(words.later, |board| board.read_later(false)),
        _ if is_broken => button(common.try_again, LogsBoard::try_again),
        _ => ().fresh(),
    };
    let newest = if mode == LogsMode::Live && state != StreamState::Cut {
        ().fresh()
    } else {
        button(words.newest, LogsBoard::read_newest)
    };
    view! { <div class="logs__ways">{later} {newest}</div> }.fresh()
}

fn lines(board: LogsBoard) -> ErasedView {
    let (words, elements) = (board.words, board.elements);
    let open = move |event: &MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let fold = target.and_then(|target| target.closest(".logs__fold").ok().flatten());
        if let Some(number) = fold.and_then(|fold| number_of(&fold)) {
            unfold(board, number);
        }
    };
    // A reader who steps through the lines must not lose the one that has the focus.
    let focused = move |event: &FocusEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.class_name() == "logs__fold") {
            board.pause();
        }
    };
    let held = move |is_held: bool| {
        if !is_held && has_selection() {
            board.pause();
        }
        board.is_held.set(is_held);
        board.changed.set(());
    };
    view! {
        <div
            class="logs__view"
            node_ref=elements.view
            tabindex="0"
            role="region"
            aria-label=words.lines
            data-testid="logs-lines"
            data-wrap=text(move || board.wraps.get().to_string())
            on:scroll=listen(move |_| draw::scrolled(board))
            on:click=listen(open)
            on:focusin=listen(focused)
            on:pointerdown=listen(move |_| held(true))
            on:pointerup=listen(move |_| held(false))
            on:pointercancel=listen(move |_| held(false))
            on:pointerleave=listen(move |_| held(false))
        >
            <span class="logs__probe" node_ref=elements.probe aria-hidden="true">{"0".repeat(PROBE)}</span>
            <div class="logs__space" node_ref=elements.above></div>
            <div class="logs__rows" node_ref=elements.rows translate="no"></div>
            <div class="logs__space" node_ref=elements.below></div>
        </div>
    }
    .fresh()
}

fn number_of(inside: &Element) -> Option<u64> {
    inside.closest("[data-line]").ok().flatten()?.get_attribute("data-line")?.parse().ok()
}

/// Shows the fields of a line, or hides them, and gives the focus back to its button.
fn unfold(board: LogsBoard, number: u64) {
    board.pause();
    board.lines.update(|lines| {
        let rows = lines.ring.get(number).map(|line| match line.opened {
            0 => row::rows_of_fields(line).max(1),
            _ => 0,
        });
        if let Some(rows) = rows {
            lines.ring.open(number, rows);
        }
    });
    board.drawn.update(|drawn| drawn.is_stale = true);
    draw::draw(board);
    let button = [r#"[data-line=""#, &number.to_string(), r#""] .logs__fold"#].concat();
    if let Ok(Some(button)) = document().query_selector(&button) {
        let _ = button.unchecked_into::<HtmlElement>().focus();
    }
}

/// Reports that some text of the page is selected.
fn has_selection() -> bool {
    let document = JsValue::from(document());
    let selection = Reflect::get(&document, &"getSelection".into())
        .and_then(JsCast::dyn_into::<Function>)
        .and_then(|get| get.call0(&document));
    let is_collapsed = selection.and_then(|selection| Reflect::get(&selection, &"isCollapsed".into()));
    is_collapsed.is_ok_and(|is| is.as_bool() == Some(false))
}

/// The numbers below the lines, and what leads to others.
fn foot(board: LogsBoard) -> ErasedView {
    let words = board.words;
    let counts = move || {
        let summary = board.summary.get();
        let mut told = (words.kept)(summary.shown, summary.kept);
        for (count, sentence) in [(summary.dropped, words.dropped), (summary.undrawn, words.undrawn)] {
            if count > 0 {
                told.push_str(" · ");
                told.push_str(&sentence(count));
            }
        }
        told
    };
    let earlier = move || match (board.loads_earlier.get(), board.at_begin.get()) {
        (true, _) => words.loads_earlier,
        (_, true) => words.at_begin,
        _ => words.earlier,
    };
    let has_no_earlier = move || {
        board.loads_earlier.get() || board.at_begin.get() || board.summary.with(|summary| summary.kept == 0)
    };
    let go_on = move || {
        if board.follows.get() {
            words.pause.to_owned()
        } else {
            (words.fresh)(board.summary.with(|all| all.fresh))
        }
    };
    view! {
        <div class="logs__foot">
            <button
                type="button"
                class="button"
                data-testid="logs-earlier"
                aria-disabled=text(move || has_no_earlier().to_string())
                on:click=click(move || if !untrack(has_no_earlier) { board.read_earlier() })
            >
                {text(earlier)}
            </button>
            <p class="logs__hint number" data-testid="logs-count">{text(counts)}</p>
            <button
                type="button"
                class="button"
                data-testid="logs-follow"
                data-follows=text(move || board.follows.get().to_string())
                aria-keyshortcuts="F"
                on:click=click(move || toggle(board))
            >
                {icon(Icon::STOP)}
                <span>{text(go_on)}</span>
            </button>
        </div>
    }
    .fresh()
}
