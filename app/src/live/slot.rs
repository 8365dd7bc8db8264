//! Values that are watched. A signal of Leptos' brings its whole machinery for each type of value; here the machinery
//! is one trigger, and a value is no more than a place in the arena. The page's WebAssembly is a tenth smaller for it.

use std::sync::Arc;

use leptos::{prelude::*, reactive::signal::Trigger};

/// A value that can be changed and watched; it goes with its owner, as a signal does.
pub struct Slot<T: 'static> {
    value: StoredValue<T>,
    changed: Trigger,
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Slot<T> {}

impl<T: Send + Sync + 'static> Slot<T> {
    /// A slot with its first value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { value: StoredValue::new(value), changed: Trigger::new() }
    }

    /// The value, tracked.
    #[must_use]
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.changed.track();
        self.value.get_value()
    }

    /// Watches for changes.
    pub fn track(self) {
        self.changed.track();
    }

    /// The value, untracked.
    #[must_use]
    pub fn peek(self) -> T
    where
        T: Clone,
    {
        self.value.get_value()
    }

    /// Reads the value in its place, tracked.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.changed.track();
        self.value.with_value(read)
    }

    /// Reads the value in its place, untracked; nothing where its owner is gone.
    pub fn look<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.value.try_with_value(read)
    }

    /// Changes the value and tells who watches. Nothing happens where its owner is gone.
    pub fn set(self, value: T) {
        self.update(|place| *place = value);
    }

    /// The same in its place.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if self.value.try_update_value(change).is_some() {
            self.changed.notify();
        }
    }

    /// Whether its owner is gone.
    #[must_use]
    pub fn is_gone(self) -> bool {
        self.value.is_disposed()
    }
}

/// A value that is worked out from others each time it is read; it is tracked through them.
pub struct Derived<T: 'static>(StoredValue<Arc<dyn Fn() -> T + Send + Sync>>);

impl<T> Clone for Derived<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Derived<T> {}

impl<T: 'static> Derived<T> {
    /// Works it out with `read`.
    #[must_use]
    pub fn new(read: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(StoredValue::new(Arc::new(read)))
    }

    /// The value of now.
    #[must_use]
    pub fn get(self) -> T {
        let read = self.0.get_value();
        read()
    }

    /// Reads the value of now.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.get())
    }
}

/// Runs in the browser, after mount and again when something it has read changes.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    let mut run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(move |_| run());
}
