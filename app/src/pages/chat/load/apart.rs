//! In a file of its own, which `cargo leptos build --split` cuts out: all that only this function leads to.

use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::{super::life::REST, Rest};

/// From the server, or from where it was put when it came.
pub(super) async fn load() -> Option<&'static Rest> {
    rest().await.ok()
}

#[wasm_split(chat, wasm_split_path = ::leptos::wasm_split, fallible)]
fn rest() -> Result<&'static Rest, SplitLoaderError> {
    Ok(&REST)
}
