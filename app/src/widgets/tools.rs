//! What can be done with a card's chart: read it as a table, save it as a picture or as data, see one series alone.

use charts::Chart;
use common::series::Unit;
use leptos::{html, prelude::*};

use super::twin::Twin;
use crate::{
    live::Clock,
    ports::Browser,
    words::Words,
};

/// Shared by a card's menu, its chart and its legend.
#[derive(Clone, Copy)]
pub(crate) struct Tools {
    /// What is drawn, whole.
    pub(crate) chart: Signal<Chart>,
    /// What it is counted in.
    pub(crate) unit: Unit,
    /// Its name in files.
    pub(crate) file: &'static str,
    /// Whether the table stands in the chart's place.
    pub(crate) as_table: RwSignal<bool>,
    /// The one series that is shown, where one was chosen.
    pub(crate) alone: RwSignal<Option<usize>>,
    pub(crate) canvas: NodeRef<html::Canvas>,
    words: &'static Words,
    browser: StoredValue<Option<Browser>>,
}

impl Tools {
    pub(crate) fn new(file: &'static str, unit: Unit, chart: Signal<Chart>) -> Self {
        Self {
            chart,
            unit,
            file,
            as_table: RwSignal::new(false),
            alone: RwSignal::new(None),
            canvas: NodeRef::new(),
            words: Words::here(),
            browser: StoredValue::new(use_context()),
        }
    }

    /// The chart as a table, tracked.
    pub(crate) fn twin(self, clock: Clock) -> Twin {
        self.chart.with(|chart| Twin::of(chart, self.unit, self.words, clock.zone()))
    }

    pub(crate) fn save_data(self, clock: Clock) {
        if let Some(browser) = self.browser.get_value() {
            let text = untrack(|| self.twin(clock)).to_csv();
            browser.save_text(&[self.file, ".csv"].concat(), "text/csv;charset=utf-8", &text);
        }
    }

    pub(crate) fn save_picture(self) {
        if let (Some(browser), Some(canvas)) = (self.browser.get_value(), self.canvas.get_untracked()) {
            browser.save_picture(&[self.file, ".png"].concat(), &canvas);
        }
    }
}
