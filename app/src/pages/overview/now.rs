//! The three numbers of this moment as bars: the card that is read from across the room.

use common::series::Unit;
use leptos::prelude::*;

use crate::{
    format,
    live::{Derived, LiveHost},
    widgets::{Card, ChartBox, IntoPart, NOW, Tools, level_word, list, now_chart, now_label, text},
    words::Words,
};

#[component]
pub(super) fn NowCard(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.tap_metrics(), Words::here());
    let chart = Derived::new(move || now_chart(&|key| tap.samples().value(key), words));
    let tools = Tools::new("now", Unit::Percent, chart);
    let label = Derived::new(move || now_label(&|key| tap.samples().value(key), words));
    let figures = NOW.map(|(key, name)| {
        let value = move || tap.samples().value(key);
        let level = move || value().and_then(|value| level_word(value, words)).unwrap_or(("none", ""));
        view! {
            <div class="now__figure" data-level=text(move || level().0)>
                <dt>{name(words)}</dt>
                <dd class="number">
                    <span data-testid="value">
                        {text(move || value().map_or_else(|| "–".to_owned(), |value| format::fixed(value, 1)))}
                    </span>
                    <span class="reading__unit">"%"</span>
                    <span class="now__level">{text(move || level().1)}</span>
                </dd>
            </div>
        }
        .part()
    });
    let unit = view! { <span class="card__unit">{words.now_hint}</span> };
    view! {
        <Card id="now" title=words.now switch=tap.switch tools=tools aside=unit.part()>
            <dl class="now">{list(figures)}</dl>
            <ChartBox tools label class="plot--now" size=(298, 420) narrow=(302, 260) />
        </Card>
    }
    .part()
}
