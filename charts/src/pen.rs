//! The one place that speaks to plotters: strokes and fills in CSS pixels and in the theme's inks.

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, DrawingBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};

use crate::layout::TEXT;
use crate::theme::{ColorRole, Theme};

/// The reader's own interface font.
const FONT: &str = "system-ui, sans-serif";

/// The result of drawing on a backend.
pub(crate) type DrawResult<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// The position of a text relative to its point. Vertically it is always centred: of the baselines only that one is
/// the same on canvas and in SVG.
#[derive(Clone, Copy)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

pub(crate) struct Pen<'a, DB: DrawingBackend> {
    pub(crate) area: &'a DrawingArea<DB, Shift>,
    pub(crate) theme: &'a Theme,
    /// The paper's units in a CSS pixel.
    pub(crate) scale: f64,
    /// The paper's units in a pixel of the device. plotters counts in whole units; a paper with several of them
    /// in a pixel has smooth curves, and edges that ought to be sharp are put on multiples of this.
    pub(crate) grain: f64,
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    /// A filled rectangle with sharp edges, at least one pixel of the device wide and high. Rectangles of one
    /// width stay so whatever the device's pixel they begin at.
    pub(crate) fn rect(
        &self,
        role: ColorRole,
        (left, top): (f64, f64),
        (right, bottom): (f64, f64),
    ) -> DrawResult<DB> {
        let (x, y) = (self.sharp(left), self.sharp(top));
        self.block(role, (x, y), (self.sharp(right - left), self.sharp(bottom) - y))
    }

    /// A horizontal hairline. Drawn as a filled rectangle: a stroke would straddle two rows of pixels.
    pub(crate) fn hairline(&self, role: ColorRole, left: f64, right: f64, y: f64) -> DrawResult<DB> {
        let (x, end) = (self.sharp(left), self.sharp(right));
        self.block(role, (x, self.sharp(y)), (end - x, self.sharp(1.0)))
    }

    /// A vertical hairline.
    pub(crate) fn upright(&self, role: ColorRole, x: f64, top: f64, bottom: f64) -> DrawResult<DB> {
        let (y, end) = (self.sharp(top), self.sharp(bottom));
        self.block(role, (self.sharp(x), y), (self.sharp(1.0), end - y))
    }

    /// A horizontal line of dashes.
    pub(crate) fn dashes(
        &self,
        role: ColorRole,
        (left, right): (f64, f64),
        y: f64,
        (dash, gap): (f64, f64),
    ) -> DrawResult<DB> {
        let mut x = left;
        while x < right {
            self.hairline(role, x, (x + dash).min(right), y)?;
            x += dash + gap;
        }
        Ok(())
    }

    /// A stroke through the points.
    pub(crate) fn line(&self, role: ColorRole, width: f64, points: &[(f64, f64)]) -> DrawResult<DB> {
        self.area.draw(&PathElement::new(self.points(points), self.stroke(role, width)))
    }

    /// A stroke through the points, and the space between it and `foot`, `alpha` opaque.
    pub(crate) fn shaded_line(
        &self,
        role: ColorRole,
        width: f64,
        points: &[(f64, f64)],
        (foot, alpha): (f64, f64),
    ) -> DrawResult<DB> {
        let line = self.points(points);
        if let ([first, ..], [.., last]) = (line.as_slice(), line.as_slice()) {
            let foot = self.smooth(foot);
            let outline = [line.as_slice(), &[(last.0, foot), (first.0, foot)]].concat();
            self.area.draw(&Polygon::new(outline, self.fill(role, alpha)))?;
        }
        self.area.draw(&PathElement::new(line, self.stroke(role, width)))
    }

    /// The inside of the points, `alpha` opaque.
    pub(crate) fn polygon(&self, role: ColorRole, alpha: f64, points: &[(f64, f64)]) -> DrawResult<DB> {
        self.area.draw(&Polygon::new(self.points(points), self.fill(role, alpha)))
    }

    /// A filled disc.
    pub(crate) fn dot(&self, role: ColorRole, radius: f64, (x, y): (f64, f64)) -> DrawResult<DB> {
        let center = (self.smooth(x), self.smooth(y));
        self.area.draw(&Circle::new(center, self.smooth(radius).max(1), self.fill(role, 1.0)))
    }

    /// One line of text at size [`TEXT`].
    pub(crate) fn text(
        &self,
        role: ColorRole,
        align: Align,
        (x, y): (f64, f64),
        text: &str,
    ) -> DrawResult<DB> {
        if text.is_empty() {
            return Ok(());
        }
        let horizontal = match align {
            Align::Left => HPos::Left,
            Align::Center => HPos::Center,
            Align::Right => HPos::Right,
        };
        let style = TextStyle {
            font: FontDesc::new(FontFamily::Name(FONT), TEXT * self.scale, FontStyle::Normal),
            color: self.color(role, 1.0).to_backend_color(),
            pos: Pos::new(horizontal, VPos::Center),
        };
        self.area.draw(&Text::new(text, (self.sharp(x), self.sharp(y)), style))
    }

    fn block(&self, role: ColorRole, (x, y): (i32, i32), (width, height): (i32, i32)) -> DrawResult<DB> {
        let least = self.grain as i32;
        let corners = [(x, y), (x + width.max(least), y + height.max(least))];
        self.area.draw(&Rectangle::new(corners, self.fill(role, 1.0)))
    }

    fn points(&self, points: &[(f64, f64)]) -> Vec<(i32, i32)> {
        points.iter().map(|(x, y)| (self.smooth(*x), self.smooth(*y))).collect()
    }

    fn smooth(&self, pixels: f64) -> i32 {
        nearest(pixels * self.scale) as i32
    }

    fn sharp(&self, pixels: f64) -> i32 {
        (nearest(pixels * self.scale / self.grain) * self.grain) as i32
    }

    fn stroke(&self, role: ColorRole, width: f64) -> ShapeStyle {
        let width = nearest(width * self.scale).max(self.grain);
        ShapeStyle { color: self.color(role, 1.0), filled: false, stroke_width: width as u32 }
    }

    fn fill(&self, role: ColorRole, alpha: f64) -> ShapeStyle {
        ShapeStyle { color: self.color(role, alpha), filled: true, stroke_width: 0 }
    }

    fn color(&self, role: ColorRole, alpha: f64) -> RGBAColor {
        let color = self.theme.color(role);
        RGBAColor(color.0, color.1, color.2, alpha)
    }
}

/// The nearest whole number. `f64::round` is a call of a library in WebAssembly, this is two instructions.
fn nearest(units: f64) -> f64 {
    (units + 0.5).floor()
}

#[cfg(test)]
mod tests {
    use plotters::prelude::IntoDrawingArea;

    use super::*;
    use crate::svg_backend::SvgBackend;

    /// Draws on a screen with one and a half pixels in a CSS pixel and returns the SVG; the backend counts in
    /// quarters.
    fn drawn(draw: impl Fn(&Pen<'_, SvgBackend<'_>>)) -> String {
        let mut out = String::new();
        let area = SvgBackend::new(&mut out, 300, 300).into_drawing_area();
        draw(&Pen { area: &area, theme: &Theme::tokens(), scale: 6.0, grain: 4.0 });
        area.present().unwrap();
        drop(area);
        out
    }

    #[test]
    fn hairlines_are_equally_thick_wherever_they_stand() {
        let out = drawn(|pen| {
            for y in 0..9 {
                pen.hairline(ColorRole::Grid, 0.0, 10.0, f64::from(y) * 7.3).unwrap();
            }
        });
        assert_eq!(out.matches("h15v2h-15z").count(), 9, "{out}");
    }

    #[test]
    fn bars_are_equally_wide_wherever_they_stand() {
        let out = drawn(|pen| {
            for x in 0..9 {
                let left = f64::from(x) * 7.3;
                pen.rect(ColorRole::Text, (left, 0.0), (left + 5.1, 10.0)).unwrap();
            }
        });
        assert_eq!(out.matches("h8v15h-8z").count(), 9, "{out}");
    }

    #[test]
    fn nothing_is_drawn_beyond_the_paper() {
        let out = drawn(|pen| pen.rect(ColorRole::Text, (-50.0, -50.0), (900.0, 900.0)).unwrap());
        assert!(out.contains("M0 0h300v300h-300z"), "{out}");
    }
}
