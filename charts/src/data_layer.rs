//! Paints what changes with each sample, over a frame that stays. Bars are painted anew; a line chart moves what is
//! already there, and only what a sample changes is painted.

use std::ops::Range;

use crate::Chart;
use crate::axis;
use crate::layout::ROW;
use crate::pen::{Pen, nearest};
use crate::scroll::{Scene, Scroll};
use crate::theme::ColorRole;

/// Room below the plot that a stroke at its foot takes, CSS pixels: there begins the row of the labels.
const FOOT: f64 = 2.0;

/// A rectangle of a layer, in pixels of the device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) columns: Range<i32>,
    pub(crate) rows: Range<i32>,
}

/// A paper that keeps its picture.
pub(crate) trait Layer: Pen {
    /// Moves the whole picture to the left by so many pixels of the device. What comes in at the right is empty.
    fn scroll(&self, by: i32);

    /// Empties the area.
    fn clear(&self, area: &Area);

    /// Keeps everything outside of the areas as it is, until `unclip`.
    fn clip(&self, areas: &[Area]);

    /// Ends what `clip` began.
    fn unclip(&self);
}

/// Paints the chart's data on a layer of `size` CSS pixels, on which those of `before` stand, if there are any.
pub(crate) fn paint_data<L: Layer>(
    layer: &L,
    before: Option<&Chart>,
    chart: &Chart,
    size: (f64, f64),
) -> Result<(), L::Error> {
    let density = layer.scale() / layer.grain();
    let [width, height] = [size.0, size.1].map(|length| nearest(length * density) as i32);
    let whole = Area { columns: 0..width, rows: 0..height };
    let Chart::Line(line) = chart else {
        layer.clear(&whole);
        return chart.draw_values(layer, size);
    };
    let scene = Scene::new(line, size, density);
    let scroll = match before {
        Some(Chart::Line(before)) => Scene::new(before, size, density).scroll_to(&scene),
        _ => None,
    };
    // Of the labels' row and of what is above it each keeps out of the other.
    let foot = if size.1 - scene.plot.bottom < ROW { height } else { layer_row(scene.plot.bottom, density) };
    let row = Area { columns: 0..width, rows: foot..height };
    let Some(Scroll { by, strips, labels }) = scroll else {
        layer.clear(&whole);
        if scene.plot.is_empty() {
            return Ok(());
        }
        paint_strips(layer, &scene, &[Area { columns: scene.columns.clone(), rows: 0..foot }], true)?;
        line.draw_cursor(layer, &scene.plot, scene.window)?;
        return draw_labels(layer, &scene, size.1);
    };
    if by > 0 {
        layer.scroll(by);
        // The columns that have left the plot.
        layer.clear(&Area { columns: scene.columns.start - by..scene.columns.start, rows: 0..foot });
    }
    let strips: Vec<_> = strips.into_iter().map(|columns| Area { columns, rows: 0..foot }).collect();
    if !strips.is_empty() {
        paint_strips(layer, &scene, &strips, false)?;
    }
    if labels {
        layer.clear(&row);
        draw_labels(layer, &scene, size.1)?;
    }
    Ok(())
}

fn layer_row(bottom: f64, density: f64) -> i32 {
    nearest((bottom + FOOT) * density) as i32
}

/// Paints some strips of the plot anew, which are in order and apart from each other.
fn paint_strips<L: Layer>(
    layer: &L,
    scene: &Scene<'_>,
    strips: &[Area],
    is_whole: bool,
) -> Result<(), L::Error> {
    layer.clip(strips);
    strips.iter().for_each(|strip| layer.clear(strip));
    let drawn = draw_strips(layer, scene, strips, is_whole);
    layer.unclip();
    drawn
}

fn draw_strips<L: Layer>(
    layer: &L,
    scene: &Scene<'_>,
    strips: &[Area],
    is_whole: bool,
) -> Result<(), L::Error> {
    let Scene { chart, plot, window, .. } = scene;
    let density = layer.scale() / layer.grain();
    let is_near = |time: &(f64, &str)| {
        let column = (time.0 * density) as i32;
        // Rounding and the line's own width take it that far.
        strips.iter().any(|Area { columns, .. }| {
            column + density as i32 + 2 > columns.start && column - 2 < columns.end
        })
    };
    let mut times = chart.times(plot, *window);
    times.retain(is_near);
    axis::draw_uprights(layer, plot, &times)?;
    let upper = chart.upper(plot);
    if upper.bottom < plot.bottom {
        // The frame has this line, too, but the uprights stand before the frame.
        layer.hairline(ColorRole::Muted, plot.left, plot.right, upper.bottom)?;
    }
    chart.draw_series(layer, plot, *window, |points| match is_whole {
        true => vec![points],
        false => scene.points_in(strips.iter().map(|strip| &strip.columns), points),
    })
}

fn draw_labels<L: Layer>(layer: &L, scene: &Scene<'_>, height: f64) -> Result<(), L::Error> {
    let (chart, plot) = (scene.chart, &scene.plot);
    axis::draw_times(layer, plot, height, chart.times_left(plot), &chart.times(plot, scene.window))
}
