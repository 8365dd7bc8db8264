//! A trend as small as a word: one line of an SVG that is there from the first paint and goes on without a canvas.

use charts::{Scale, nice_max};
use leptos::prelude::*;

use super::erased_view::{ErasedView, IntoErasedView, text};
use crate::live::Derived;

/// Columns of the picture. Of the points in one the highest is drawn, so that no spike is lost.
const COLUMNS: usize = 60;
/// Units high and wide; the stylesheet stretches them.
const HEIGHT: f64 = 24.0;
const STEP: usize = 2;

/// `line` is a path from [`path`].
pub(crate) fn spark(color: usize, line: Derived<String>) -> ErasedView {
    let class = ["spark__line ch-s", &(color % 6 + 1).to_string()].concat();
    view! {
        <svg class="spark" viewBox="0 0 120 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <path class=class fill="none" d=text(move || line.get()) />
        </svg>
    }
    .erase()
}

/// The last `span_ms` of the points on an axis from 0 to `max`, or to a round value above them. Where nothing was measured is a gap.
pub(crate) fn path(points: &[(f64, Option<f64>)], span_ms: u64, max: Option<f64>) -> String {
    let mut columns = [None::<f64>; COLUMNS];
    let from = points.last().map_or(0.0, |point| point.0) - span_ms as f64;
    for (at, value) in points {
        let Some(value) = value.filter(|value| value.is_finite()) else { continue };
        let place = (at - from) / span_ms as f64 * COLUMNS as f64;
        if place >= 0.0 {
            let column = &mut columns[(place as usize).min(COLUMNS - 1)];
            *column = Some(column.map_or(value, |known| known.max(value)));
        }
    }
    let highest = columns.iter().flatten().copied().fold(0.0, f64::max);
    let max = max.unwrap_or_else(|| nice_max(highest, Scale::Si));
    let mut path = String::new();
    let mut pen_is_down = false;
    for (index, value) in columns.into_iter().enumerate() {
        let Some(value) = value else {
            pen_is_down = false;
            continue;
        };
        let share = (value / max).clamp(0.0, 1.0);
        let y = (HEIGHT - 1.0 - share * (HEIGHT - 2.0)).round() as u32;
        let (x, y) = ((index * STEP).to_string(), y.to_string());
        // A column alone is a dash.
        path += &if pen_is_down { ["L", &x, " ", &y].concat() } else { ["M", &x, " ", &y, "h1"].concat() };
        pen_is_down = true;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_is_kept_and_a_silence_is_a_gap() {
        let points: Vec<_> =
            (0..600).map(|n| (f64::from(n) * 500.0, Some(if n == 300 { 100.0 } else { 0.0 }))).collect();
        let whole = path(&points, 300_000, Some(100.0));
        assert_eq!((whole.matches('M').count(), whole.matches(" 1L").count()), (1, 1), "{whole}");
        let holed: Vec<_> =
            points.iter().copied().filter(|point| !(100_000.0..150_000.0).contains(&point.0)).collect();
        assert_eq!(path(&holed, 300_000, Some(100.0)).matches('M').count(), 2);
    }

    #[test]
    fn what_is_no_value_is_not_drawn() {
        assert_eq!(path(&[], 300_000, None), "");
        assert_eq!(path(&[(0.0, None), (1.0, Some(f64::NAN))], 300_000, None), "");
        assert_eq!(path(&[(1.0, Some(0.0))], 300_000, None), "M118 23h1");
    }
}
