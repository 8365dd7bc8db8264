//! In files of their own, which `cargo leptos build --split` cuts out: a file has all that only its functions lead to.

use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::{ChunkContent, ChunkFuture};
use crate::{pages, widgets};

pub(crate) fn chat() -> ChunkFuture {
    Box::pin(async { chat_piece().await.ok() })
}

#[wasm_split(chat, wasm_split_path = ::leptos::wasm_split, fallible)]
fn chat_piece() -> Result<&'static ChunkContent, SplitLoaderError> {
    Ok(&pages::CHAT)
}

pub(crate) fn lab() -> ChunkFuture {
    Box::pin(async { lab_piece().await.ok() })
}

#[wasm_split(lab, wasm_split_path = ::leptos::wasm_split, fallible)]
fn lab_piece() -> Result<&'static ChunkContent, SplitLoaderError> {
    Ok(&pages::LAB)
}

pub(crate) fn finder() -> ChunkFuture {
    Box::pin(async { finder_piece().await.ok() })
}

#[wasm_split(dialogs, wasm_split_path = ::leptos::wasm_split, fallible)]
fn finder_piece() -> Result<&'static ChunkContent, SplitLoaderError> {
    Ok(&widgets::FINDER)
}

pub(crate) fn keys() -> ChunkFuture {
    Box::pin(async { keys_piece().await.ok() })
}

#[wasm_split(dialogs, wasm_split_path = ::leptos::wasm_split, fallible)]
fn keys_piece() -> Result<&'static ChunkContent, SplitLoaderError> {
    Ok(&widgets::KEYS)
}

pub(crate) fn exports() -> ChunkFuture {
    Box::pin(async { exports_piece().await.ok() })
}

#[wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
fn exports_piece() -> Result<&'static ChunkContent, SplitLoaderError> {
    Ok(&widgets::EXPORTS)
}

pub(crate) fn popovers() -> ChunkFuture {
    Box::pin(async { popovers_piece().await.ok() })
}

#[wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
fn popovers_piece() -> Result<&'static ChunkContent, SplitLoaderError> {
    Ok(&widgets::POPOVERS)
}

pub(crate) fn bodies() -> ChunkFuture {
    Box::pin(async { bodies_piece().await.ok() })
}

#[wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
fn bodies_piece() -> Result<&'static ChunkContent, SplitLoaderError> {
    Ok(&pages::BODIES)
}
