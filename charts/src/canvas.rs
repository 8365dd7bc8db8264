//! A chart on a browser's canvases: its frame on one, and before it the data on another.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::canvas_pen::{CanvasPen, ContextState};
use crate::chart_error::ChartError;
use crate::data_layer::paint_data;
use crate::layout::length;
use crate::{Chart, Theme};

/// Two canvases of one size that show a chart together. The frame (axes, grid, labels, thresholds) is painted when it
/// changes, the data with each chart, and of these only what is new if the rest only moves.
///
/// A picture that was moved ever so often is the one that would be painted anew, because moments stand at whole pixels
/// counted from the epoch. So nothing drifts, and only a canvas that has lost its pixels needs [`ChartLayers::invalidate`].
pub struct ChartLayers {
    frame: HtmlCanvasElement,
    data: HtmlCanvasElement,
    contexts: Option<[CanvasRenderingContext2d; 2]>,
    /// The settings of the data's context.
    known: ContextState,
    is_framed: bool,
    painted: Option<Painted>,
}

/// The picture that the canvases show.
struct Painted {
    chart: Rc<Chart>,
    surface: Surface,
}

/// The surface that a picture is painted for.
#[derive(Clone, PartialEq)]
struct Surface {
    theme: Theme,
    density: f64,
    /// Pixels of the device.
    pixels: (u32, u32),
}

impl ChartLayers {
    /// The canvases' size on the page, and that the data stand before the frame, is the stylesheet's affair.
    pub fn new(frame: HtmlCanvasElement, data: HtmlCanvasElement) -> Self {
        Self { frame, data, contexts: None, known: ContextState::default(), is_framed: false, painted: None }
    }

    /// Returns true once there is something on the frame's canvas.
    pub fn is_framed(&self) -> bool {
        self.is_framed
    }

    /// The canvas of the frame.
    pub fn frame(&self) -> &HtmlCanvasElement {
        &self.frame
    }

    /// The next picture is painted whole: the pixels may be lost.
    pub fn invalidate(&mut self) {
        self.painted = None;
    }

    /// Paints the chart, `css_width` by `css_height` CSS pixels large, on a screen with `dpr` pixels in each
    /// (`devicePixelRatio`). The canvases' pixels are reallocated only when their number changes.
    ///
    /// # Errors
    ///
    /// When a canvas has no 2d context.
    pub fn paint(
        &mut self,
        chart: &Rc<Chart>,
        theme: &Theme,
        css_width: f64,
        css_height: f64,
        dpr: f64,
    ) -> Result<(), ChartError> {
        let density = if dpr > 0.0 && dpr.is_finite() { dpr.min(8.0) } else { 1.0 };
        let [width, height] = [css_width, css_height].map(|css| length(length(css) * density).round() as u32);
        let surface = Surface { theme: theme.clone(), density, pixels: (width, height) };
        let painted = self.painted.take();
        let before = painted.filter(|painted| painted.surface == surface).map(|painted| painted.chart);
        let contexts = match &mut self.contexts {
            Some(contexts) => contexts,
            none => none.insert([context(&self.frame)?, context(&self.data)?]),
        };
        let size = (f64::from(width) / density, f64::from(height) / density);
        let has_frame = before.as_ref().is_some_and(|before| before.has_frame_of(chart, size));
        // A sparkline has no frame.
        let is_framed = !matches!(**chart, Chart::Spark(_)) || theme.background.is_some();
        if is_framed && !has_frame {
            self.is_framed = true;
            resize(&self.frame, surface.pixels);
            let known = ContextState::default();
            let pen = CanvasPen::new(&contexts[0], &known, theme, density);
            pen.ground(surface.pixels);
            let Ok(()) = chart.draw_frame(&pen, size);
        }
        if before.is_none() {
            resize(&self.data, surface.pixels);
            self.known = ContextState::default();
            // Joins that do not stick out of a zigzag.
            contexts[1].set_line_join("round");
        }
        let pen = CanvasPen::new(&contexts[1], &self.known, theme, density);
        let Ok(()) = paint_data(&pen, before.as_deref(), chart, size);
        self.painted = Some(Painted { chart: chart.clone(), surface });
        Ok(())
    }
}

/// Sets the number of pixels, which throws them away: also if it is what it was.
fn resize(canvas: &HtmlCanvasElement, (width, height): (u32, u32)) {
    if canvas.width() != width {
        canvas.set_width(width);
    }
    if canvas.height() != height {
        canvas.set_height(height);
    }
}

fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, ChartError> {
    // A context by this name is of this type, or there is none.
    let context = canvas.get_context("2d").ok().flatten().map(JsCast::unchecked_into);
    context.ok_or(ChartError::NoContext)
}
