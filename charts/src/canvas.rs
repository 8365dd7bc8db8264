//! A chart on a browser's canvas.

use plotters::prelude::IntoDrawingArea;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::canvas_backend::CanvasBackend;
use crate::chart_error::ChartError;
use crate::layout::length;
use crate::pen::Pen;
use crate::{Chart, Theme};

/// Units in a pixel of the device: plotters counts in whole numbers, and a curve of whole pixels looks like
/// stairs.
const GRAIN: f64 = 4.0;

/// Paints the chart anew, `css_width` by `css_height` CSS pixels large, on a screen with `dpr` pixels in each
/// (`devicePixelRatio`). The canvas' pixels are reallocated only when their number changes; its size on the page
/// is the stylesheet's affair.
///
/// # Errors
///
/// When the canvas has no 2d context or refuses a stroke. The chart is then incomplete until the next paint.
pub fn paint(
    chart: &Chart,
    canvas: &HtmlCanvasElement,
    theme: &Theme,
    css_width: f64,
    css_height: f64,
    dpr: f64,
) -> Result<(), ChartError> {
    let dpr = if dpr > 0.0 && dpr.is_finite() { dpr.min(8.0) } else { 1.0 };
    let [width, height] = [css_width, css_height].map(|css| length(length(css) * dpr).round() as u32);
    // Setting the size, even to what it is, throws the pixels away and allocates them again.
    if canvas.width() != width {
        canvas.set_width(width);
    }
    if canvas.height() != height {
        canvas.set_height(height);
    }
    let context = context(canvas).ok_or(ChartError::NoContext)?;
    let units = (width * GRAIN as u32, height * GRAIN as u32);
    reset(&context, units).map_err(|_| ChartError::NoContext)?;
    let area = CanvasBackend::new(&context, units).into_drawing_area();
    let pen = Pen { area: &area, theme, scale: dpr * GRAIN, grain: GRAIN };
    chart.draw_with(&pen).and_then(|()| area.present()).map_err(|_| ChartError::Refused)
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    // A context by this name is of this type, or there is none.
    canvas.get_context("2d").ok()?.map(JsCast::unchecked_into)
}

/// An empty canvas in units of a `GRAIN`th of a pixel, with joins that do not stick out of a zigzag.
fn reset(
    context: &CanvasRenderingContext2d,
    (width, height): (u32, u32),
) -> Result<(), wasm_bindgen::JsValue> {
    context.set_transform(1.0 / GRAIN, 0.0, 0.0, 1.0 / GRAIN, 0.0, 0.0)?;
    context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    context.set_line_join("round");
    Ok(())
}
