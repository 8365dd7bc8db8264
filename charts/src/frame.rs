//! The two halves of a chart: the frame, which stays while the values change, and what stands in it.

use crate::Chart;
use crate::layout::Plot;
use crate::pen::Pen;

impl Chart {
    /// Draws the frame: the axes, their labels, the grid, and a line chart's thresholds. A sparkline has none.
    pub(crate) fn draw_frame<P: Pen>(&self, pen: &P, size: (f64, f64)) -> Result<(), P::Error> {
        let Some(plot) = self.plot(size).filter(|plot| !plot.is_empty()) else { return Ok(()) };
        match self {
            Self::Bars(chart) => {
                chart.draw_back(pen, &plot)?;
                chart.draw_names(pen, &plot, size.1)
            }
            Self::Stacked(chart) => {
                chart.draw_back(pen, &plot)?;
                chart.draw_names(pen, &plot, size.1)
            }
            Self::Line(chart) => chart.draw_rows(pen, &plot, chart.axis_max()),
            Self::Spark(_) => Ok(()),
        }
    }

    /// Draws what stands in the frame, but for a line chart, whose half moves and is painted in parts.
    pub(crate) fn draw_values<P: Pen>(&self, pen: &P, size: (f64, f64)) -> Result<(), P::Error> {
        let plot = self.plot(size).filter(|plot| !plot.is_empty());
        match (self, plot) {
            (Self::Bars(chart), Some(plot)) => chart.draw_values(pen, &plot),
            (Self::Stacked(chart), Some(plot)) => chart.draw_parts(pen, &plot),
            (Self::Spark(chart), _) => chart.draw(pen, size),
            _ => Ok(()),
        }
    }

    /// Returns true if both have the same frame in a picture of `size` CSS pixels.
    pub(crate) fn has_frame_of(&self, other: &Self, size: (f64, f64)) -> bool {
        if self.plot(size) != other.plot(size) {
            return false;
        }
        match (self, other) {
            (Self::Bars(one), Self::Bars(two)) => {
                (one.max, &one.ticks, one.cursor) == (two.max, &two.ticks, two.cursor)
                    && one.marked() == two.marked()
                    && one.bars.iter().map(|bar| &bar.label).eq(two.bars.iter().map(|bar| &bar.label))
            }
            (Self::Stacked(one), Self::Stacked(two)) => {
                (one.max, &one.ticks, one.cursor) == (two.max, &two.ticks, two.cursor)
                    && one.bars.iter().map(|bar| &bar.label).eq(two.bars.iter().map(|bar| &bar.label))
            }
            (Self::Line(one), Self::Line(two)) => {
                (one.axis_max(), &one.ticks, &one.thresholds) == (two.axis_max(), &two.ticks, &two.thresholds)
                    && one.is_mirrored() == two.is_mirrored()
            }
            (Self::Spark(_), Self::Spark(_)) => true,
            _ => false,
        }
    }

    /// The room of the data in a picture of `size` CSS pixels. A sparkline has no frame to leave room for.
    fn plot(&self, (width, height): (f64, f64)) -> Option<Plot> {
        match self {
            Self::Bars(chart) => Some(chart.plot(width, height)),
            Self::Stacked(chart) => Some(chart.plot(width, height)),
            Self::Line(chart) => Some(chart.plot(width, height)),
            Self::Spark(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data_layer::paint_data;
    use crate::recorded_layer::RecordedLayer;
    use crate::{Bar, BarChart, Level, LineChart, LineSeries, StackedBar, StackedBars, Threshold};

    const SIZE: (f64, f64) = (320.0, 180.0);

    fn bars() -> BarChart {
        let bar = |value: Option<f64>| Bar { label: "sda".to_owned(), value, text: "50%".to_owned() };
        let thresholds = vec![Threshold { value: 80.0, level: Level::Warn }];
        BarChart { bars: [Some(50.0), None, Some(90.0)].map(bar).to_vec(), thresholds, ..BarChart::default() }
    }

    fn stacked() -> StackedBars {
        let bar = StackedBar { label: "0".to_owned(), parts: vec![20.0, 30.0] };
        StackedBars { bars: vec![bar; 4], cursor: Some(1), ..StackedBars::default() }
    }

    fn line() -> LineChart {
        let points = (0..60).map(|n| (f64::from(n) * 1000.0, Some(f64::from(n)))).collect();
        let series = vec![LineSeries { points, area: true, ..LineSeries::default() }];
        let x_ticks = vec![(30_000.0, "12:00".to_owned())];
        LineChart { series, to_ms: 60_000.0, max: Some(100.0), x_ticks, ..LineChart::default() }
    }

    #[test]
    fn the_halves_together_are_the_whole() {
        let drawn = |draw: &dyn Fn(&RecordedLayer)| {
            let layer = RecordedLayer::new(SIZE, 1.0);
            draw(&layer);
            layer.unordered()
        };
        // A stroke at the left edge reaches a column beyond it, which the layer cuts off.
        let charts =
            [(Chart::Bars(bars()), None), (Chart::Stacked(stacked()), None), (Chart::Line(line()), Some(39))];
        for (chart, cut) in charts {
            let halves = drawn(&|layer| {
                let (Ok(()), Ok(())) = (paint_data(layer, None, &chart, SIZE), chart.draw_frame(layer, SIZE));
            });
            let whole = drawn(&|layer| {
                let Ok(()) = match &chart {
                    Chart::Bars(chart) => chart.draw(layer, SIZE),
                    Chart::Stacked(chart) => chart.draw(layer, SIZE),
                    Chart::Line(chart) => chart.draw(layer, SIZE),
                    Chart::Spark(chart) => chart.draw(layer, SIZE),
                };
            });
            assert!(halves.iter().any(|marks| !marks.is_empty()));
            for (column, (halves, whole)) in halves.iter().zip(&whole).enumerate() {
                assert!(
                    halves == whole || Some(column) == cut,
                    "column {column}: {halves:?} is not {whole:?}"
                );
            }
        }
    }

    #[test]
    fn a_frame_stays_until_something_of_it_changes() {
        let same = |one: &Chart, two: &Chart| one.has_frame_of(two, SIZE);
        let chart = Chart::Bars(bars());
        let with = |change: &dyn Fn(&mut BarChart)| {
            let mut bars = bars();
            change(&mut bars);
            Chart::Bars(bars)
        };
        assert!(same(&chart, &with(&|bars| bars.bars[0].value = Some(7.0))));
        assert!(!same(&chart, &with(&|bars| bars.bars[0].label = "sdb".to_owned())));
        assert!(!same(&chart, &with(&|bars| bars.cursor = Some(0))));
        assert!(!same(&chart, &with(&|bars| bars.thresholds[0].value = 70.0)));
        assert!(!same(&chart, &with(&|bars| bars.bars[0].text = "a text too long for its bar".to_owned())));
        assert!(!same(&chart, &Chart::Stacked(stacked())));
        let chart = Chart::Line(line());
        let with = |change: &dyn Fn(&mut LineChart)| {
            let mut line = line();
            change(&mut line);
            Chart::Line(line)
        };
        assert!(same(&chart, &with(&|line| line.to_ms += 500.0)));
        assert!(!same(&chart, &with(&|line| line.max = Some(50.0))));
        assert!(!same(&chart, &with(&|line| line.series[0].down = true)));
        assert!(!same(&chart, &with(&|line| line.gutter = 80.0)));
    }
}
