//! In a piece of its own.

use std::rc::{Rc, Weak};

use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::feed::{Feed, TabPeers};

type Make = fn(&Weak<Feed>) -> Option<Rc<dyn TabPeers>>;

pub(crate) async fn load(feed: &Weak<Feed>) -> Option<Rc<dyn TabPeers>> {
    let make = tabs_piece().await.ok()?;
    make(feed)
}

#[wasm_split(tabs, wasm_split_path = ::leptos::wasm_split, fallible)]
fn tabs_piece() -> Result<Make, SplitLoaderError> {
    Ok(super::make)
}
