//! The three numbers of this moment as bars: the card that is read from across the room.

use charts::{Bar, BarChart, Chart};
use common::series::{Unit, id};
use leptos::prelude::*;

use crate::{
    format,
    live::{Derived, LiveHost},
    widgets::{Card, ChartBox, IntoPart, Tools, level_word, list, text, thresholds},
    words::{Pick, Words},
};

/// A bar's key and label.
type Slot = (&'static str, Pick);

const SLOTS: [Slot; 3] = [
    (id::CPU_TOTAL, |w| w.cpu_short),
    (id::MEMORY_PERCENT, |w| w.memory_short),
    (id::DISK_PERCENT, |w| w.disk_short),
];

#[component]
pub(super) fn NowCard(host: LiveHost) -> impl IntoView {
    let (tap, words) = (host.tap_metrics(), Words::here());
    let chart = Derived::new(move || {
        let bar = |(key, label): Slot| {
            let value = tap.samples().value(key);
            let text = value.map(|value| format::full(value, Unit::Percent)).unwrap_or_default();
            Bar { label: label(words).to_owned(), value, text }
        };
        let bars = SLOTS.map(bar).to_vec();
        Chart::Bars(BarChart { bars, thresholds: thresholds(), ..Default::default() })
    });
    let tools = Tools::new("pulseboard-now", Unit::Percent, chart);
    let label = Derived::new(move || {
        let mut told = [words.now, ": "].concat();
        for (index, (key, name)) in SLOTS.into_iter().enumerate() {
            let value = tap.samples().value(key);
            let value =
                value.map_or_else(|| words.no_value.to_owned(), |value| format::full(value, Unit::Percent));
            told.push_str(if index > 0 { ", " } else { "" });
            told.push_str(&[name(words), " ", &value].concat());
        }
        told
    });
    let figures = SLOTS.map(|(key, name)| {
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
