//! In one piece with the rest of the page.

use std::future::ready;

use super::{SavePicture, save};

pub(crate) fn load() -> impl Future<Output = Option<SavePicture>> {
    let save: SavePicture = save;
    ready(Some(save))
}
