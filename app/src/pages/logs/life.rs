//! The life of the page: it follows its address, its connection and its own changes until it is left.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{address, board::LogsBoard, draw};
use crate::{
    live::{Connection, Stored, effect},
    ports::{Browser, LinkState},
};

/// A board that begins when the page is there, and ends with it.
pub(super) fn begin(browser: Browser) -> LogsBoard {
    let board = LogsBoard::new(browser);
    board.ask_sources();
    let query = use_location().search;
    effect(move || {
        let sources = query.with(|query| address::sources(query));
        if board.sources.look(|old| *old != sources).unwrap_or_default() {
            board.sources.set(sources);
            board.read_newest();
        }
    });
    let line = Connection::here();
    let (was_up, was_lost) = (Stored::new(false), Stored::new(false));
    effect(move || {
        let is_up = matches!(line.state(), LinkState::Live | LinkState::Delayed | LinkState::Stale);
        if is_up && was_lost.with(|lost| *lost) == Some(true) {
            was_lost.set(false);
            board.resume();
        }
        if !is_up && was_up.with(|was| *was) == Some(true) {
            was_lost.set(true);
        }
        was_up.set(is_up);
    });
    effect(move || {
        board.elements.rows.track();
        board.redraw();
    });
    effect(move || {
        board.changed.track();
        board.wraps.track();
        draw::draw(board);
    });
    on_cleanup(move || board.close_all());
    board
}
