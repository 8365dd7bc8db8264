//! Handing the reader a file.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::document;

pub(crate) fn save_text(file_name: &str, mime: &str, text: &str) {
    let kind = BlobPropertyBag::new();
    kind.set_type(mime);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let address = Blob::new_with_str_sequence_and_options(&parts, &kind)
        .and_then(|blob| Url::create_object_url_with_blob(&blob));
    if let Ok(address) = address {
        download(file_name, &address);
        let _ = Url::revoke_object_url(&address);
    }
}

/// Saves what is at an address.
pub(crate) fn download(file_name: &str, address: &str) {
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(address);
        link.set_download(file_name);
        link.click();
    }
}
