//! The parts that every page shares, each found by its type. One context holds them all: the look-up of a context of its own would
//! cost each type a third of a kilobyte on the first page.

use std::{
    any::{Any, TypeId},
    sync::{Arc, Mutex, PoisonError},
};

use leptos::prelude::{provide_context, use_context};

type SharedPart = Arc<dyn Any + Send + Sync>;

#[derive(Clone, Default)]
struct SharedParts(Arc<Mutex<Vec<(TypeId, SharedPart)>>>);

/// Provides a part to everything below; the first call begins the list.
pub(crate) fn share<T: Send + Sync + 'static>(part: T) {
    add(TypeId::of::<T>(), Arc::new(part));
}

/// The shared part of this type.
///
/// # Panics
/// Where nobody above has shared one.
pub(crate) fn shared<T: Clone + 'static>() -> T {
    let part = find(TypeId::of::<T>());
    match part.as_ref().and_then(|part| part.downcast_ref::<T>()) {
        Some(part) => part.clone(),
        None => missing(),
    }
}

fn add(id: TypeId, part: SharedPart) {
    let parts = use_context::<SharedParts>().unwrap_or_else(|| {
        let parts = SharedParts::default();
        provide_context(parts.clone());
        parts
    });
    parts.0.lock().unwrap_or_else(PoisonError::into_inner).push((id, part));
}

fn find(id: TypeId) -> Option<SharedPart> {
    let SharedParts(parts) = use_context()?;
    let parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
    parts.iter().find(|(one, _)| *one == id).map(|(_, part)| Arc::clone(part))
}

fn missing() -> ! {
    panic!("App shares every part")
}
