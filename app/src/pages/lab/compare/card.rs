//! One transport's card: the numbers of this moment as its line brought them, what was measured of the line, and its switch.

use common::series::Unit;
use leptos::prelude::*;

use super::{
    bench::Bench,
    columns::{COLUMNS, Column},
    seat::Seat,
};
use crate::{
    live::Derived,
    widgets::{ChartBox, IntoPart, Menu, Part, Tools, Twins, click, flag, list, now_chart, now_label, text},
    words::{LabWords, Words},
};

pub(super) fn card(bench: Bench, seat: Seat) -> Part {
    let words = Words::here();
    let value =
        move |key: &str| seat.sample.with(|sample| sample.as_ref().and_then(|sample| sample.value(key)));
    let chart = Derived::new(move || now_chart(&value, words));
    let label = Derived::new(move || [seat.name, ": ", &now_label(&value, words)].concat());
    let tools = Tools::new("lab-now", Unit::Percent, chart);
    let heading = ["title-", seat.id].concat();
    let named = heading.clone();
    let facts = COLUMNS.iter().filter(|column| column.on_card).map(|column| fact(seat, column));
    view! {
        <section
            class="card card--line"
            id=["lab-", seat.id].concat()
            tabindex="-1"
            data-testid=["lab-", seat.id].concat()
            data-state=text(move || seat.told(words).0)
            aria-labelledby=heading
        >
            <header class="card__head">
                <h2 class="card__title" id=named>{seat.name}</h2>
                <Menu tools title=seat.name />
            </header>
            <div class="card__body">
                <ChartBox tools label class="plot--line" size=(298, 150) narrow=(302, 150) />
                <dl class="line">{list(facts)}</dl>
            </div>
            {foot(bench, seat)}
        </section>
    }
    .fresh()
}

fn fact(seat: Seat, column: &'static Column) -> Part {
    let words = LabWords::here();
    let value = move || (column.text)(&seat.figures.get(), seat.bytes.get());
    let unit = move || seat.figures.with(|figures| (column.value)(figures).map_or("", |_| column.unit));
    let tip = move || (column.how)(seat.bytes.get(), words);
    view! {
        <div class="line__fact" title=text(tip)>
            <dt>{(column.name)(words)}</dt>
            <dd class="number">
                <span data-testid=column.id>{text(value)}</span>
                <span class="line__unit">{text(unit)}</span>
            </dd>
        </div>
    }
    .fresh()
}

fn foot(bench: Bench, seat: Seat) -> Part {
    let words = Words::here();
    let is_off = move || !seat.on.get();
    let twins = Twins::new(is_off);
    let turn = move |on| {
        bench.turn(seat, on);
        twins.hand_over(!on);
    };
    view! {
        <footer class="card__foot">
            <p class="card__status">
                <span class="mark" aria-hidden="true"></span>
                <span data-testid="status" aria-live="polite">{text(move || seat.told(words).1)}</span>
            </p>
            <span class="card__age"></span>
            <button
                type="button"
                class="button button--quiet"
                data-testid="connect"
                node_ref=twins.connect
                hidden=flag(move || !is_off())
                aria-label=(words.connect_one)(seat.name)
                on:click=click(move || turn(true))
            >
                {words.connect}
            </button>
            <button
                type="button"
                class="button button--quiet"
                data-testid="disconnect"
                node_ref=twins.disconnect
                hidden=flag(is_off)
                aria-label=(words.disconnect_one)(seat.name)
                on:click=click(move || turn(false))
            >
                {words.disconnect}
            </button>
        </footer>
    }
    .fresh()
}
