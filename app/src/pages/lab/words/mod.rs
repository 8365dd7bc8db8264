//! The texts of the lab. They stand apart from the others, so that only the lab's piece of the page brings them.

mod en;
mod facts;
mod ko;

use crate::i18n::words;

pub use facts::Facts;

/// Every text of the lab in one language.
#[derive(Debug)]
pub struct LabWords {
    /// The pages of the lab, for screen readers.
    pub pages: &'static str,
    /// Introduces the lab.
    pub intro: &'static str,

    // The conditions of the measurement.
    /// Title.
    pub conditions: &'static str,
    /// Group of buttons.
    pub lines: &'static str,
    /// Button.
    pub all_on: &'static str,
    /// Button.
    pub all_off: &'static str,
    /// Slider.
    pub rate: &'static str,
    /// Slider.
    pub size: &'static str,
    /// Group of buttons.
    pub cut: &'static str,
    /// Button.
    pub cut_server: &'static str,
    /// Button.
    pub cut_network: &'static str,
    /// The network was taken away.
    pub network_gone: &'static str,
    /// Lines wait for one of the browser's six connections.
    pub starved: &'static str,
    /// Says that the lab's code could not be loaded.
    pub missing: &'static str,

    // Measures: name, and name with its unit for the head of a table.
    /// The greatest age of half of the updates.
    pub p50: &'static str,
    /// The greatest age of 99 of 100 updates.
    pub p99: &'static str,
    /// Bytes for each update.
    pub bytes: &'static str,
    /// A short name for bytes per update.
    pub bytes_short: &'static str,
    /// The number of updates.
    pub updates: &'static str,
    /// The number of requests.
    pub requests: &'static str,
    /// The time to reconnect.
    pub reconnect: &'static str,
    /// Updates that never came.
    pub gaps: &'static str,
    /// Updates that came twice.
    pub doubled: &'static str,
    /// A table's column.
    pub state: &'static str,
    /// A unit behind a name.
    pub in_ms: fn(&str) -> String,
    /// A unit behind a name.
    pub in_bytes: fn(&str) -> String,

    // The method of measurement.
    /// Title.
    pub how: &'static str,
    /// Of ages.
    pub how_age: &'static str,
    /// Of bytes, where each is counted.
    pub how_counted: &'static str,
    /// Of bytes, before compression.
    pub how_compressed: &'static str,
    /// Of bytes, where heads are hidden.
    pub how_heads: &'static str,
    /// Of bytes, where all is estimated.
    pub how_estimated: &'static str,
    /// Of requests.
    pub how_requests: &'static str,
    /// Of the time to come back.
    pub how_reconnect: &'static str,
    /// Of what is missing or doubled.
    pub how_lost: &'static str,

    // Comparison.
    /// Title.
    pub comparison: &'static str,
    /// Explains a lane's picture.
    pub lanes_hint: &'static str,
    /// Beside the least of a measure.
    pub best: &'static str,
    /// Every line is late alike; with how much the server's processors are used, where that is much.
    pub busy: fn(Option<&str>) -> String,
    /// The button that opens the chart and the table.
    pub chart_and_table: &'static str,
    /// Title of the two.
    pub all_figures: &'static str,
    /// Choice of what the chart shows.
    pub measure: &'static str,
    /// Button.
    pub save_table: &'static str,
    /// Button.
    pub save_chart: &'static str,
    /// Title of the plain words.
    pub difference: &'static str,
    /// Fact.
    pub direction: &'static str,
    /// Fact.
    pub format: &'static str,
    /// Fact.
    pub protocol: &'static str,
    /// Fact.
    pub comes_back: &'static str,
    /// Fact.
    pub limits: &'static str,
    /// Fact.
    pub choose: &'static str,

    // Sentences with something in them.
    /// The value of the rate's slider.
    pub a_second: fn(u32) -> String,
    /// The number of connections that the server ends.
    pub ended: fn(usize) -> String,
    /// The difference between the clocks, and its uncertainty.
    pub clocks: fn(&str, &str) -> String,

    /// The facts of the transports, by their index in the catalog.
    pub facts: [Facts; 6],
}

words!(LabWords, en::EN, ko::KO);
