//! The three numbers of this moment as bars: the card that is read from across the room.

use charts::{Bar, BarChart, Chart};
use common::series::{Unit, id};
use leptos::prelude::*;

use crate::{
    format,
    live::LiveHost,
    widgets::{Card, ChartBox, Tools, level_word, thresholds},
    words::{Pick, Tongue, t},
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
    let (tap, tongue) = (host.tap_metrics(), Tongue::here());
    let chart = Signal::derive(move || {
        let words = tongue.words();
        let bar = |(key, label): Slot| {
            let value = tap.value.with(|samples| samples.value(key));
            let text = value.map(|value| format::full(value, Unit::Percent)).unwrap_or_default();
            Bar { label: label(words).to_owned(), value, text }
        };
        let bars = SLOTS.map(bar).to_vec();
        Chart::Bars(BarChart { bars, thresholds: thresholds(), ..Default::default() })
    });
    let tools = Tools::new("pulseboard-now", Unit::Percent, chart);
    let label = Signal::derive(move || {
        let words = tongue.words();
        let mut text = [words.now, ": "].concat();
        for (index, (key, name)) in SLOTS.into_iter().enumerate() {
            let value = tap.value.with(|samples| samples.value(key));
            let value =
                value.map_or_else(|| words.no_value.to_owned(), |value| format::full(value, Unit::Percent));
            text.push_str(if index > 0 { ", " } else { "" });
            text.push_str(&[name(words), " ", &value].concat());
        }
        text
    });
    let figures = SLOTS.map(|(key, name)| {
        let value = Memo::new(move |_| tap.value.with(|samples| samples.value(key)));
        let level = move || value.get().and_then(|value| level_word(value, tongue.words()));
        view! {
            <div class="now__figure" data-level=move || level().map_or("none", |level| level.0)>
                <dt>{t(name)}</dt>
                <dd class="number">
                    <span data-testid="value">
                        {move || value.get().map_or_else(|| "–".to_owned(), |value| format::fixed(value, 1))}
                    </span>
                    <span class="reading__unit">"%"</span>
                    <span class="now__level">{move || level().map_or("", |level| level.1)}</span>
                </dd>
            </div>
        }
    });
    view! {
        <Card id="now" title=|w| w.now switch=tap.switch tools=tools aside=unit_hint()>
            <dl class="now">{figures.into_iter().collect_view()}</dl>
            <ChartBox tools label class="plot--now" size=(298, 420) narrow=(302, 260) />
        </Card>
    }
}

fn unit_hint() -> AnyView {
    view! { <span class="card__unit">{t(|w| w.now_hint)}</span> }.into_any()
}
