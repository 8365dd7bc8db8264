//! Names that nothing else has.

use std::{cell::RefCell, fmt::Write};

use common::MessageId;
use transports::browser::EventListeners;

use super::{
    preferences::{keep_for_tab, kept_for_tab},
    window,
};

/// Under this name a tab keeps its page's name from one page to the next.
const KEPT: &str = "pulseboard.page";

thread_local! {
    static PAGE: RefCell<Option<(String, EventListeners)>> = const { RefCell::new(None) };
}

/// The page's own name. It goes on when the page is reloaded, so that the server knows whose older line the new one replaces. It is in
/// the tab's storage only between two pages: a tab that is duplicated copies that storage, and must not share the name.
pub(crate) fn page_name() -> String {
    PAGE.with_borrow_mut(|page| page.get_or_insert_with(begin_page).0.clone())
}

fn begin_page() -> (String, EventListeners) {
    let kept = kept_for_tab(KEPT).filter(|name| name.parse::<MessageId>().is_ok());
    keep_for_tab(KEPT, None);
    let name = kept.unwrap_or_else(|| new_message_id().to_string());
    let leaving = EventListeners::new(&window(), &["pagehide", "pageshow"], {
        let name = name.clone();
        move |event| keep_for_tab(KEPT, (event.type_() == "pagehide").then_some(&*name))
    });
    (name, leaving)
}

/// 128 random bits in hex: pages that never heard of each other do not make the same one.
pub(crate) fn new_message_id() -> MessageId {
    let mut bits = [0; 16];
    window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bits))
        .expect("every browser that runs WebAssembly has random numbers");
    let mut name = String::with_capacity(2 * bits.len());
    for byte in bits {
        let written = write!(name, "{byte:02x}");
        debug_assert!(written.is_ok(), "a string takes everything");
    }
    name.parse().expect("32 hex digits are a name")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::Event;

    use super::*;

    #[wasm_bindgen_test]
    fn a_page_keeps_its_name_over_a_reload_and_a_copy_of_its_tab_has_another() {
        let name = page_name();
        assert_eq!(page_name(), name);
        assert_eq!(kept_for_tab(KEPT), None, "a copy of the tab would have it, too");
        let leaves = Event::new("pagehide").expect("an event");
        window().dispatch_event(&leaves).expect("heard");
        let (next, _listening) = begin_page();
        assert_eq!(next, name, "the next page of this tab");
        assert_eq!(kept_for_tab(KEPT), None);
        let (copy, _listening) = begin_page();
        assert_ne!(copy, name);
    }
}
