//! The transports side by side: the same numbers over each, what is measured of it, and what that means.

mod bench;
mod card;
mod columns;
mod comparison;
mod controls;
mod difference;
mod measure;
mod rows;
mod seat;

use leptos::prelude::*;

use crate::{
    ports::Browser,
    widgets::{IntoPart, Part, list},
    words::LabWords,
};

use bench::Bench;

pub(super) fn view() -> Part {
    // It comes as a piece, so it is built in a browser only.
    let Some(browser) = use_context::<Browser>() else { return ().fresh() };
    let bench = Bench::new(browser);
    let cards = bench.seats.get().into_iter().map(move |seat| card::card(bench, seat));
    view! {
        <p class="lab__intro">{LabWords::here().intro}</p>
        <div class="grid">
            {controls::controls(bench)} {list(cards)} {comparison::comparison(bench)}
        </div>
        {difference::difference(bench)}
    }
    .fresh()
}
