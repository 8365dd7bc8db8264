//! Key presses, as pages want to hear them.

use app::ports::Key;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

/// Elements that take letters for themselves.
const TEXT: &str =
    "input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select, [contenteditable]";

pub(crate) fn read(event: &Event) -> Option<Key> {
    let press: &KeyboardEvent = event.dyn_ref()?;
    // While an input method composes (Hangul, say), keys belong to it; some browsers tell it by the code only.
    if press.is_composing() || press.key_code() == 229 {
        return None;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let in_text = target.is_some_and(|element| element.matches(TEXT).unwrap_or(false));
    Some(Key {
        key: press.key(),
        command: press.ctrl_key() || press.meta_key(),
        shift: press.shift_key(),
        in_text,
    })
}
