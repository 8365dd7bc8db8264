//! The pen for a canvas, without plotters between the two: a page paints many times a second, and the code of a general
//! backend would be kilobytes of its first view.
//!
//! Every word to the browser costs as much as the arithmetic of several points. So colour, font and alignment are
//! said only where they change, and the shade below a line goes over together with the line.

use std::cell::Cell;
use std::convert::Infallible;

use web_sys::CanvasRenderingContext2d;

use crate::data_layer::{Area, Layer};
use crate::layout::TEXT;
use crate::pen::{Align, Pen};
use crate::theme::{Color, ColorRole, FONT, Theme};

/// Units in a pixel of the device: places are as fine as that, and so is the font.
const GRAIN: f64 = 4.0;

/// Red, green, blue and opacity, a byte each.
type Rgba = u32;

pub(crate) struct CanvasPen<'a> {
    context: &'a CanvasRenderingContext2d,
    theme: &'a Theme,
    density: f64,
    known: &'a ContextState,
    /// The settings before the clip, to which the context then returns.
    unclipped: ContextState,
}

/// The settings that a context is known to have, from one picture to the next. A canvas that gets another size forgets them.
#[derive(Default)]
pub(crate) struct ContextState {
    fill: Cell<Option<Rgba>>,
    stroke: Cell<Option<(Rgba, u32)>>,
    align: Cell<Option<Align>>,
    /// In quarters of a pixel.
    font: Cell<Option<u32>>,
}

impl ContextState {
    /// Takes over what the other knows.
    fn copy_from(&self, other: &Self) {
        self.fill.set(other.fill.get());
        self.stroke.set(other.stroke.get());
        self.align.set(other.align.get());
        self.font.set(other.font.get());
    }
}

impl<'a> CanvasPen<'a> {
    /// A pen with `density` of the device's pixels in a CSS pixel.
    pub(crate) fn new(
        context: &'a CanvasRenderingContext2d,
        known: &'a ContextState,
        theme: &'a Theme,
        density: f64,
    ) -> Self {
        Self { context, theme, density, known, unclipped: ContextState::default() }
    }

    /// Begins a picture: nothing but the theme's ground, if it has one.
    pub(crate) fn ground(&self, (width, height): (u32, u32)) {
        let (width, height) = (f64::from(width), f64::from(height));
        self.context.clear_rect(0.0, 0.0, width, height);
        if let Some(color) = self.theme.background {
            self.fill_with(rgba(color, 1.0));
            self.context.fill_rect(0.0, 0.0, width, height);
        }
    }

    fn set_fill(&self, role: ColorRole, alpha: f64) {
        self.fill_with(rgba(self.theme.color(role), alpha));
    }

    fn fill_with(&self, color: Rgba) {
        if self.known.fill.replace(Some(color)) != Some(color) {
            self.context.set_fill_style_str(&css(color));
        }
    }

    fn stroke_with(&self, stroke: (Rgba, u32)) {
        if self.known.stroke.replace(Some(stroke)) != Some(stroke) {
            self.context.set_stroke_style_str(&css(stroke.0));
            self.context.set_line_width(f64::from(stroke.1) / GRAIN);
        }
    }

    fn set_align(&self, align: Align) {
        if self.known.align.replace(Some(align)) != Some(align) {
            self.context.set_text_align(match align {
                Align::Left => "left",
                Align::Center => "center",
                Align::Right => "right",
            });
        }
    }

    fn set_font(&self) {
        let quarters = self.smooth(TEXT) as u32;
        if self.known.font.replace(Some(quarters)) != Some(quarters) {
            self.context.set_font(&font(quarters));
            // Of the baselines only this one is the same on canvas and in SVG.
            self.context.set_text_baseline("middle");
        }
    }

    /// Makes these points the context's path, open at its end.
    fn trace(&self, points: &[(f64, f64)]) {
        self.context.begin_path();
        if let [(x, y), rest @ ..] = points {
            self.context.move_to(self.place(*x), self.place(*y));
            for (x, y) in rest {
                self.context.line_to(self.place(*x), self.place(*y));
            }
        }
    }

    /// CSS pixels as pixels of the device.
    fn place(&self, pixels: f64) -> f64 {
        f64::from(self.smooth(pixels)) / GRAIN
    }
}

impl Pen for CanvasPen<'_> {
    /// A browser refuses an arc whose radius is below zero, which no dot has, and nothing else.
    type Error = Infallible;

    fn scale(&self) -> f64 {
        self.density * GRAIN
    }

    fn grain(&self) -> f64 {
        GRAIN
    }

    fn block(
        &self,
        role: ColorRole,
        (x, y): (i32, i32),
        (width, height): (i32, i32),
    ) -> Result<(), Infallible> {
        self.set_fill(role, 1.0);
        let [x, y, width, height] = [x, y, width, height].map(|units| f64::from(units) / GRAIN);
        self.context.fill_rect(x, y, width, height);
        Ok(())
    }

    fn line(&self, role: ColorRole, width: f64, points: &[(f64, f64)]) -> Result<(), Infallible> {
        self.trace(points);
        self.stroke_with((rgba(self.theme.color(role), 1.0), self.stroke_width(width)));
        self.context.stroke();
        Ok(())
    }

    fn shaded_line(
        &self,
        role: ColorRole,
        width: f64,
        points: &[(f64, f64)],
        (foot, alpha): (f64, f64),
    ) -> Result<(), Infallible> {
        self.line(role, width, points)?;
        if let ([first, ..], [.., last]) = (points, points) {
            // The path is still there and goes on along the foot. That the shade comes after the line makes no
            // difference: both are of one colour.
            let foot = self.place(foot);
            self.context.line_to(self.place(last.0), foot);
            self.context.line_to(self.place(first.0), foot);
            self.set_fill(role, alpha);
            self.context.fill();
        }
        Ok(())
    }

    fn polygon(&self, role: ColorRole, points: &[(f64, f64)]) -> Result<(), Infallible> {
        self.trace(points);
        self.set_fill(role, 1.0);
        self.context.fill();
        Ok(())
    }

    fn dot(&self, role: ColorRole, radius: f64, (x, y): (f64, f64)) -> Result<(), Infallible> {
        self.set_fill(role, 1.0);
        self.context.begin_path();
        let [x, y, radius] = [x, y, radius].map(|pixels| self.place(pixels));
        let _ = self.context.arc(x, y, radius.max(1.0 / GRAIN), 0.0, std::f64::consts::TAU);
        self.context.fill();
        Ok(())
    }

    fn text(&self, role: ColorRole, align: Align, (x, y): (f64, f64), text: &str) -> Result<(), Infallible> {
        if text.is_empty() {
            return Ok(());
        }
        self.set_fill(role, 1.0);
        self.set_font();
        self.set_align(align);
        let [x, y] = [x, y].map(|pixels| f64::from(self.sharp(pixels)) / GRAIN);
        let _ = self.context.fill_text(text, x, y);
        Ok(())
    }
}

impl Layer for CanvasPen<'_> {
    fn scroll(&self, by: i32) {
        let Some(canvas) = self.context.canvas() else { return };
        // `copy` replaces what is there: also by nothing, at the right.
        let _ = self.context.set_global_composite_operation("copy");
        let _ = self.context.draw_image_with_html_canvas_element(&canvas, f64::from(-by), 0.0);
        let _ = self.context.set_global_composite_operation("source-over");
    }

    fn clear(&self, area: &Area) {
        let [x, y, width, height] = corners(area);
        self.context.clear_rect(x, y, width, height);
    }

    fn clip(&self, areas: &[Area]) {
        self.unclipped.copy_from(self.known);
        self.context.save();
        self.context.begin_path();
        for area in areas {
            let [x, y, width, height] = corners(area);
            self.context.rect(x, y, width, height);
        }
        self.context.clip();
    }

    fn unclip(&self) {
        self.context.restore();
        let colors = (self.known.fill.get(), self.known.stroke.get());
        // The context has forgotten what it was told since.
        self.known.copy_from(&self.unclipped);
        // Colours that are told outside of a clip need not be told in the next one.
        if let (Some(fill), Some(stroke)) = colors {
            self.fill_with(fill);
            self.stroke_with(stroke);
        }
    }
}

/// The left upper corner and the extent.
fn corners(Area { columns, rows }: &Area) -> [f64; 4] {
    [columns.start, rows.start, columns.end - columns.start, rows.end - rows.start].map(f64::from)
}

fn rgba(color: Color, alpha: f64) -> Rgba {
    u32::from_be_bytes([color.0, color.1, color.2, (alpha * 255.0 + 0.5) as u8])
}

/// The colour as CSS writes it: `#rrggbbaa`.
fn css(color: Rgba) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(9);
    text.push('#');
    for nibble in (0..8).rev() {
        text.push(char::from(DIGITS[(color >> (4 * nibble) & 15) as usize]));
    }
    text
}

/// The font of so many quarters of a pixel, as CSS writes it. By hand: to write a fraction takes kilobytes of code.
fn font(quarters: u32) -> String {
    const FRACTIONS: [&str; GRAIN as usize] = ["", ".25", ".5", ".75"];
    [&(quarters / 4).to_string(), FRACTIONS[(quarters % 4) as usize], "px ", FONT].concat()
}
