//! The reader's clock, known only after the page has come to life.

use leptos::prelude::*;

use super::{Slot, effect};
use crate::{page::Page, ports::Browser};

/// The time of the page. Before mount there is none: the first client render has to equal the server's.
#[derive(Clone, Copy)]
pub struct Clock {
    now: Slot<Option<u64>>,
    zone: Slot<i32>,
}

impl Clock {
    /// A clock that starts when the page has come to life.
    #[must_use]
    pub fn new() -> Self {
        let clock = Self { now: Slot::new(None), zone: Slot::new(0) };
        effect(move || {
            let Some(browser) = use_context::<Browser>() else { return };
            clock.zone.set(browser.zone_minutes(browser.now()));
            clock.tick(&browser);
            let ticking = browser.clone();
            let guard = browser.every_second(Box::new(move || clock.tick(&ticking)));
            let guard = send_wrapper::SendWrapper::new(guard);
            on_cleanup(move || drop(guard));
        });
        clock
    }

    /// The page's clock.
    ///
    /// # Panics
    /// Outside of [`crate::App`], which provides it.
    #[must_use]
    pub fn here() -> Self {
        Page::here().clock
    }

    /// Milliseconds since 1970, tracked, to the second; none before mount.
    #[must_use]
    pub fn now(self) -> Option<u64> {
        self.now.get()
    }

    /// Minutes ahead of UTC, tracked; 0 before mount.
    #[must_use]
    pub fn zone(self) -> i32 {
        self.zone.get()
    }

    fn tick(self, browser: &Browser) {
        self.now.set(Some(browser.now() as u64));
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
