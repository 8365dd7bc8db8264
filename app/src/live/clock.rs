//! The reader's clock, known only after the page has come to life.

use leptos::prelude::*;

use super::{Cell, effect};
use crate::{format::Zone, parts, ports::Browser};

/// The time of the page. Before mount there is none: the first client render has to equal the server's.
#[derive(Clone, Copy)]
pub struct Clock {
    now: Cell<Option<u64>>,
    zone: Cell<LocalZone>,
}

/// The reader's zone; UTC before mount.
#[derive(Clone, Default)]
pub struct LocalZone(Option<Browser>);

impl Zone for LocalZone {
    fn minutes_at(&self, at_ms: u64) -> i32 {
        self.0.as_ref().map_or(0, |browser| browser.clock.zone_minutes(at_ms as f64))
    }
}

impl Clock {
    /// A clock that starts when the page has come to life.
    #[must_use]
    pub fn new() -> Self {
        let clock = Self { now: Cell::new(None), zone: Cell::new(LocalZone::default()) };
        effect(move || {
            let Some(browser) = use_context::<Browser>() else { return };
            clock.zone.set(LocalZone(Some(browser.clone())));
            clock.tick(&browser);
            let ticking = browser.clone();
            let guard = browser.clock.every_second(Box::new(move || clock.tick(&ticking)));
            let guard = send_wrapper::SendWrapper::new(guard);
            on_cleanup(move || drop(guard));
        });
        clock
    }

    /// Provides a clock for the page.
    pub(crate) fn provide() {
        parts::share(Self::new());
    }

    /// The page's clock.
    ///
    /// # Panics
    /// Outside of [`crate::App`], which provides it.
    #[must_use]
    pub fn here() -> Self {
        parts::shared()
    }

    /// Milliseconds since 1970, tracked, to the second; none before mount.
    #[must_use]
    pub fn now(self) -> Option<u64> {
        self.now.get()
    }

    /// The reader's zone, tracked.
    #[must_use]
    pub fn zone(self) -> LocalZone {
        self.zone.get()
    }

    fn tick(self, browser: &Browser) {
        self.now.set(Some(browser.clock.now() as u64));
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
