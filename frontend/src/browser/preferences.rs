//! Keeps the reader's choices: in a cookie if the server needs them, otherwise in the browser's storage.

use transports::browser::base_path;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlDocument, Storage};

use super::{document, own_name::own_name, window};

/// Keeps a word in a cookie for a year; whether the browser has taken it. Names and values are words of ours: they need no
/// escaping. `Lax`: a page that is opened by a link from elsewhere is asked for with it, and changes nothing.
pub(crate) fn remember(name: &str, value: &str) -> bool {
    let pair = [name, "=", value].concat();
    let Ok(page) = document().dyn_into::<HtmlDocument>() else { return false };
    let _ = page.set_cookie(&[&pair, "; path=", &base_path(), "/; max-age=31536000; samesite=lax"].concat());
    page.cookie().is_ok_and(|kept| kept.split("; ").any(|one| one == pair))
}

/// Keeps a text in this browser, or forgets it; whether it has. A browser that keeps nothing (private windows) just forgets.
pub(crate) fn keep(name: &str, text: Option<&str>) -> bool {
    put(window().local_storage(), name, text)
}

/// Asks for the page in another language. Where no cookie says so to the server, the address does.
pub(crate) fn choose_language(tag: &str) {
    let kept = remember("lang", tag);
    let location = window().location();
    let search = location.search().unwrap_or_default();
    let others =
        search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty() && !is_language(pair));
    let chosen = ["lang=", tag].concat();
    let wanted = others.chain((!kept).then_some(chosen.as_str())).collect::<Vec<_>>().join("&");
    let _ = if wanted == search.trim_start_matches('?') {
        location.reload()
    } else {
        location.set_search(&wanted)
    };
}

/// Asks for the page again: whoever may not see it any more is led to the sign-in page, and from there back.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// Returns true if the page's language stands in its address, since this browser keeps none.
pub(crate) fn is_language_lost() -> bool {
    let search = window().location().search().unwrap_or_default();
    let mut pairs = search.trim_start_matches('?').split('&');
    pairs.any(|pair| is_language(pair) && !remember("lang", &pair["lang=".len()..]))
}

fn is_language(pair: &str) -> bool {
    pair.starts_with("lang=")
}

/// Reads a kept value.
pub(crate) fn kept(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(&own_name(name)).ok()?
}

/// Keeps a text for as long as this tab lives, or forgets it.
pub(crate) fn keep_for_tab(name: &str, text: Option<&str>) {
    put(window().session_storage(), name, text);
}

/// Reads a value that was kept for this tab.
pub(crate) fn kept_for_tab(name: &str) -> Option<String> {
    window().session_storage().ok()??.get_item(&own_name(name)).ok()?
}

/// Writes a value and returns true on success: a browser that blocks site data has no storage.
fn put(storage: Result<Option<Storage>, JsValue>, name: &str, text: Option<&str>) -> bool {
    let put = storage.ok().flatten().map(|storage| match text {
        Some(text) => storage.set_item(&own_name(name), text),
        None => storage.remove_item(&own_name(name)),
    });
    matches!(put, Some(Ok(())))
}
