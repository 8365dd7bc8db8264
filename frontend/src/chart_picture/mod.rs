//! A chart as a picture for the reader. The code comes in the chunk that asks for pictures.

#[cfg_attr(feature = "split", path = "apart.rs")]
#[cfg_attr(not(feature = "split"), path = "within.rs")]
mod side;

pub(crate) use side::load;

use app::ports::Picture;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::{
    browser::{document, download, new_canvas, window},
    paint::Painter,
};

/// Saves the canvases of a chart under this name, below the texts of the picture.
pub(crate) type SavePicture = fn(&str, &[HtmlCanvasElement], &Picture);

/// The colours of the ground, of the first line and of the second: each a property of the page's style, and what it is without.
const COLORS: [(&str, &str); 3] = [("--card", "#ffffff"), ("--text", "#0f172a"), ("--text-muted", "#55637a")];
/// The picture's lines of text, CSS pixels from its top, and how far the canvas stands below it.
const LINES: [f64; 2] = [22.0, 40.0];
const HEAD: f64 = 52.0;
const MARGIN: f64 = 12.0;

/// The canvases of a chart, one on another, on the page's own ground, for a transparent picture would be unreadable in half of the places people put it; above
/// it what it shows.
fn save(file_name: &str, layers: &[HtmlCanvasElement], picture: &Picture) {
    let token = |(name, otherwise): (_, &str)| Painter::token(name).unwrap_or_else(|| otherwise.to_owned());
    let colors = COLORS.map(token);
    let draw = || {
        let (copy, canvas) = (new_canvas(), layers.last()?);
        // The canvas has more pixels than the page where the screen has.
        let scale = f64::from(canvas.width()) / f64::from(canvas.client_width().max(1));
        copy.set_width(canvas.width());
        copy.set_height(canvas.height() + (HEAD * scale) as u32);
        let pen: CanvasRenderingContext2d = copy.get_context("2d").ok()??.dyn_into().ok()?;
        let [ground, title, below] = &colors;
        pen.set_fill_style_str(ground);
        pen.fill_rect(0.0, 0.0, f64::from(copy.width()), f64::from(copy.height()));
        let body = document().body()?;
        let family = window().get_computed_style(&body).ok()??.get_property_value("font-family").ok()?;
        let width = f64::from(copy.width()) - 2.0 * MARGIN * scale;
        let texts = [(&picture.title, title, "600", 14.0), (&picture.below, below, "400", 12.0)];
        for ((text, color, weight, size), y) in texts.into_iter().zip(LINES) {
            let size = (size * scale) as u32;
            pen.set_font(&[weight, " ", &size.to_string(), "px ", &family].concat());
            pen.set_fill_style_str(color);
            pen.fill_text_with_max_width(text, MARGIN * scale, y * scale, width).ok()?;
        }
        for layer in layers {
            pen.draw_image_with_html_canvas_element(layer, 0.0, HEAD * scale).ok()?;
        }
        copy.to_data_url().ok()
    };
    if let Some(address) = draw() {
        download(file_name, &address);
    }
}
