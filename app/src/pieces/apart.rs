//! In files of their own, which `cargo leptos build --split` cuts out: a file has all that only its functions lead to.

use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::{Coming, Content};
use crate::pages;

pub(crate) fn chat() -> Coming {
    Box::pin(async { chat_piece().await.ok() })
}

#[wasm_split(chat, wasm_split_path = ::leptos::wasm_split, fallible)]
fn chat_piece() -> Result<&'static Content, SplitLoaderError> {
    Ok(&pages::CHAT)
}

pub(crate) fn lab() -> Coming {
    Box::pin(async { lab_piece().await.ok() })
}

#[wasm_split(lab, wasm_split_path = ::leptos::wasm_split, fallible)]
fn lab_piece() -> Result<&'static Content, SplitLoaderError> {
    Ok(&pages::LAB)
}
