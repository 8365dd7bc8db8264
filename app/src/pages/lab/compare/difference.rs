//! Compares the transports in plain words: a column each.

use leptos::prelude::*;

use super::super::words::Facts;
use super::super::words::LabWords;
use super::{bench::Bench, lane::Lane};
use crate::{
    format,
    widgets::{ErasedView, IntoErasedView, list, live},
};

/// A fact's name, and what it says of a transport.
type Fact = (fn(&'static LabWords) -> &'static str, fn(&'static Facts) -> &'static str);

/// The choice first: the rest are its reasons.
const FACTS: [Fact; 6] = [
    (|w| w.choose, |f| f.choose),
    (|w| w.direction, |f| f.direction),
    (|w| w.format, |f| f.format),
    (|w| w.protocol, |f| f.protocol),
    (|w| w.comes_back, |f| f.comes_back),
    (|w| w.limits, |f| f.limits),
];

pub(super) fn difference(bench: Bench) -> ErasedView {
    let words = LabWords::here();
    let lanes = bench.lanes.get();
    let heads =
        lanes.clone().into_iter().map(|lane: Lane| view! { <th scope="col">{lane.name}</th> }.fresh());
    let row = |(name, say): Fact| {
        let cell = |lane: &Lane| {
            let told = words.facts.get(lane.place).map(say).unwrap_or_default();
            view! { <td>{told}</td> }.fresh()
        };
        view! {
            <tr>
                <th scope="row">{name(words)}</th>
                {list(lanes.iter().map(cell))}
            </tr>
        }
        .fresh()
    };
    view! {
        <div class="difference">
            <h2 id="lab-difference">{words.difference}</h2>
            <div class="difference__scroll" role="region" tabindex="0" aria-labelledby="lab-difference">
                <table class="difference__table" data-testid="lab-facts">
                    <thead>
                        <tr>
                            <td></td>
                            {list(heads)}
                        </tr>
                    </thead>
                    <tbody>{list(FACTS.map(row))}</tbody>
                </table>
            </div>
        </div>
        {how(bench)}
    }
    .fresh()
}

/// Explains each figure: the text of the cards' tooltips, for readers without a pointer.
fn how(bench: Bench) -> ErasedView {
    let words = LabWords::here();
    let all = [
        (words.p50, words.how_age),
        (words.bytes, words.how_counted),
        ("", words.how_compressed),
        ("", words.how_heads),
        (words.requests, words.how_requests),
        (words.reconnect, words.how_reconnect),
        (words.gaps, words.how_lost),
    ];
    let row = |(name, told): (&'static str, &'static str)| {
        let name = if name.is_empty() { ().fresh() } else { view! { <dt>{name}</dt> }.fresh() };
        view! {
            {name}
            <dd>{told}</dd>
        }
        .fresh()
    };
    // Worked out anew with the figures, of which some change every second.
    let clocks = move || {
        if let Some(lane) = bench.lanes.get().first() {
            lane.figures.track();
        }
        let known = bench.offset.with(|offset| offset.ms().zip(offset.error_ms())).flatten();
        let told =
            known.map(|(apart, error)| (words.clocks)(&format::fixed(apart, 1), &format::fixed(error, 1)));
        view! { <p class="number" data-testid="lab-clocks">{told}</p> }.patched_fresh()
    };
    view! {
        <details class="how">
            <summary>{words.how}</summary>
            <dl class="how__all">{list(all.map(row))}</dl>
            {live(clocks)}
        </details>
    }
    .fresh()
}
