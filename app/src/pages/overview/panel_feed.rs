//! A panel of one host, as its tile and its card both show it: what is turned off is turned off in both.

use charts::LineChart;
use common::{
    metric::{Metric, Thresholds, Unit},
    panel::{Panel, PanelLine, PanelView},
};
use leptos::prelude::*;

use crate::{
    format,
    i18n::Language,
    live::{CardFeed, LiveHost, LocalZone, Switch, hold_points},
    widgets::{self, TrendRange},
};

/// The points of a trend.
pub(super) type LinePoints = Vec<(f64, Option<f64>)>;

/// A panel with its numbers.
#[derive(Clone, Copy)]
pub(super) struct PanelFeed {
    pub(super) host: LiveHost,
    pub(super) panel: &'static Panel,
    pub(super) title: &'static str,
    pub(super) tap: CardFeed,
    /// The thresholds of what it shows on this host.
    pub(super) thresholds: Option<Thresholds>,
    /// The last minutes of each line of a trend.
    pub(super) points: Memo<Vec<LinePoints>>,
    language: Language,
}

impl PanelFeed {
    pub(super) fn new(host: LiveHost, panel: &'static Panel) -> Self {
        let (tap, language) = (host.panel_feed(panel), Language::here());
        let cores = untrack(|| host.info()).map_or(1, |info| info.cores);
        let points = hold_points(tap.switch.on, move || {
            if panel.view != PanelView::Trend {
                return Vec::new();
            }
            let points = |line: &PanelLine| {
                let ring = host.past().ring(panel.tier);
                ring.with(|ring| ring.points(line.metric.id, TrendRange::FiveMinutes.ms()))
            };
            panel.lines.iter().map(points).collect()
        });
        let title = language.pick(panel.title);
        Self { host, panel, title, tap, thresholds: panel.thresholds(cores), points, language }
    }

    /// Returns true if it has one line.
    pub(super) fn is_single(self) -> bool {
        self.panel.lines.len() == 1
    }

    /// The name of one of its metrics.
    pub(super) fn name(self, metric: &Metric) -> &'static str {
        self.language.pick(metric.name)
    }

    /// The name for people of the label that tells its instances apart.
    pub(super) fn label(self) -> &'static str {
        let label = self.panel.main().and_then(|metric| metric.labels.first());
        label.map_or("", |label| self.language.pick(label.name))
    }

    /// Explains its value; empty where there is nothing to explain.
    pub(super) fn hint(self) -> &'static str {
        self.language.pick(self.panel.hint)
    }

    /// The sentence where there is nothing to show.
    pub(super) fn empty(self) -> &'static str {
        self.language.pick(self.panel.empty)
    }

    pub(super) fn unit(self) -> Unit {
        self.panel.main().map_or(Unit::Count, |metric| metric.unit)
    }

    /// The metric of a line. A panel with fewer lines than its view shows has nothing there.
    pub(super) fn metric(self, line: usize) -> &'static str {
        self.panel.lines.get(line).map_or("", |line| line.metric.id)
    }

    /// The newest value of a line, all its series together; tracked.
    pub(super) fn value(self, line: usize) -> Option<f64> {
        self.tap.samples().total(self.metric(line))
    }

    /// The newest value of a line as text; tracked.
    pub(super) fn told(self, line: usize) -> String {
        let unit = self.unit();
        self.value(line).map_or_else(|| "–".to_owned(), |value| format::full(value, unit))
    }

    /// The series of a line that have labels; tracked.
    pub(super) fn instances(self, line: usize) -> Vec<(String, f64)> {
        self.tap.samples().instances(self.metric(line))
    }

    /// The number of series that are not listed; tracked.
    pub(super) fn left_out(self) -> u64 {
        self.tap.samples().left_out(self.metric(0))
    }

    /// The instance whose share the value is, such as the mount point of the fullest disk.
    pub(super) fn shared_by(self) -> Option<String> {
        let [part, whole] = self.panel.share_of else { return None };
        let (told, samples) = (self.value(0)?, self.tap.samples());
        let wholes = samples.instances(whole.id);
        let share = |(name, part): (String, f64)| {
            let whole = wholes.iter().find(|whole| whole.0 == name)?.1;
            Some(((100.0 * part / whole - told).abs(), name))
        };
        let shares = samples.instances(part.id).into_iter().filter_map(share);
        shares.filter(|share| share.0 < 1.0).min_by(|a, b| a.0.total_cmp(&b.0)).map(|share| share.1)
    }
}

/// Returns the end of a time axis: the newest point, or now if due values do not come, so that the gap is visible.
pub(super) fn time_axis_end(points: Memo<Vec<LinePoints>>, switch: Switch) -> f64 {
    let newest = points.with(|points| points.first()?.last().map(|point| point.0)).unwrap_or_default();
    newest + switch.silence_ms() as f64
}

/// The last `span` before `to_ms`.
pub(super) fn time_axis(to_ms: f64, span: TrendRange, zone: LocalZone) -> LineChart {
    let step = match span {
        TrendRange::OneMinute => 15_000.0,
        TrendRange::FiveMinutes => 60_000.0,
    };
    widgets::time_axis(to_ms - span.ms() as f64, to_ms, step, zone)
}
