//! The pen for any plotters backend: the server's SVG, and a canvas' frame.

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, DrawingBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};

use crate::layout::TEXT;
use crate::pen::{Align, Pen};
use crate::theme::{ColorRole, FONT, Theme};

/// Draws on a plotters area. plotters counts in whole units and moves what is beyond the area to its edge.
pub(crate) struct PlottersPen<'a, DB: DrawingBackend> {
    pub(crate) area: &'a DrawingArea<DB, Shift>,
    pub(crate) theme: &'a Theme,
    /// See [`Pen::scale`].
    pub(crate) scale: f64,
    /// See [`Pen::grain`].
    pub(crate) grain: f64,
}

/// The result of drawing on a backend.
type DrawResult<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

impl<DB: DrawingBackend> Pen for PlottersPen<'_, DB> {
    type Error = DrawingAreaErrorKind<DB::ErrorType>;

    fn scale(&self) -> f64 {
        self.scale
    }

    fn grain(&self) -> f64 {
        self.grain
    }

    fn block(&self, role: ColorRole, (x, y): (i32, i32), (width, height): (i32, i32)) -> DrawResult<DB> {
        self.area.draw(&Rectangle::new([(x, y), (x + width, y + height)], self.fill(role, 1.0)))
    }

    fn line(&self, role: ColorRole, width: f64, points: &[(f64, f64)]) -> DrawResult<DB> {
        self.area.draw(&PathElement::new(self.points(points), self.stroke(role, width)))
    }

    fn shaded_line(
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

    fn polygon(&self, role: ColorRole, points: &[(f64, f64)]) -> DrawResult<DB> {
        self.area.draw(&Polygon::new(self.points(points), self.fill(role, 1.0)))
    }

    fn dot(&self, role: ColorRole, radius: f64, (x, y): (f64, f64)) -> DrawResult<DB> {
        let center = (self.smooth(x), self.smooth(y));
        self.area.draw(&Circle::new(center, self.smooth(radius).max(1), self.fill(role, 1.0)))
    }

    fn text(&self, role: ColorRole, align: Align, (x, y): (f64, f64), text: &str) -> DrawResult<DB> {
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
}

impl<DB: DrawingBackend> PlottersPen<'_, DB> {
    /// The paper's size in CSS pixels.
    pub(crate) fn size(&self) -> (f64, f64) {
        let (width, height) = self.area.dim_in_pixel();
        (f64::from(width) / self.scale, f64::from(height) / self.scale)
    }

    fn points(&self, points: &[(f64, f64)]) -> Vec<(i32, i32)> {
        points.iter().map(|(x, y)| (self.smooth(*x), self.smooth(*y))).collect()
    }

    fn stroke(&self, role: ColorRole, width: f64) -> ShapeStyle {
        ShapeStyle { color: self.color(role, 1.0), filled: false, stroke_width: self.stroke_width(width) }
    }

    fn fill(&self, role: ColorRole, alpha: f64) -> ShapeStyle {
        ShapeStyle { color: self.color(role, alpha), filled: true, stroke_width: 0 }
    }

    fn color(&self, role: ColorRole, alpha: f64) -> RGBAColor {
        let color = self.theme.color(role);
        RGBAColor(color.0, color.1, color.2, alpha)
    }
}

#[cfg(test)]
mod tests {
    use plotters::prelude::IntoDrawingArea;

    use super::*;
    use crate::svg_backend::SvgBackend;

    /// Draws on a screen with one and a half pixels in a CSS pixel and returns the SVG; the backend counts in
    /// quarters.
    fn drawn(draw: impl Fn(&PlottersPen<'_, SvgBackend<'_>>)) -> String {
        let mut out = String::new();
        let area = SvgBackend::new(&mut out, 300, 300).into_drawing_area();
        draw(&PlottersPen { area: &area, theme: &Theme::tokens(), scale: 6.0, grain: 4.0 });
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
