//! Lists the frames of the followed connection.

use common::{
    connection::{Frame, FrameDirection},
    metric::Unit,
};
use leptos::prelude::*;

use super::following::{FollowState, Following, ListItem};
use super::words::ConnectionsWords;
use crate::{
    format,
    live::{Clock, LocalZone},
    widgets::{ErasedView, IntoErasedView, click, either, empty, list, live, text, when},
};

pub(super) fn frames(following: Following) -> ErasedView {
    let words = ConnectionsWords::here();
    let address =
        move || following.of.with(|of| of.as_ref().map(|of| of.address.clone())).unwrap_or_default();
    let is_paused = move || matches!(following.stand.get(), FollowState::Paused(_));
    let can_pause = move || matches!(following.stand.get(), FollowState::On | FollowState::Paused(_));
    let pause = move || {
        view! {
            <button
                type="button"
                class="button"
                data-testid="frames-pause"
                on:click=click(move || following.pause())
            >
                {text(move || if is_paused() { words.go_on } else { words.pause })}
            </button>
        }
        .fresh()
    };
    let told = move || match following.stand.get() {
        FollowState::On => words.on.to_owned(),
        FollowState::Paused(count) => (words.paused)(count),
        FollowState::Ended => words.ended.to_owned(),
        FollowState::Lost => words.lost.to_owned(),
    };
    let any = move || following.lines.with(|lines| !lines.is_empty());
    view! {
        <section class="frames" aria-labelledby="frames" data-testid="frames">
            <header class="frames__head">
                <h2 id="frames">{words.frames} " " <span class="number">{text(address)}</span></h2>
                {when(can_pause, pause)}
                <button
                    type="button"
                    class="button"
                    data-testid="frames-close"
                    on:click=click(move || following.close())
                >
                    {words.close}
                </button>
            </header>
            <p class="frames__told" role="status">{text(told)}</p>
            {either(any, move || table(following), move || empty(words.waiting))}
        </section>
    }
    .fresh()
}

fn table(following: Following) -> ErasedView {
    let (words, clock) = (ConnectionsWords::here(), Clock::here());
    let rows = move || {
        let zone = clock.zone();
        following.lines.with(|lines| list(lines.iter().map(|line| row(line, &zone))))
    };
    view! {
        <div class="frames__scroll" role="region" tabindex="0" aria-label=words.frames_table>
            <table class="table frames__table">
                <caption class="sr-only">{words.frames_table}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.time}</th>
                        <th scope="col">{words.way}</th>
                        <th scope="col">{words.size}</th>
                        <th scope="col">{words.text}</th>
                    </tr>
                </thead>
                <tbody>{live(rows)}</tbody>
            </table>
        </div>
    }
    .fresh()
}

fn row(line: &ListItem, zone: &LocalZone) -> ErasedView {
    let words = ConnectionsWords::here();
    match line {
        ListItem::Missed(count) => {
            let told = (words.missed)(*count);
            view! { <tr class="frames__missed"><td colspan="4">{told}</td></tr> }.patched_fresh()
        }
        ListItem::Frame(frame) => {
            let (arrow, way) = match frame.way {
                FrameDirection::Down => ("↓", words.down),
                FrameDirection::Up => ("↑", words.up),
            };
            let cut = if frame.cut { words.cut } else { "" };
            // A frame that is shorter on the wire than its text was compressed; the text may be cut, too, and then was
            // longer still.
            let compressed = if frame.bytes < frame.text.len() { words.compressed } else { "" };
            view! {
                <tr>
                    <td class="number">{time(frame, zone)}</td>
                    <td class="frames__way"><span aria-hidden="true">{arrow}</span> " " {way}</td>
                    <td class="number">
                        {format::full(frame.bytes as f64, Unit::Bytes)} " " <span class="connections__bytes">{compressed}</span>
                    </td>
                    <td class="frames__text"><code>{frame.text.clone()}</code> " " {cut}</td>
                </tr>
            }
            .patched_fresh()
        }
    }
}

/// To the millisecond, by the server's clock.
fn time(frame: &Frame, zone: &LocalZone) -> String {
    let ms = (frame.at % 1000).to_string();
    [&format::clock(frame.at, zone), ".", &"00"[..3 - ms.len()], &ms].concat()
}
