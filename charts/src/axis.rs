//! The grid, the thresholds and the labels around a plot.

use std::borrow::Cow;

use crate::layout::{Plot, ROW, TEXT, Tick, text_width};
use crate::pen::{Align, Pen};
use crate::theme::ColorRole;
use crate::threshold::{Level, Threshold};

/// Two labels of the value axis nearer than this would touch.
const NEAREST: f64 = 14.0;

/// The labels of an axis: the caller's, or those of a percent axis where it gave none.
pub(crate) fn or_percent(ticks: &[(f64, String)], max: f64) -> Cow<'_, [Tick<'_>]> {
    const PERCENT: [Tick<'_>; 5] = [(0.0, "0"), (25.0, "25%"), (50.0, "50%"), (75.0, "75%"), (100.0, "100%")];
    if ticks.is_empty() && max == 100.0 {
        return Cow::Borrowed(&PERCENT);
    }
    ticks.iter().map(|(value, text)| (*value, text.as_str())).collect()
}

/// Grid lines with their labels, from the bottom up; what would touch the one below is left out. A threshold among `marked` is
/// named beside its line in the place of a label that it would touch.
pub(crate) fn draw_grid<P: Pen>(
    pen: &P,
    plot: &Plot,
    ticks: &[Tick<'_>],
    max: f64,
    marked: &[Threshold],
) -> Result<(), P::Error> {
    let rows = rows(plot, ticks, max);
    // All lines, then all labels: a paper may join neighbours of one kind.
    for (y, _) in &rows {
        pen.hairline(ColorRole::Grid, plot.left, plot.right, *y)?;
    }
    if plot.left > 0.0 {
        let marks = marks(plot, marked, max);
        let is_free = |y: f64| marks.iter().all(|mark| (mark.0 - y).abs() >= TEXT);
        for (y, text) in rows.iter().filter(|row| is_free(row.0)) {
            pen.text(ColorRole::Muted, Align::Right, (plot.left - 6.0, *y), text)?;
        }
        for (y, threshold) in &marks {
            let text = format!("{}%", threshold.value as u32);
            pen.text(threshold.level.color_role(), Align::Right, (plot.left - 6.0, *y), &text)?;
        }
    }
    Ok(())
}

/// The grid of the values that are drawn downwards, mirrored at the foot of `upper`, and the line between the two.
pub(crate) fn draw_mirrored_grid<P: Pen>(
    pen: &P,
    upper: &Plot,
    ticks: &[Tick<'_>],
    max: f64,
) -> Result<(), P::Error> {
    let mut rows = rows(upper, ticks, max);
    rows.retain(|row| row.0 < upper.bottom);
    for row in &mut rows {
        row.0 = upper.mirrored(row.0);
    }
    for (y, _) in &rows {
        pen.hairline(ColorRole::Grid, upper.left, upper.right, *y)?;
    }
    pen.hairline(ColorRole::Muted, upper.left, upper.right, upper.bottom)?;
    if upper.left > 0.0 {
        for (y, text) in &rows {
            pen.text(ColorRole::Muted, Align::Right, (upper.left - 6.0, *y), text)?;
        }
    }
    Ok(())
}

/// The heights of the labels that have room, from the bottom up.
fn rows<'a>(plot: &Plot, ticks: &[Tick<'a>], max: f64) -> Vec<(f64, &'a str)> {
    let mut lowest_free = f64::INFINITY;
    let inside = |tick: &&Tick<'_>| tick.0 >= 0.0 && tick.0 <= max;
    let mut rows = Vec::new();
    for (value, text) in ticks.iter().filter(inside) {
        let y = plot.y(*value, max);
        if y <= lowest_free {
            rows.push((y, *text));
            lowest_free = y - NEAREST;
        }
    }
    rows
}

/// The heights of the thresholds that are named: of two that would touch, the worse one.
fn marks(plot: &Plot, thresholds: &[Threshold], max: f64) -> Vec<(f64, Threshold)> {
    let mut marks: Vec<(f64, Threshold)> = Vec::new();
    for level in [Level::Critical, Level::Warn] {
        let inside = |threshold: &&Threshold| {
            threshold.level == level && threshold.value > 0.0 && threshold.value <= max
        };
        for threshold in thresholds.iter().filter(inside) {
            let y = plot.y(threshold.value, max);
            if marks.iter().all(|mark| (mark.0 - y).abs() >= TEXT) {
                marks.push((y, *threshold));
            }
        }
    }
    marks
}

/// A line at each label of a time axis.
pub(crate) fn draw_uprights<P: Pen>(pen: &P, plot: &Plot, labels: &[(f64, &str)]) -> Result<(), P::Error> {
    for (x, _) in labels {
        pen.upright(ColorRole::Grid, *x, plot.top, plot.bottom)?;
    }
    Ok(())
}

/// A band behind the slot the pointer is on.
pub(crate) fn draw_cursor<P: Pen>(
    pen: &P,
    plot: &Plot,
    cursor: Option<usize>,
    count: usize,
) -> Result<(), P::Error> {
    let Some(index) = cursor.filter(|index| *index < count) else { return Ok(()) };
    let (left, right) = plot.slot(index, count);
    pen.rect(ColorRole::Grid, (left, plot.top), (right, plot.bottom))
}

/// A box that a text stands in, and that no line may cross.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OccupiedBox {
    pub(crate) x: (f64, f64),
    pub(crate) y: (f64, f64),
}

/// A dashed line for each threshold the axis reaches, interrupted at what is `taken`, which is in order from left
/// to right.
pub(crate) fn draw_thresholds<P: Pen>(
    pen: &P,
    plot: &Plot,
    thresholds: &[Threshold],
    max: f64,
    taken: &[OccupiedBox],
) -> Result<(), P::Error> {
    for threshold in thresholds.iter().filter(|threshold| threshold.value > 0.0 && threshold.value <= max) {
        let (role, dashes) = (threshold.level.color_role(), threshold.level.dashes());
        let y = plot.y(threshold.value, max);
        let mut left = plot.left;
        for taken in taken.iter().filter(|taken| taken.y.0 <= y + 1.0 && taken.y.1 >= y) {
            pen.dashes(role, (left, taken.x.0), y, dashes)?;
            left = taken.x.1;
        }
        pen.dashes(role, (left, plot.right), y, dashes)?;
    }
    Ok(())
}

/// The names of bars, each below its bar. Of those that would touch, every second (third, …) stays, counted from the last. At the
/// ends they move inwards: a name has no place of its own to stand at.
pub(crate) fn draw_names<P: Pen>(
    pen: &P,
    plot: &Plot,
    height: f64,
    names: &[(f64, &str)],
) -> Result<(), P::Error> {
    if height - plot.bottom < ROW {
        return Ok(());
    }
    let y = plot.bottom + ROW / 2.0 + 2.0;
    let mut free = plot.right + 8.0;
    for (x, text) in apart(names).into_iter().rev() {
        let width = text_width(text);
        let left = (x - width / 2.0).min(plot.right - width).max(plot.left);
        if left + width + 8.0 > free {
            continue;
        }
        free = left;
        if left > x - width / 2.0 {
            pen.text(ColorRole::Muted, Align::Left, (left, y), text)?;
        } else if left < x - width / 2.0 {
            pen.text(ColorRole::Muted, Align::Right, (plot.right, y), text)?;
        } else {
            pen.text(ColorRole::Muted, Align::Center, (x, y), text)?;
        }
    }
    Ok(())
}

/// The labels of a time axis, each in the middle below its moment. One that would reach beyond `left` or the paper is left out.
pub(crate) fn draw_times<P: Pen>(
    pen: &P,
    plot: &Plot,
    height: f64,
    left: f64,
    times: &[(f64, &str)],
) -> Result<(), P::Error> {
    let y = plot.bottom + ROW / 2.0 + 2.0;
    for (x, text) in placed_times(plot, height, left, times) {
        pen.text(ColorRole::Muted, Align::Center, (x, y), text)?;
    }
    Ok(())
}

/// Those labels of a time axis that have room.
pub(crate) fn placed_times<'a>(
    plot: &Plot,
    height: f64,
    left: f64,
    times: &[(f64, &'a str)],
) -> Vec<(f64, &'a str)> {
    if height - plot.bottom < ROW {
        return Vec::new();
    }
    let fits = |time: &(f64, &str)| {
        let half = text_width(time.1) / 2.0;
        time.0 - half >= left && time.0 + half <= plot.right
    };
    let times: Vec<_> = times.iter().copied().filter(fits).collect();
    apart(&times)
}

/// Those labels that do not touch: all, or every second (third, …), counted from the last, which is the newest.
fn apart<'a>(labels: &[(f64, &'a str)]) -> Vec<(f64, &'a str)> {
    // Bars of samples name only some of them.
    let mut labels: Vec<_> = labels.iter().copied().filter(|(_, text)| !text.is_empty()).collect();
    let widest = labels.iter().map(|(_, text)| text_width(text)).fold(0.0, f64::max) + 8.0;
    let nearest = labels.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(f64::INFINITY, f64::min);
    // Labels at one place leave only the last.
    let stride = (widest / nearest).ceil().clamp(1.0, 1e6) as usize;
    let mut behind = labels.len();
    labels.retain(|_| {
        behind -= 1;
        behind.is_multiple_of(stride)
    });
    labels
}
