//! In the chunk `later`, as the code is that asks for pictures.

use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::{SavePicture, save};

pub(crate) async fn load() -> Option<SavePicture> {
    save_picture().await.ok()
}

#[wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
fn save_picture() -> Result<SavePicture, SplitLoaderError> {
    Ok(save)
}
