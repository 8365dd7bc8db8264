//! The tool a chart is drawn with: strokes and fills in CSS pixels and in the theme's roles. Two pens implement it, one for
//! any plotters backend and one for a canvas that is painted many times a second.

use crate::theme::ColorRole;

/// The position of a text relative to its point. Vertically it is always centred: of the baselines only that one is
/// the same on canvas and in SVG.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

/// Draws a chart's shapes. The implementor names its units and its six shapes; the rest follows from these.
pub(crate) trait Pen {
    /// Says why a shape could not be drawn.
    type Error;

    /// The paper's units in a CSS pixel.
    fn scale(&self) -> f64;

    /// The paper's units in a pixel of the device. A paper with several of them in a pixel has smooth curves, and edges
    /// that ought to be sharp are put on multiples of this.
    fn grain(&self) -> f64;

    /// Fills a rectangle, in units: its left upper corner and its extent.
    fn block(&self, role: ColorRole, corner: (i32, i32), extent: (i32, i32)) -> Result<(), Self::Error>;

    /// A stroke through the points.
    fn line(&self, role: ColorRole, width: f64, points: &[(f64, f64)]) -> Result<(), Self::Error>;

    /// A stroke through the points, and the space between it and `foot`, `alpha` opaque.
    fn shaded_line(
        &self,
        role: ColorRole,
        width: f64,
        points: &[(f64, f64)],
        shade: (f64, f64),
    ) -> Result<(), Self::Error>;

    /// The inside of the points.
    fn polygon(&self, role: ColorRole, points: &[(f64, f64)]) -> Result<(), Self::Error>;

    /// A filled disc.
    fn dot(&self, role: ColorRole, radius: f64, center: (f64, f64)) -> Result<(), Self::Error>;

    /// One line of text at size [`TEXT`](crate::layout::TEXT).
    fn text(&self, role: ColorRole, align: Align, place: (f64, f64), text: &str) -> Result<(), Self::Error>;

    /// A filled rectangle with sharp edges, at least one pixel of the device wide and high. Rectangles of one
    /// width stay so whatever the device's pixel they begin at.
    fn rect(
        &self,
        role: ColorRole,
        (left, top): (f64, f64),
        (right, bottom): (f64, f64),
    ) -> Result<(), Self::Error> {
        let (x, y) = (self.sharp(left), self.sharp(top));
        self.sharp_block(role, (x, y), (self.sharp(right - left), self.sharp(bottom) - y))
    }

    /// A horizontal hairline. Drawn as a filled rectangle: a stroke would straddle two rows of pixels.
    fn hairline(&self, role: ColorRole, left: f64, right: f64, y: f64) -> Result<(), Self::Error> {
        let (x, end) = (self.sharp(left), self.sharp(right));
        self.sharp_block(role, (x, self.sharp(y)), (end - x, self.sharp(1.0)))
    }

    /// A vertical hairline.
    fn upright(&self, role: ColorRole, x: f64, top: f64, bottom: f64) -> Result<(), Self::Error> {
        let (y, end) = (self.sharp(top), self.sharp(bottom));
        self.sharp_block(role, (self.sharp(x), y), (self.sharp(1.0), end - y))
    }

    /// A horizontal line of dashes.
    fn dashes(
        &self,
        role: ColorRole,
        (left, right): (f64, f64),
        y: f64,
        (dash, gap): (f64, f64),
    ) -> Result<(), Self::Error> {
        let mut x = left;
        while x < right {
            self.hairline(role, x, (x + dash).min(right), y)?;
            x += dash + gap;
        }
        Ok(())
    }

    /// A rectangle of at least one pixel of the device each way.
    fn sharp_block(
        &self,
        role: ColorRole,
        corner: (i32, i32),
        (width, height): (i32, i32),
    ) -> Result<(), Self::Error> {
        let least = self.grain() as i32;
        self.block(role, corner, (width.max(least), height.max(least)))
    }

    /// A length or place in units.
    fn smooth(&self, pixels: f64) -> i32 {
        nearest(pixels * self.scale()) as i32
    }

    /// A length or place in units, a whole number of the device's pixels.
    fn sharp(&self, pixels: f64) -> i32 {
        (nearest(pixels * self.scale() / self.grain()) * self.grain()) as i32
    }

    /// A stroke's width in units, at least one pixel of the device.
    fn stroke_width(&self, width: f64) -> u32 {
        nearest(width * self.scale()).max(self.grain()) as u32
    }
}

/// The nearest whole number. `f64::round` is a call of a library in WebAssembly, this is two instructions. A half that
/// arithmetic has made a little less is still a half, so that a place which moves by whole pixels is always rounded the
/// same way.
pub(crate) fn nearest(units: f64) -> f64 {
    const A_HALF: f64 = 0.5 + 1e-6;
    (units + A_HALF).floor()
}
