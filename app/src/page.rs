//! The context that every part of a page shares.

use leptos::prelude::*;

use crate::{
    i18n::Language,
    lazy::LazyChunk,
    live::{Clock, Connection, Notifications},
    pages::Chat,
    widgets::{Crosshair, Overlays, Preferences},
};

/// Provided by [`crate::App`].
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) language: Language,
    pub(crate) clock: Clock,
    pub(crate) notifications: Notifications,
    pub(crate) line: Connection,
    pub(crate) chat: Chat,
    pub(crate) lab: LazyChunk,
    pub(crate) finder: LazyChunk,
    pub(crate) keys: LazyChunk,
    pub(crate) exports: LazyChunk,
    pub(crate) popovers: LazyChunk,
    pub(crate) bodies: LazyChunk,
    pub(crate) preferences: Preferences,
    pub(crate) overlays: Overlays,
    pub(crate) crosshair: Crosshair,
}

impl Page {
    /// The page that is being built.
    ///
    /// # Panics
    /// Outside of [`crate::App`].
    pub(crate) fn here() -> Self {
        expect_context()
    }
}
