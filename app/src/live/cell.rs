//! Values that are watched. A signal of Leptos' brings its whole machinery for each type of value; here what is stored
//! has one type, and what watches is a trigger: a new type of value adds next to nothing to the page's WebAssembly.

use std::{any::Any, marker::PhantomData, sync::Arc};

use leptos::{prelude::*, reactive::signal::Trigger};

/// A value in the arena: it goes with its owner.
pub struct Stored<T: 'static> {
    place: ArenaItem,
    of: PhantomData<fn() -> T>,
}

type ArenaItem = StoredValue<Arc<dyn Any + Send + Sync>>;

impl<T> Clone for Stored<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Stored<T> {}

impl<T: Send + Sync + 'static> Stored<T> {
    /// Keeps a value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { place: StoredValue::new(Arc::new(value)), of: PhantomData }
    }

    /// A copy of it.
    ///
    /// # Panics
    /// Where its owner is gone.
    #[must_use]
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone).expect(LIVES)
    }

    /// Reads it in its place; nothing where its owner is gone.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        let kept = look(self.place)?;
        kept.downcast_ref().map(read)
    }

    /// Keeps another value instead. False where its owner is gone.
    pub fn set(self, value: T) -> bool {
        put(self.place, Arc::new(value))
    }

    /// Changes it in its place; nothing where its owner is gone.
    ///
    /// # Panics
    /// Inside of a reading or a change of the same value.
    pub fn update<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut kept = take(self.place)?;
        let value = Arc::get_mut(&mut kept).and_then(|kept| kept.downcast_mut());
        let answer = change(value.expect("a value is changed by one at a time"));
        put(self.place, kept);
        Some(answer)
    }

    /// Returns true if the owner is gone.
    #[must_use]
    pub fn is_gone(self) -> bool {
        self.place.is_disposed()
    }
}

const LIVES: &str = "a value is read while its owner lives";

fn look(place: ArenaItem) -> Option<Arc<dyn Any + Send + Sync>> {
    place.try_get_value()
}

fn take(place: ArenaItem) -> Option<Arc<dyn Any + Send + Sync>> {
    place.try_update_value(|kept| std::mem::replace(kept, Arc::new(())))
}

fn put(place: ArenaItem, value: Arc<dyn Any + Send + Sync>) -> bool {
    // The old value is dropped outside of the arena: its drop may call back.
    place.try_update_value(|kept| std::mem::replace(kept, value)).is_some()
}

/// A value that can be changed and watched.
pub struct Cell<T: 'static> {
    value: Stored<T>,
    changed: Trigger,
}

impl<T> Clone for Cell<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Cell<T> {}

/// Two cells are equal if they are the same cell, independent of the value.
impl<T> PartialEq for Cell<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value.place == other.value.place
    }
}

impl<T: Send + Sync + 'static> Cell<T> {
    /// A slot with its first value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { value: Stored::new(value), changed: Trigger::new() }
    }

    /// Watches for changes.
    pub fn track(self) {
        self.changed.track();
    }

    /// The value, tracked.
    ///
    /// # Panics
    /// Where its owner is gone.
    #[must_use]
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.track();
        self.value.get()
    }

    /// The value, untracked.
    ///
    /// # Panics
    /// Where its owner is gone.
    #[must_use]
    pub fn peek(self) -> T
    where
        T: Clone,
    {
        self.value.get()
    }

    /// Reads the value in its place, tracked.
    ///
    /// # Panics
    /// Where its owner is gone.
    pub fn with<R>(self, read: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.value.with(read).expect(LIVES)
    }

    /// Reads the value in its place, untracked; nothing where its owner is gone.
    pub fn look<R>(self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.value.with(read)
    }

    /// Changes the value and tells who watches. Nothing happens where its owner is gone.
    pub fn set(self, value: T) {
        if self.value.set(value) {
            self.changed.notify();
        }
    }

    /// Changes the value in place and notifies the watchers.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if self.value.update(change).is_some() {
            self.changed.notify();
        }
    }

    /// Returns true if the owner is gone.
    #[must_use]
    pub fn is_gone(self) -> bool {
        self.value.is_gone()
    }
}

/// A value that is worked out from others each time it is read; it is tracked through them.
pub struct Derived<T: 'static>(Stored<Read<T>>);

type Read<T> = Arc<dyn Fn() -> T + Send + Sync>;

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
        Self(Stored::new(Arc::new(read)))
    }

    /// The value of now.
    ///
    /// # Panics
    /// Where its owner is gone.
    #[must_use]
    pub fn get(self) -> T {
        let read = self.0.get();
        read()
    }
}

/// Runs in the browser, after mount and again when something it has read changes.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    start(Box::new(run));
}

fn start(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}
