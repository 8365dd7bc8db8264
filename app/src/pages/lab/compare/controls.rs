//! The controls of the lab: the load on all connections, and actions on all of them.

use common::{
    lab::{BYTES, RATE},
    metric::Unit,
};
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::super::words::LabWords;
use super::bench::Bench;
use crate::{
    format,
    i18n::Words,
    live::Cell,
    widgets::{ElementRef, ErasedView, Icon, IntoErasedView, change, click, icon, live, text},
};

pub(super) fn controls(bench: Bench) -> ErasedView {
    let words = LabWords::here();
    let rate = Slider {
        id: "lab-rate",
        name: words.rate,
        range: (*RATE.start(), *RATE.end()),
        shown: Cell::new(bench.rate.peek()),
        told: |rate| (LabWords::here().a_second)(rate),
        set: |bench, rate| bench.rate.set(rate),
    };
    let size = Slider {
        id: "lab-size",
        name: words.size,
        range: (BYTES.start().ilog2(), BYTES.end().ilog2()),
        shown: Cell::new(bench.bytes.peek().ilog2()),
        told: |power| format::full(f64::from(1_u32 << power), Unit::Bytes),
        set: |bench, power| bench.bytes.set(1 << power),
    };
    view! {
        <section class="card card--controls" aria-labelledby="lab-conditions">
            <div class="controls__head">
                <h2 class="card__title" id="lab-conditions">{words.conditions}</h2>
                <p class="controls__told" role="status" data-testid="lab-told">{text(move || bench.told.get())}</p>
            </div>
            <div class="controls">
                <div class="controls__group" role="group" aria-label=words.lines>
                    <span class="controls__name" aria-hidden="true">{words.lines}</span>
                    <button
                        type="button"
                        class="button"
                        data-testid="lab-all-on"
                        on:click=click(move || bench.turn_all(true))
                    >
                        {icon(Icon::PLAY)}
                        <span>{words.all_on}</span>
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-testid="lab-all-off"
                        on:click=click(move || bench.turn_all(false))
                    >
                        {icon(Icon::STOP)}
                        <span>{words.all_off}</span>
                    </button>
                </div>
                {slider(bench, rate)}
                {slider(bench, size)}
                <div class="controls__group" role="group" aria-label=words.cut>
                    <span class="controls__name" aria-hidden="true">{words.cut}</span>
                    <button
                        type="button"
                        class="button"
                        data-testid="lab-cut-server"
                        on:click=click(move || bench.cut_lines())
                    >
                        {words.cut_server}
                    </button>
                    <button
                        type="button"
                        class="button"
                        data-testid="lab-cut-network"
                        on:click=click(move || bench.cut_network())
                    >
                        {words.cut_network}
                    </button>
                </div>
            </div>
            {trouble(bench)}
        </section>
    }
    .fresh()
}

/// One number that can be moved.
struct Slider {
    id: &'static str,
    name: &'static str,
    /// The ends of the slider.
    range: (u32, u32),
    /// The position of the slider.
    shown: Cell<u32>,
    /// That in words.
    told: fn(u32) -> String,
    set: fn(Bench, u32),
}

/// While it is moved it says where it is; when it is let go of, that holds.
fn slider(bench: Bench, slider: Slider) -> ErasedView {
    let Slider { id, name, range, shown, told, set } = slider;
    let field = ElementRef::new();
    let read = move || field.peek::<HtmlInputElement>().and_then(|field| field.value().parse().ok());
    let on_input = move || {
        if let Some(value) = read() {
            shown.set(value);
        }
    };
    let on_change = move || {
        on_input();
        set(bench, shown.peek());
        bench.change_pace();
    };
    let said = move || told(shown.get());
    view! {
        <div class="controls__slider">
            <label class="controls__name" for=id>{name}</label>
            <span class="controls__value number" data-testid=[id, "-value"].concat()>{text(said)}</span>
            <input
                node_ref=field
                type="range"
                id=id
                data-testid=id
                min=range.0.to_string()
                max=range.1.to_string()
                value=shown.peek().to_string()
                aria-valuetext=text(said)
                on:input=change(on_input)
                on:change=change(on_change)
            />
        </div>
    }
    .fresh()
}

/// Shows a failure, and the action that may help.
fn trouble(bench: Bench) -> ErasedView {
    let (words, lab) = (Words::here(), LabWords::here());
    let shown = move || {
        if bench.missing.get() {
            return view! {
                <div class="trouble" role="alert" data-testid="lab-trouble">
                    <p>{lab.missing}</p>
                    <button type="button" class="button" on:click=click(move || bench.fetch())>
                        {words.try_again}
                    </button>
                </div>
            }
            .fresh();
        }
        if let Some(trouble) = bench.trouble.get() {
            let told = trouble.told(words);
            return view! { <p class="trouble" role="alert" data-testid="lab-trouble">{told}</p> }.fresh();
        }
        if bench.starved.get() {
            return view! { <p class="notice" role="status" data-testid="lab-starved">{lab.starved}</p> }
                .fresh();
        }
        ().fresh()
    };
    live(shown).fresh()
}
