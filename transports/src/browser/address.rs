//! Addresses that a browser does not complete by itself.

/// The address of a WebSocket at this path of the page's own site.
#[must_use]
pub fn socket_address(path: &str) -> Option<String> {
    let location = web_sys::window()?.location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    Some(format!("{scheme}://{}{path}", location.host().ok()?))
}
