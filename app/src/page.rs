//! What every part of a page shares, in one context.

use leptos::prelude::*;

use crate::{
    live::{Bell, Clock, Line},
    pages::Chat,
    pieces::Piece,
    widgets::{Crosshair, Overlays, Preferences},
    words::Language,
};

/// Provided by [`crate::App`].
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) language: Language,
    pub(crate) clock: Clock,
    pub(crate) bell: Bell,
    pub(crate) line: Line,
    pub(crate) chat: Chat,
    pub(crate) lab: Piece,
    pub(crate) finder: Piece,
    pub(crate) keys: Piece,
    pub(crate) exports: Piece,
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
