//! The transports side by side: the same numbers over each, what is measured of it, and what that means.

mod bench;
mod columns;
mod comparison;
mod controls;
mod difference;
mod lane;
mod lanes;
mod measure;
mod rows;

use leptos::prelude::*;

use super::words::LabWords;
use crate::{
    ports::Browser,
    widgets::{ErasedView, IntoErasedView},
};

use bench::Bench;

pub(super) fn view() -> ErasedView {
    // It comes as a piece, so it is built in a browser only.
    let Some(browser) = use_context::<Browser>() else { return ().fresh() };
    let bench = Bench::new(browser);
    let words = LabWords::here();
    view! {
        <p class="lab__intro">{words.intro}</p>
        <div class="grid">{controls::controls(bench)} {lanes::lanes(bench)}</div>
        <details class="how" data-testid="lab-details">
            <summary>{words.chart_and_table}</summary>
            <div class="grid how__grid">{comparison::comparison(bench)}</div>
        </details>
        {difference::difference(bench)}
    }
    .fresh()
}
