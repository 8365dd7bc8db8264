//! CPU, memory and disk of one moment, as bars and in words.

use charts::{Bar, BarChart, Chart};
use common::series::{Unit, id};

use super::meter::thresholds;
use crate::{
    format,
    words::{Pick, Words},
};

/// A bar's key and label.
pub(crate) type NowSlot = (&'static str, Pick);

/// All of them, from left to right.
pub(crate) const NOW: [NowSlot; 3] = [
    (id::CPU_TOTAL, |w| w.cpu_short),
    (id::MEMORY_PERCENT, |w| w.memory_short),
    (id::DISK_PERCENT, |w| w.disk_short),
];

/// The bars, from what each key's value is.
pub(crate) fn now_chart(value: &dyn Fn(&str) -> Option<f64>, words: &'static Words) -> Chart {
    let bar = |(key, label): NowSlot| {
        let value = value(key);
        let text = value.map(|value| format::full(value, Unit::Percent)).unwrap_or_default();
        Bar { label: label(words).to_owned(), value, text }
    };
    let bars = NOW.map(bar).to_vec();
    Chart::Bars(BarChart { bars, thresholds: thresholds(), ..Default::default() })
}

/// The same in a sentence, for screen readers.
pub(crate) fn now_label(value: &dyn Fn(&str) -> Option<f64>, words: &'static Words) -> String {
    let mut told = [words.now, ": "].concat();
    for (index, (key, name)) in NOW.into_iter().enumerate() {
        let value = value(key);
        let value =
            value.map_or_else(|| words.no_value.to_owned(), |value| format::full(value, Unit::Percent));
        told.push_str(if index > 0 { ", " } else { "" });
        told.push_str(&[name(words), " ", &value].concat());
    }
    told
}
