//! A paper for plotters on a browser's canvas, made for charts that are drawn again and again.
//!
//! Every word to the browser costs as much as the arithmetic of several points. So colour, font and alignment are
//! said only where they change, and the shade below a line goes over together with the line.

use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use web_sys::CanvasRenderingContext2d;

use crate::chart_error::ChartError;

type BackendResult = Result<(), DrawingErrorKind<ChartError>>;

/// Red, green, blue and opacity, a byte each.
type Rgba = u32;

pub(crate) struct CanvasBackend<'a> {
    context: &'a CanvasRenderingContext2d,
    size: (u32, u32),
    /// The fill colour that the canvas has; none until one is set in this picture.
    fill: Option<Rgba>,
    stroke: Option<Rgba>,
    font: Option<(u32, String)>,
    align: &'static str,
    shade: Option<PendingFill>,
}

/// A filled outline that is held back until it is known whether the next line runs along its top.
struct PendingFill {
    outline: Vec<BackendCoord>,
    color: Rgba,
}

impl PendingFill {
    /// Returns true if the fill lies below this line: its outline is the line's points, and after them those of the
    /// foot.
    fn is_below(&self, line: &[BackendCoord], color: Rgba) -> bool {
        !line.is_empty() && self.outline.starts_with(line) && self.color >> 8 == color >> 8
    }
}

impl<'a> CanvasBackend<'a> {
    /// A paper of `size` units of the context's coordinates.
    pub(crate) fn new(context: &'a CanvasRenderingContext2d, size: (u32, u32)) -> Self {
        Self { context, size, fill: None, stroke: None, font: None, align: "", shade: None }
    }

    fn set_fill(&mut self, color: Rgba) {
        if self.fill.replace(color) != Some(color) {
            self.context.set_fill_style_str(&css(color));
        }
    }

    fn set_stroke(&mut self, color: Rgba, width: u32) {
        if self.stroke.replace(color) != Some(color) {
            self.context.set_stroke_style_str(&css(color));
        }
        self.context.set_line_width(f64::from(width));
    }

    fn set_font(&mut self, size: u32, family: &str) {
        if self.font.as_ref().is_some_and(|font| font.0 == size && font.1 == family) {
            return;
        }
        self.context.set_font(&format!("{size}px {family}"));
        // Of the baselines only this one is the same on canvas and in SVG, so the pen asks for no other.
        self.context.set_text_baseline("middle");
        self.font = Some((size, family.to_owned()));
    }

    fn set_align(&mut self, align: &'static str) {
        if self.align != align {
            self.context.set_text_align(align);
            self.align = align;
        }
    }

    /// Makes these points the context's path, open at its end.
    fn trace(&self, points: &[BackendCoord]) {
        self.context.begin_path();
        if let [(x, y), rest @ ..] = points {
            self.context.move_to(f64::from(*x), f64::from(*y));
            self.go_on(rest);
        }
    }

    fn go_on(&self, points: &[BackendCoord]) {
        for (x, y) in points {
            self.context.line_to(f64::from(*x), f64::from(*y));
        }
    }

    /// Fills what was held back: no line came along it.
    fn end_shade(&mut self) {
        if let Some(shade) = self.shade.take() {
            self.trace(&shade.outline);
            self.set_fill(shade.color);
            self.context.fill();
        }
    }
}

impl DrawingBackend for CanvasBackend<'_> {
    type ErrorType = ChartError;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> BackendResult {
        Ok(())
    }

    fn present(&mut self) -> BackendResult {
        self.end_shade();
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> BackendResult {
        self.draw_rect((x, y), (x + 1, y + 1), &color, true)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> BackendResult {
        if !fill {
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
            return self.draw_path(corners, style);
        }
        self.end_shade();
        self.set_fill(rgba(style.color()));
        let [x, y, width, height] = [left, top, right - left, bottom - top].map(f64::from);
        self.context.fill_rect(x, y, width, height);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> BackendResult {
        let (line, color): (Vec<_>, _) = (path.into_iter().collect(), rgba(style.color()));
        let below = self.shade.take_if(|shade| shade.is_below(&line, color));
        self.end_shade();
        self.trace(&line);
        self.set_stroke(color, style.stroke_width());
        self.context.stroke();
        // The path is still there and goes on along the foot. That the shade comes after the line makes no
        // difference: both are of one colour.
        if let Some(shade) = below {
            self.go_on(&shade.outline[line.len()..]);
            self.set_fill(shade.color);
            self.context.fill();
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> BackendResult {
        self.end_shade();
        self.shade = Some(PendingFill { outline: path.into_iter().collect(), color: rgba(style.color()) });
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> BackendResult {
        self.end_shade();
        let color = rgba(style.color());
        self.context.begin_path();
        self.context
            .arc(f64::from(x), f64::from(y), f64::from(radius), 0.0, std::f64::consts::TAU)
            .map_err(refused)?;
        if fill {
            self.set_fill(color);
            self.context.fill();
        } else {
            self.set_stroke(color, style.stroke_width());
            self.context.stroke();
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> BackendResult {
        self.end_shade();
        self.set_fill(rgba(style.color()));
        // In whole units: to write a fraction takes kilobytes of code, and no one sees the eighth of a pixel.
        self.set_font((style.size() + 0.5) as u32, style.family().as_str());
        self.set_align(match style.anchor().h_pos {
            HPos::Left => "left",
            HPos::Center => "center",
            HPos::Right => "right",
        });
        self.context.fill_text(text, f64::from(x), f64::from(y)).map_err(refused)
    }
}

fn refused<E>(_: E) -> DrawingErrorKind<ChartError> {
    DrawingErrorKind::DrawingError(ChartError::Refused)
}

fn rgba(color: BackendColor) -> Rgba {
    let (red, green, blue) = color.rgb;
    u32::from_be_bytes([red, green, blue, (color.alpha * 255.0 + 0.5) as u8])
}

/// The colour as CSS writes it: `#rrggbbaa`.
fn css(color: Rgba) -> String {
    format!("#{color:08x}")
}
