//! The measures of the lab, for cards, table, chart and file: each measure is a line here.

use super::super::words::LabWords;
use super::measure::Figures;
use crate::{format, ports::BytesKnown};

/// One measure.
pub(super) struct Measure {
    pub(super) id: &'static str,
    pub(super) name: fn(&'static LabWords) -> &'static str,
    /// The short name, for little room.
    pub(super) short: fn(&'static LabWords) -> &'static str,
    /// Behind the value; empty for a number of things.
    pub(super) unit: &'static str,
    /// As a number, for order and for the chart.
    pub(super) value: fn(&Figures) -> Option<f64>,
    pub(super) text: fn(&Figures, BytesKnown) -> String,
    /// Explains the method of measurement.
    pub(super) how: fn(BytesKnown, &'static LabWords) -> &'static str,
    /// True if cards show the measure; the table shows all.
    pub(super) on_card: bool,
    /// True if the least value is the best.
    pub(super) has_best: bool,
    /// True if the chart can show the measure: a chart of mostly missing values shows nothing.
    pub(super) in_chart: bool,
}

/// Every measure, in the order of the table.
pub(super) static COLUMNS: [Measure; 8] = [
    Measure {
        id: "p50",
        name: |w| w.p50,
        short: |_| "p50",
        unit: "ms",
        value: |f| f.p50,
        text: |f, _| ms(f.p50),
        how: |_, w| w.how_age,
        on_card: true,
        has_best: true,
        in_chart: true,
    },
    Measure {
        id: "p99",
        name: |w| w.p99,
        short: |_| "p99",
        unit: "ms",
        value: |f| f.p99,
        text: |f, _| ms(f.p99),
        how: |_, w| w.how_age,
        on_card: true,
        has_best: true,
        in_chart: true,
    },
    Measure {
        id: "bytes",
        name: |w| w.bytes,
        short: |w| w.bytes_short,
        unit: "B",
        value: |f| f.bytes,
        text: |f, known| bytes(f.bytes, known),
        how: how_bytes,
        on_card: true,
        has_best: true,
        in_chart: true,
    },
    Measure {
        id: "updates",
        name: |w| w.updates,
        short: |w| w.updates,
        unit: "",
        value: |f| Some(f.updates as f64),
        text: |f, _| f.updates.to_string(),
        how: |_, w| w.how_lost,
        on_card: false,
        has_best: false,
        in_chart: false,
    },
    Measure {
        id: "requests",
        name: |w| w.requests,
        short: |w| w.requests,
        unit: "",
        value: |f| Some(f.requests as f64),
        text: |f, _| f.requests.to_string(),
        how: |_, w| w.how_requests,
        on_card: true,
        has_best: false,
        in_chart: true,
    },
    Measure {
        id: "reconnect",
        name: |w| w.reconnect,
        short: |w| w.reconnect,
        unit: "ms",
        value: |f| f.reconnect_ms,
        text: |f, _| ms(f.reconnect_ms),
        how: |_, w| w.how_reconnect,
        on_card: true,
        has_best: false,
        in_chart: true,
    },
    Measure {
        id: "gaps",
        name: |w| w.gaps,
        short: |w| w.gaps,
        unit: "",
        value: |f| Some(f.gaps as f64),
        text: |f, _| f.gaps.to_string(),
        how: |_, w| w.how_lost,
        on_card: true,
        has_best: false,
        in_chart: false,
    },
    Measure {
        id: "doubled",
        name: |w| w.doubled,
        short: |w| w.doubled,
        unit: "",
        value: |f| Some(f.doubled as f64),
        text: |f, _| f.doubled.to_string(),
        how: |_, w| w.how_lost,
        on_card: true,
        has_best: false,
        in_chart: false,
    },
];

impl Measure {
    /// Its name with its unit, for the head of a table.
    pub(super) fn head(&self, words: &'static LabWords) -> String {
        let name = (self.name)(words);
        match self.unit {
            "ms" => (words.in_ms)(name),
            "B" => (words.in_bytes)(name),
            _ => name.to_owned(),
        }
    }
}

/// Below ten milliseconds a tenth of one is a difference; above it is none.
pub(super) fn ms(value: Option<f64>) -> String {
    value.map_or_else(none, |ms| format::fixed(ms, if ms < 9.95 { 1 } else { 0 }))
}

/// Formats bytes, and says if they are not fully counted.
pub(super) fn bytes(value: Option<f64>, known: BytesKnown) -> String {
    let about = if known == BytesKnown::Counted { "" } else { "≈ " };
    value.map_or_else(none, |bytes| [about, &format::fixed(bytes, 0)].concat())
}

fn how_bytes(known: BytesKnown, words: &'static LabWords) -> &'static str {
    match known {
        BytesKnown::Counted => words.how_counted,
        BytesKnown::BeforeCompression => words.how_compressed,
        BytesKnown::HeadsEstimated => words.how_heads,
        BytesKnown::Estimated => words.how_estimated,
    }
}

fn none() -> String {
    "–".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_figures_that_mean_something_and_say_what_they_are() {
        assert_eq!(
            [ms(Some(0.44)), ms(Some(9.94)), ms(Some(9.96)), ms(Some(1234.5))],
            ["0.4", "9.9", "10", "1235"]
        );
        assert_eq!([ms(None), bytes(None, BytesKnown::Estimated)], ["–", "–"]);
        assert_eq!(bytes(Some(412.4), BytesKnown::Counted), "412");
        assert_eq!(bytes(Some(412.4), BytesKnown::HeadsEstimated), "≈ 412");
    }
}
