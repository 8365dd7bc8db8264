//! Addresses of the board, as a browser asks for them.

/// The path below which a proxy shows the board, as the server has written it on the root element: empty, or `/pulse`.
#[must_use]
pub fn base_path() -> String {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    root.and_then(|root| root.get_attribute("data-base")).unwrap_or_default()
}

/// The address of this path of the board.
pub(crate) fn board_address(path: &str) -> String {
    [&base_path(), path].concat()
}

/// The address of a WebSocket at this path of the board.
#[must_use]
pub fn socket_address(path: &str) -> Option<String> {
    let location = web_sys::window()?.location();
    let scheme = if location.protocol().ok()? == "https:" { "wss://" } else { "ws://" };
    Some([scheme, &location.host().ok()?, &base_path(), path].concat())
}
