//! Any of the charts, for those who draw and point without caring which.

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::{DrawingArea, DrawingBackend};
use plotters::style::RGBColor;

use crate::plotters_pen::PlottersPen;
use crate::{BarChart, LineChart, Moment, Sparkline, StackedBars, Theme};

/// A chart as pure data: equal data is an equal picture, so an unchanged chart need not be drawn again.
#[derive(Clone, Debug, PartialEq)]
pub enum Chart {
    /// One value a bar.
    Bars(BarChart),
    /// Several values a bar, one on top of the other.
    Stacked(StackedBars),
    /// Values over time.
    Line(LineChart),
    /// A trend in a table's cell: no axis, no text.
    Spark(Sparkline),
}

/// The item under a pointer.
#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    /// A bar, or a point of a sparkline.
    Slot {
        /// Its number in the chart's data.
        index: usize,
        /// Its middle in CSS pixels from the left: where a tooltip points.
        x: f64,
    },
    /// A moment on a time axis.
    Moment {
        /// The values then.
        moment: Moment,
        /// Its place in CSS pixels from the left: where the crosshair stands.
        x: f64,
    },
}

impl Chart {
    /// Draws on any plotters paper, filling `area`. `scale` is how many of the paper's pixels are one CSS pixel:
    /// 1, or the device pixel ratio of a screen.
    ///
    /// # Errors
    ///
    /// Those of the paper; the charts themselves have none.
    pub fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        theme: &Theme,
        scale: f64,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
        self.draw_with(&PlottersPen { area, theme, scale, grain: 1.0 })
    }

    pub(crate) fn draw_with<DB: DrawingBackend>(
        &self,
        pen: &PlottersPen<'_, DB>,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
        if let Some(color) = pen.theme.background {
            pen.area.fill(&RGBColor(color.0, color.1, color.2))?;
        }
        let size = pen.size();
        match self {
            Self::Bars(chart) => chart.draw(pen, size),
            Self::Stacked(chart) => chart.draw(pen, size),
            Self::Line(chart) => chart.draw(pen, size),
            Self::Spark(chart) => chart.draw(pen, size),
        }
    }

    /// Finds the item under the pointer at `(x, y)` of a chart drawn `width` by `height` large, all in CSS pixels.
    pub fn hit(&self, x: f64, y: f64, width: f64, height: f64) -> Option<Hit> {
        if !(y >= 0.0 && y <= height) {
            return None;
        }
        let slots = |plot: crate::layout::Plot, count| {
            let index = plot.slot_at(x, count)?;
            let (left, right) = plot.slot(index, count);
            Some(Hit::Slot { index, x: (left + right) / 2.0 })
        };
        match self {
            Self::Bars(chart) => slots(chart.plot(width, height), chart.bars.len()),
            Self::Stacked(chart) => slots(chart.plot(width, height), chart.bars.len()),
            Self::Spark(chart) => {
                let index = chart.nearest(x, width)?;
                Some(Hit::Slot { index, x: chart.x(index, width) })
            }
            Self::Line(chart) => {
                let moment = chart.nearest(chart.x_to_ms(x, width)?)?;
                let x = chart.ms_to_x(moment.ms, width)?;
                Some(Hit::Moment { moment, x })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use plotters::prelude::IntoDrawingArea;

    use super::*;
    use crate::svg_backend::SvgBackend;
    use crate::{Bar, LineSeries};

    fn bars(count: usize) -> Chart {
        let bar = Bar { label: "a".to_owned(), value: Some(50.0), text: "50".to_owned() };
        Chart::Bars(BarChart { bars: vec![bar; count], ..BarChart::default() })
    }

    #[test]
    fn twice_the_pixels_are_the_same_picture_twice_as_large() {
        let drawn = |size: u32, scale: f64| {
            let mut out = String::new();
            let area = SvgBackend::new(&mut out, 100 * size, 50 * size).into_drawing_area();
            bars(2).draw(&area, &Theme::tokens(), scale).unwrap();
            area.present().unwrap();
            drop(area);
            out
        };
        // The paper has four units in a CSS pixel.
        assert!(drawn(1, 4.0).contains("h34v24h-34z"), "{}", drawn(1, 4.0));
        assert!(drawn(2, 8.0).contains("h68v48h-68z"), "{}", drawn(2, 8.0));
    }

    #[test]
    fn the_pointer_hits_what_is_below_it() {
        assert!(matches!(bars(4).hit(399.0, 50.0, 400.0, 200.0), Some(Hit::Slot { index: 3, .. })));
        assert_eq!(bars(4).hit(4.0, 50.0, 400.0, 200.0), None, "the gutter");
        assert_eq!(bars(4).hit(399.0, 201.0, 400.0, 200.0), None);
        assert_eq!(bars(0).hit(399.0, 50.0, 400.0, 200.0), None);
        let spark = Chart::Spark(Sparkline { points: vec![None; 11], ..Sparkline::default() });
        assert!(matches!(spark.hit(50.0, 5.0, 100.0, 20.0), Some(Hit::Slot { index: 5, .. })));
    }

    #[test]
    fn the_crosshair_stands_on_the_point_and_not_on_the_pointer() {
        let points = vec![(0.0, Some(1.0)), (10.0, Some(2.0))];
        let series = vec![LineSeries { points, ..LineSeries::default() }];
        let chart = LineChart { series, to_ms: 20.0, ..LineChart::default() };
        let Some(Hit::Moment { moment, x }) = Chart::Line(chart.clone()).hit(390.0, 10.0, 400.0, 100.0)
        else {
            panic!("nothing hit");
        };
        assert_eq!(moment, Moment { ms: 10.0, values: vec![Some(2.0)] });
        assert_eq!(Some(x), chart.ms_to_x(10.0, 400.0));
    }
}
