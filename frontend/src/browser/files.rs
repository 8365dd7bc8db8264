//! Handing the reader a file.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, Url};

use super::document;

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

/// The canvas on the page's own ground: a transparent picture would be unreadable in half of the places people put it.
pub(crate) fn save_picture(file_name: &str, canvas: &HtmlCanvasElement, ground: &str) {
    let picture = || {
        let copy: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        copy.set_width(canvas.width());
        copy.set_height(canvas.height());
        let pen: CanvasRenderingContext2d = copy.get_context("2d").ok()??.dyn_into().ok()?;
        pen.set_fill_style_str(ground);
        pen.fill_rect(0.0, 0.0, f64::from(copy.width()), f64::from(copy.height()));
        pen.draw_image_with_html_canvas_element(canvas, 0.0, 0.0).ok()?;
        copy.to_data_url().ok()
    };
    if let Some(address) = picture() {
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
