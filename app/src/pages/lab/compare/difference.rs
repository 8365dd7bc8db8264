//! What the transports are, in plain words, with what was measured of them here.

use leptos::prelude::*;

use super::{
    bench::Bench,
    columns::{bytes, ms},
    seat::Seat,
};
use crate::{
    format,
    widgets::{IntoPart, Part, list, live, text},
    words::{Facts, LabWords},
};

/// A fact's name, and what it says of a transport.
type Fact = (fn(&'static LabWords) -> &'static str, fn(&'static Facts) -> &'static str);

const FACTS: [Fact; 6] = [
    (|w| w.direction, |f| f.direction),
    (|w| w.format, |f| f.format),
    (|w| w.protocol, |f| f.protocol),
    (|w| w.comes_back, |f| f.comes_back),
    (|w| w.limits, |f| f.limits),
    (|w| w.choose, |f| f.choose),
];

pub(super) fn difference(bench: Bench) -> Part {
    let words = LabWords::here();
    let seats = bench.seats.get();
    view! {
        <section class="difference" aria-labelledby="lab-difference">
            <h2 id="lab-difference">{words.difference}</h2>
            <div class="difference__all">{list(seats.into_iter().filter_map(one))}</div>
        </section>
        {how(bench)}
    }
    .fresh()
}

fn one(seat: Seat) -> Option<Part> {
    let words = LabWords::here();
    let facts: &'static Facts = words.facts.get(seat.place)?;
    let fact = |(name, say): Fact| {
        view! {
            <dt>{name(words)}</dt>
            <dd>{say(facts)}</dd>
        }
        .fresh()
    };
    let measured = move || {
        let figures = seat.figures.get();
        if figures.p50.is_none() {
            return words.not_measured.to_owned();
        }
        (words.measured)(&ms(figures.p50), &ms(figures.p99), &bytes(figures.bytes, seat.bytes.get()))
    };
    let article = view! {
        <article class="card difference__one" data-testid=["lab-facts-", seat.id].concat()>
            <h3>{seat.name}</h3>
            <dl class="difference__facts">
                {list(FACTS.map(fact))}
                <dt>{words.here}</dt>
                <dd class="number">{text(measured)}</dd>
            </dl>
        </article>
    };
    Some(article.fresh())
}

/// How each figure comes about: what the cards say in their tips, for those who have no pointer.
fn how(bench: Bench) -> Part {
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
        if let Some(seat) = bench.seats.get().first() {
            seat.figures.track();
        }
        let known = bench.offset.with(|offset| offset.ms().zip(offset.error_ms())).flatten();
        let told =
            known.map(|(apart, error)| (words.clocks)(&format::fixed(apart, 1), &format::fixed(error, 1)));
        view! { <p class="number" data-testid="lab-clocks">{told}</p> }.patched()
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
