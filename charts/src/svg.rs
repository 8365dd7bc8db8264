//! A chart as SVG text, for the page's first paint.

use plotters::prelude::IntoDrawingArea;

use crate::plotters_pen::PlottersPen;
use crate::svg_backend::{GRAIN, SvgBackend};
use crate::theme::Theme;
use crate::{Chart, layout};

/// The chart as an `<svg>` element `width` by `height` CSS pixels large, coloured by classes (see the crate's
/// documentation). It is hidden from screen readers: the page's data table is what they read.
pub fn svg(chart: &Chart, width: u32, height: u32) -> String {
    let [width, height] = [width, height].map(|length| layout::length(f64::from(length)) as u32);
    let mut content = String::new();
    let theme = Theme::tokens();
    let area = SvgBackend::new(&mut content, width, height).into_drawing_area();
    let grain = f64::from(GRAIN);
    let Ok(()) = chart
        .draw_with(&PlottersPen { area: &area, theme: &theme, scale: grain, grain })
        .and_then(|()| area.present())
    else {
        // The paper is a String and has no errors; an empty picture would be the honest answer to one.
        return String::new();
    };
    drop(area);
    // A sparkline has no text to distort and fills its cell.
    let aspect = if matches!(chart, Chart::Spark(_)) { "none" } else { "xMidYMid meet" };
    format!(
        r#"<svg class="ch" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" preserveAspectRatio="{aspect}" role="img" aria-hidden="true" focusable="false" font-family="system-ui, sans-serif" font-size="11">{content}</svg>"#
    )
}
