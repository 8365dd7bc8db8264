//! Draws the lines in view, at most once for each frame, and keeps the view where the reader left it.

use leptos::{
    prelude::*,
    tachys::renderer::Rndr,
    web_sys::{Element, HtmlElement},
};

use super::{
    board::{LinesSummary, LogLines, LogsBoard, LogsMode},
    drawn::{DrawnRows, PROBE},
    reading::StreamState,
    row::{RowLook, row},
    sources,
    stamp::TimeStyle,
    window::{DrawnWindow, Measures, ViewPosition, window},
};
use crate::{format, widgets::ElementRef};

/// A view that is nearer to its end than this is at it, pixels.
const AT_END: i32 = 4;

/// A line that stays where it is on the screen, and the distance of it from the upper edge.
#[derive(Clone, Copy)]
struct Anchor {
    number: u64,
    distance: i32,
}

/// Draws the lines. Called when something has changed.
pub(super) fn draw(board: LogsBoard) {
    let elements = board.elements;
    let (Some(view), Some(probe), Some(list)) = (
        elements.view.peek::<HtmlElement>(),
        elements.probe.peek::<HtmlElement>(),
        elements.rows.peek::<Element>(),
    ) else {
        return;
    };
    let look = look(board);
    let is_held = board.is_held.with(|held| *held).unwrap_or_default();
    let follows = board.follows.peek() && !is_held;
    let target = board.target.update(Option::take).flatten();
    let measures = measure(board, &view, &probe);
    let plan = board.lines.update(|lines| {
        let is_searching = board.look(lines);
        board.drawn.update(|drawn| {
            let first = if look.times == TimeStyle::Relative { look.first } else { 0 };
            let anchor = if follows { None } else { anchor(drawn, &view) };
            if std::mem::take(&mut drawn.is_stale) || drawn.first != first {
                drawn.first = first;
                drawn.rows.drain(..).for_each(|(_, row)| row.remove());
            }
            let rows = |place: usize| {
                let line = lines.sieve.number(&lines.ring, place).and_then(|number| lines.ring.get(number));
                line.map_or(1, |line| measures.rows(line.columns + look.columns()) + u32::from(line.opened))
            };
            let place = |number| lines.sieve.place(&lines.ring, number);
            let position = match (target, anchor) {
                (Some(target), _) => ViewPosition::Around(place(target), measures.height / 2.0),
                (None, _) if follows => ViewPosition::End,
                (None, Some(Anchor { number, distance })) if lines.ring.get(number).is_some() => {
                    ViewPosition::Around(place(number), f64::from(distance))
                }
                _ => ViewPosition::Scrolled(f64::from(view.scroll_top())),
            };
            let drawn_window = window(lines.sieve.count(&lines.ring), &rows, &measures, position);
            put_rows(drawn, &list, lines, drawn_window, &look);
            (drawn_window, anchor, is_searching)
        })
    });
    let Some(Some((drawn_window, anchor, is_searching))) = plan else { return };
    stretch(elements.above, drawn_window.above);
    stretch(elements.below, drawn_window.below);
    settle(board, &view, (!follows).then_some(drawn_window.top), target, anchor);
    board.lines.update(|lines| summarize(board, lines, follows, drawn_window, is_searching));
    if is_searching {
        request_animation_frame(move || board.changed.set(()));
    }
}

/// The view was scrolled, by the reader or by [`draw`].
pub(super) fn scrolled(board: LogsBoard) {
    let Some(view) = board.elements.view.peek::<Element>() else { return };
    let rest = view.scroll_height() - view.client_height() - view.scroll_top();
    let has_end = board.mode.peek() == LogsMode::Live && board.state.peek() != StreamState::Cut;
    if board.follows.peek() {
        if rest > AT_END {
            board.pause();
        }
    } else if rest <= AT_END && has_end && board.current.peek().is_none() && !board.is_empty() {
        board.follow();
    }
    board.changed.set(());
}

fn look(board: LogsBoard) -> RowLook {
    let (sources, zone) = (board.sources.peek(), board.clock.zone());
    let now = board.browser().map_or(0.0, |browser| browser.clock.now());
    let name = |listed: &Vec<_>| sources.iter().map(|one| sources::name(one, listed, board.words)).collect();
    let names: Vec<String> = board.listed.look(name).unwrap_or_default();
    let times = board.times.peek();
    RowLook {
        names: if names.len() > 1 { names } else { Vec::new() },
        times,
        today: match times {
            TimeStyle::Utc => format::date(now as u64, 0),
            _ => format::date(now as u64, &zone),
        },
        zone,
        first: board.lines.with(|lines| lines.ring.begins_at()).flatten().unwrap_or_default(),
        search: board.search.peek(),
        current: board.current.peek(),
        words: board.words,
    }
}

fn measure(board: LogsBoard, view: &HtmlElement, probe: &HtmlElement) -> Measures {
    let row = f64::from(probe.offset_height().max(1));
    let column = (f64::from(probe.offset_width()) / PROBE as f64).max(1.0);
    // A column is left for what breaks before the edge.
    let columns = (f64::from(view.client_width()) / column - 1.0).max(1.0) as u32;
    let height = f64::from(view.client_height());
    Measures { row, height, columns: board.wraps.peek().then_some(columns) }
}

/// The first line in view, where it was drawn.
fn anchor(drawn: &DrawnRows, view: &HtmlElement) -> Option<Anchor> {
    let top = view.scroll_top();
    let (number, row) = drawn.rows.iter().find(|(_, row)| row.offset_top() + row.offset_height() > top)?;
    let distance = row.offset_top() - top;
    (distance < view.client_height()).then_some(Anchor { number: *number, distance })
}

/// Puts the rows of a window into the document; those that stay are not touched.
fn put_rows(drawn: &mut DrawnRows, list: &Element, lines: &LogLines, part: DrawnWindow, look: &RowLook) {
    let mut old = std::mem::take(&mut *drawn.rows);
    for place in part.begin..part.end {
        let Some(number) = lines.sieve.number(&lines.ring, place) else { break };
        while old.front().is_some_and(|(before, _)| *before < number) {
            if let Some((_, row)) = old.pop_front() {
                row.remove();
            }
        }
        if old.front().is_some_and(|(same, _)| *same == number) {
            drawn.rows.extend(old.pop_front());
        } else if let Some(line) = lines.ring.get(number) {
            let new = row(number, line, look);
            Rndr::insert_node(list, &new, old.front().map(|(_, next)| next.as_ref()));
            drawn.rows.push_back((number, leptos::wasm_bindgen::JsCast::unchecked_into(new)));
        }
    }
    old.into_iter().for_each(|(_, row)| row.remove());
}

fn stretch(element: ElementRef, pixels: f64) {
    if let Some(element) = element.peek::<HtmlElement>() {
        let _ = element.style().set_property("block-size", &[&format::fixed(pixels, 0), "px"].concat());
    }
}

/// Brings the view to where it belongs after the rows have changed: to the end, or so many pixels from the beginning if no row says it.
fn settle(
    board: LogsBoard,
    view: &HtmlElement,
    pixels: Option<f64>,
    target: Option<u64>,
    anchor: Option<Anchor>,
) {
    let top_of = |number: u64| {
        let top = |drawn: &DrawnRows| {
            let row = drawn.rows.iter().find(|(drawn, _)| *drawn == number);
            row.map(|(_, row)| (row.offset_top(), row.offset_height()))
        };
        board.drawn.with(top).flatten()
    };
    let target = target.and_then(top_of).map(|(top, height)| top - (view.client_height() - height) / 2);
    let anchored = || Some(top_of(anchor?.number)?.0 - anchor?.distance);
    let top = match pixels {
        None => target.unwrap_or(view.scroll_height()),
        Some(pixels) => target.or_else(anchored).unwrap_or(pixels as i32),
    };
    if top != view.scroll_top() {
        view.set_scroll_top(top);
    }
}

fn summarize(board: LogsBoard, lines: &mut LogLines, follows: bool, part: DrawnWindow, is_searching: bool) {
    let LogLines { ring, sieve, .. } = &*lines;
    let count = sieve.count(ring);
    // Lines that the reader never saw: they came after the last frame, and this one begins behind them.
    let begin = sieve.number(ring, part.begin).unwrap_or(ring.end());
    let passed = begin.saturating_sub(lines.drawn_to.max(lines.history_to));
    let (found, place) = sieve.matches(board.current.peek());
    let fresh = if follows || board.mode.peek() != LogsMode::Live {
        0
    } else {
        ring.end().saturating_sub(lines.left_at)
    };
    let (kept, dropped, end) = (ring.len(), ring.dropped(), ring.end());
    if follows && count == kept && lines.drawn_to > 0 {
        lines.undrawn += passed;
    }
    lines.drawn_to = end;
    let summary = LinesSummary {
        kept,
        shown: count,
        found,
        at: if board.current.peek().is_some() { (place + 1).min(found) } else { 0 },
        dropped,
        undrawn: lines.undrawn,
        fresh,
        is_searching,
    };
    if board.summary.look(|old| *old != summary).unwrap_or_default() {
        board.summary.set(summary);
    }
}
