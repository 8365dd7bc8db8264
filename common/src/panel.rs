//! Panels: what a page shows of a host's metrics. A collector declares its panels beside its metrics; a page knows the few views that
//! there are, and no metric by name.

use crate::metric::{LocalizedText, Metric, Thresholds};

/// The view that shows a panel's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelView {
    /// The last minutes: each line's total over time, and its series as a table where there are several.
    Trend,
    /// A bar for each value of the label, made of the lines; the last line alone where the others are not measured.
    Stacked,
    /// Parts of wholes: lines in pairs, the part and then the whole.
    Shares,
    /// A row for each value of the label: used, total, and whether it is read-only.
    Usage,
    /// A row for each value of the label, with the number.
    Values,
    /// A fact of the host's header: the numbers, one beside the other.
    Fact,
}

impl PanelView {
    /// Every view. A view's place in this list is its number in the page's catalog.
    pub(crate) const ALL: [Self; 6] =
        [Self::Trend, Self::Stacked, Self::Shares, Self::Usage, Self::Values, Self::Fact];
}

/// The pace of a panel's metrics, and the topic by which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// Every `fast_ms`, by the topic `metrics`.
    Fast,
    /// Every `slow_ms`, by the topic `system`.
    Slow,
}

/// The value axis of a trend. It begins at 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Axis {
    /// It always ends here.
    To(f64),
    /// It ends at a round value that holds all points, and at this one at the least: below it are mountains of noise.
    AtLeast(f64),
}

/// One metric of a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanelLine {
    /// The metric.
    pub metric: &'static Metric,
    /// Which of the charts' colours, from 0. It means the same in every chart of a page.
    pub color: usize,
    /// True if a trend draws it downwards.
    pub down: bool,
}

impl PanelLine {
    /// A line of a metric in a colour.
    #[must_use]
    pub const fn of(metric: &'static Metric, color: usize) -> Self {
        Self { metric, color, down: false }
    }

    /// Draws it downwards.
    #[must_use]
    pub const fn down(self) -> Self {
        Self { down: true, ..self }
    }
}

/// A panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panel {
    /// Its name in addresses: `cpu`.
    pub id: &'static str,
    /// Its title.
    pub title: LocalizedText,
    /// The view that shows its lines.
    pub view: PanelView,
    /// The place among the panels: they stand in rising order.
    pub place: u32,
    /// The pace of its metrics.
    pub tier: Tier,
    /// Its metrics. The view says what each of them means.
    pub lines: &'static [PanelLine],
    /// The value axis of a trend.
    pub axis: Axis,
    /// True if a tile on top of the page shows the newest value.
    pub tile: bool,
    /// Explains the value.
    pub hint: LocalizedText,
    /// The sentence where there is nothing to show.
    pub empty: LocalizedText,
    /// The metric whose thresholds hold for what it shows, if that is not the first line's.
    pub judged_by: Option<&'static Metric>,
    /// The part and the whole of which a trend shows the share: the instance with that share is named beside it.
    pub share_of: &'static [&'static Metric],
}

impl Panel {
    /// A panel with a trend of the slow tier, without a tile.
    #[must_use]
    pub const fn trend(
        id: &'static str,
        place: u32,
        title: LocalizedText,
        lines: &'static [PanelLine],
    ) -> Self {
        Self {
            id,
            title,
            view: PanelView::Trend,
            place,
            tier: Tier::Slow,
            lines,
            axis: Axis::AtLeast(1.0),
            tile: false,
            hint: LocalizedText::NONE,
            empty: LocalizedText::NONE,
            judged_by: None,
            share_of: &[],
        }
    }

    /// A panel of the slow tier with another view.
    #[must_use]
    pub const fn new(
        view: PanelView,
        id: &'static str,
        place: u32,
        title: LocalizedText,
        lines: &'static [PanelLine],
    ) -> Self {
        Self { view, ..Self::trend(id, place, title, lines) }
    }

    /// The first line's metric.
    #[must_use]
    pub fn main(&self) -> Option<&'static Metric> {
        self.lines.first().map(|line| line.metric)
    }

    /// The thresholds of what it shows, on a host with this number of cores.
    #[must_use]
    pub fn thresholds(&self, cores: usize) -> Option<Thresholds> {
        Some(self.judged_by.or_else(|| self.main())?.thresholds?.on(cores))
    }

    /// Its value: of a trend all lines together, of anything else the first line. `total` gives a metric's.
    #[must_use]
    pub fn value(&self, total: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        let count = if self.view == PanelView::Trend { self.lines.len() } else { 1 };
        let mut sum = None;
        for line in self.lines.iter().take(count) {
            sum = Some(sum.unwrap_or(0.0) + total(line.metric.id)?);
        }
        sum
    }

    /// True if its value is followed: it has a tile, or it can be bad.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        matches!(self.view, PanelView::Trend | PanelView::Fact)
            && (self.tile || self.main().is_some_and(|metric| metric.thresholds.is_some()))
    }
}
