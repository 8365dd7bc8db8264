//! Two buttons of which one is hidden. The one that is pressed hides, and a hidden element loses the focus: without
//! help a reader at the keyboard would be thrown back to the beginning of the page.

use leptos::{prelude::*, web_sys::HtmlElement};

use super::erased_view::ElementRef;
use crate::live::effect;

/// The two, as their views name them.
#[derive(Clone, Copy)]
pub(crate) struct ToggleButtons {
    /// Shown while it is off.
    pub(crate) connect: ElementRef,
    /// Shown while it is on.
    pub(crate) disconnect: ElementRef,
}

impl ToggleButtons {
    /// The focus goes from the one to the other when `is_off` changes.
    pub(crate) fn new(is_off: impl Fn() -> bool + 'static) -> Self {
        let twins = Self { connect: ElementRef::new(), disconnect: ElementRef::new() };
        let mut before = None;
        effect(move || {
            let is_off = is_off();
            if before.replace(is_off).is_some_and(|before| before != is_off) {
                twins.hand_over(is_off);
            }
        });
        twins
    }

    /// Gives the focus on at once: for those who know of the change before it is to be seen.
    pub(crate) fn hand_over(self, is_off: bool) {
        let (goes, comes) =
            if is_off { (self.disconnect, self.connect) } else { (self.connect, self.disconnect) };
        let (Some(goes), Some(comes)) = (goes.peek::<HtmlElement>(), comes.peek::<HtmlElement>()) else {
            return;
        };
        if document().active_element().is_some_and(|active| active.is_same_node(Some(&goes))) {
            // The button may be shown only after this, and a hidden one takes no focus.
            let _ = comes.remove_attribute("hidden");
            let _ = comes.focus();
        }
    }
}
