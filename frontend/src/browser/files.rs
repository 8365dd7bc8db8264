//! Handing the reader a file.

use app::ports::Picture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, Url};

use super::{document, new_canvas, window};

pub(crate) fn save_text(file_name: &str, mime: &str, text: &str) {
    let kind = BlobPropertyBag::new();
    kind.set_type(mime);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let address = Blob::new_with_str_sequence_and_options(&parts, &kind)
        .and_then(|blob| Url::create_object_url_with_blob(&blob));
    if let Ok(address) = address {
        follow(file_name, &address);
        let _ = Url::revoke_object_url(&address);
    }
}

/// The picture's lines of text, CSS pixels from its top, and how far the canvas stands below it.
const LINES: [f64; 2] = [22.0, 40.0];
const HEAD: f64 = 52.0;
const MARGIN: f64 = 12.0;

/// The canvases of a chart, one on another, on the page's own ground, for a transparent picture would be unreadable in half of the places people put it; above
/// it what it shows. The colours are those of the ground, of the first line and of the second.
pub(crate) fn save_picture(
    file_name: &str,
    layers: &[HtmlCanvasElement],
    picture: &Picture,
    colors: [String; 3],
) {
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
        follow(file_name, &address);
    }
}

fn follow(file_name: &str, address: &str) {
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(address);
        link.set_download(file_name);
        link.click();
    }
}
