//! In one piece with the rest of the page.

use std::future::ready;

use super::{Coming, Content};
use crate::{pages, widgets};

pub(crate) fn chat() -> Coming {
    here(&pages::CHAT)
}

pub(crate) fn lab() -> Coming {
    here(&pages::LAB)
}

pub(crate) fn finder() -> Coming {
    here(&widgets::FINDER)
}

pub(crate) fn keys() -> Coming {
    here(&widgets::KEYS)
}

pub(crate) fn exports() -> Coming {
    here(&widgets::EXPORTS)
}

fn here(content: &'static Content) -> Coming {
    Box::pin(ready(Some(content)))
}
