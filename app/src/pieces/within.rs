//! In one piece with the rest of the page.

use std::future::ready;

use super::{Coming, Content};
use crate::pages;

pub(crate) fn chat() -> Coming {
    here(&pages::CHAT)
}

pub(crate) fn lab() -> Coming {
    here(&pages::LAB)
}

fn here(content: &'static Content) -> Coming {
    Box::pin(ready(Some(content)))
}
