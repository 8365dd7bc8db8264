//! A paper for plotters that writes compact SVG and says what a colour means, by class, instead of which it is.

use std::convert::Infallible;

use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use crate::theme::{Color, Theme};

/// Units in a CSS pixel: plotters counts in whole numbers, and a curve of whole pixels looks like stairs.
pub(crate) const GRAIN: i32 = 4;

type BackendWriteResult = Result<(), DrawingErrorKind<Infallible>>;

/// The class of a token's fill and of its stroke, by the blue of its colour in [`Theme::tokens`].
const CLASSES: [(&str, &str); 13] = [
    ("ch-t", "ch-st"),
    ("ch-m", "ch-sm"),
    ("ch-g", "ch-sg"),
    ("ch-a", "ch-sa"),
    ("ch-o", "ch-so"),
    ("ch-w", "ch-sw"),
    ("ch-k", "ch-sk"),
    ("ch-c1", "ch-s1"),
    ("ch-c2", "ch-s2"),
    ("ch-c3", "ch-s3"),
    ("ch-c4", "ch-s4"),
    ("ch-c5", "ch-s5"),
    ("ch-c6", "ch-s6"),
];

impl Theme {
    /// Colours that stand for tokens: each names a row of [`CLASSES`].
    pub(crate) fn tokens() -> Self {
        let row = |number| Color(0, 0, number);
        Self {
            background: None,
            text: row(0),
            muted: row(1),
            grid: row(2),
            accent: row(3),
            ok: row(4),
            warning: row(5),
            critical: row(6),
            series: [7, 8, 9, 10, 11, 12].map(row),
        }
    }
}

pub(crate) struct SvgBackend<'a> {
    out: &'a mut String,
    size: (u32, u32),
    /// The fill of the rectangles that are being joined into one path: grids, dashes and bars are many of a kind.
    joining: Option<&'static str>,
}

impl<'a> SvgBackend<'a> {
    /// A paper of that many CSS pixels, whose elements are appended to `out`.
    pub(crate) fn new(out: &'a mut String, width: u32, height: u32) -> Self {
        Self { out, size: (width * GRAIN as u32, height * GRAIN as u32), joining: None }
    }

    fn end_joining(&mut self) {
        if self.joining.take().is_some() {
            self.out.push_str("\"/>");
        }
    }

    fn attribute(&mut self, name: &str, value: i32) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        push_length(self.out, value);
        self.out.push('"');
    }

    fn path(&mut self, points: impl IntoIterator<Item = BackendCoord>) {
        self.out.push_str(" d=\"");
        let mut last: Option<BackendCoord> = None;
        for (x, y) in points {
            match last {
                None => push_lengths(self.out, "M", &[x, y]),
                Some((before_x, before_y)) => push_lengths(self.out, "l", &[x - before_x, y - before_y]),
            }
            last = Some((x, y));
        }
    }

    fn open(&mut self, element: &str, class: &str) {
        self.end_joining();
        for part in ["<", element, " class=\"", class, "\""] {
            self.out.push_str(part);
        }
    }
}

impl DrawingBackend for SvgBackend<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> BackendWriteResult {
        Ok(())
    }

    fn present(&mut self) -> BackendWriteResult {
        self.end_joining();
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> BackendWriteResult {
        self.draw_rect((x, y), (x + 1, y + 1), &color, true)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> BackendWriteResult {
        if !fill {
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
            return self.draw_path(corners, style);
        }
        let (class, _) = classes(style);
        if self.joining != Some(class) {
            self.open("path", class);
            self.out.push_str(" d=\"");
            self.joining = Some(class);
        }
        push_lengths(self.out, "M", &[left, top]);
        push_lengths(self.out, "h", &[right - left]);
        push_lengths(self.out, "v", &[bottom - top]);
        push_lengths(self.out, "h", &[left - right]);
        self.out.push('z');
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> BackendWriteResult {
        self.open("path", classes(style).1);
        self.out.push_str(" fill=\"none\" stroke-linejoin=\"round\"");
        self.attribute("stroke-width", style.stroke_width() as i32);
        self.path(path);
        self.out.push_str("\"/>");
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> BackendWriteResult {
        self.open("path", classes(style).0);
        let alpha = (style.color().alpha * 100.0).round() as i32;
        if alpha < 100 {
            self.out.push_str(&format!(" fill-opacity=\".{alpha:02}\""));
        }
        self.path(path);
        self.out.push_str("z\"/>");
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> BackendWriteResult {
        let (filled, stroked) = classes(style);
        self.open("circle", if fill { filled } else { stroked });
        if !fill {
            self.out.push_str(" fill=\"none\"");
        }
        self.attribute("cx", center.0);
        self.attribute("cy", center.1);
        self.attribute("r", radius as i32);
        self.out.push_str("/>");
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> BackendWriteResult {
        self.open("text", class_of(style.color()).0);
        self.attribute("x", x);
        self.attribute("y", y);
        // Centred on the middle of the capitals; `dominant-baseline` is not the same in all browsers.
        self.out.push_str(" dy=\".35em\"");
        match style.anchor().h_pos {
            HPos::Left => {}
            HPos::Center => self.out.push_str(" text-anchor=\"middle\""),
            HPos::Right => self.out.push_str(" text-anchor=\"end\""),
        }
        self.out.push('>');
        push_escaped(self.out, text);
        self.out.push_str("</text>");
        Ok(())
    }
}

fn classes(style: &impl BackendStyle) -> (&'static str, &'static str) {
    class_of(style.color())
}

fn class_of(color: BackendColor) -> (&'static str, &'static str) {
    CLASSES.get(usize::from(color.rgb.2)).copied().unwrap_or(CLASSES[0])
}

fn push_lengths(out: &mut String, command: &str, lengths: &[i32]) {
    out.push_str(command);
    for (index, length) in lengths.iter().enumerate() {
        // A minus sign separates as well as a space does.
        if index > 0 && *length >= 0 {
            out.push(' ');
        }
        push_length(out, *length);
    }
}

/// Units as CSS pixels: quarters have two digits at most.
fn push_length(out: &mut String, units: i32) {
    const QUARTERS: [&str; GRAIN as usize] = ["", ".25", ".5", ".75"];
    if units < 0 {
        out.push('-');
    }
    let units = units.unsigned_abs();
    out.push_str(&(units / GRAIN as u32).to_string());
    out.push_str(QUARTERS[(units % GRAIN as u32) as usize]);
}

/// Labels are names from outside: whatever they hold, they stay text. Control characters, which XML has no
/// place for, are dropped.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ if letter.is_control() => {}
            _ => out.push(letter),
        }
    }
}
