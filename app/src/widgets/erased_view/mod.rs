//! The leaves and joints of views, each of one type. A view's type otherwise holds the type of every closure in it, and
//! the compiler writes a copy of the rendering for each, which the page's WebAssembly would be full of.

mod element_ref;
#[cfg_attr(feature = "ssr", path = "server.rs")]
#[cfg_attr(not(feature = "ssr"), path = "browser.rs")]
mod side;

use leptos::{
    children::ToChildren,
    ev::{Event, KeyboardEvent, MouseEvent},
    prelude::*,
};

pub(crate) use element_ref::ElementRef;
pub(crate) use side::{Changing, ErasedView};

/// A text that changes, as a child or as an attribute.
pub(crate) type Text = Box<dyn FnMut() -> Changing + Send>;
/// An attribute or a property that comes and goes.
pub(crate) type Flag = Box<dyn FnMut() -> bool + Send>;
/// A part that changes.
pub(crate) type Live = Box<dyn FnMut() -> ErasedView + Send>;
/// The handler of an event.
pub(crate) type Act<E> = Box<dyn FnMut(E)>;

/// Makes a part of any view.
pub(crate) trait IntoErasedView {
    /// The view as a part. Where it is made again it takes the place of the last one.
    fn erase(self) -> ErasedView;

    /// Erases a view that the server never renders: an opened panel, or a message of the live page.
    fn fresh(self) -> ErasedView;

    /// The view as a part that is changed in place: for what is made again at every sample, so that what is selected
    /// or spoken stays.
    fn patched(self) -> ErasedView;

    /// Changed in place, too, for what no page has when it comes from the server.
    fn patched_fresh(self) -> ErasedView;
}

impl<V: IntoView + 'static> IntoErasedView for V {
    fn erase(self) -> ErasedView {
        side::erase(self)
    }

    fn fresh(self) -> ErasedView {
        side::fresh(self)
    }

    fn patched(self) -> ErasedView {
        side::patched(self)
    }

    fn patched_fresh(self) -> ErasedView {
        side::patched_fresh(self)
    }
}

/// The children of an element as the server has rendered them, which are not brought to life; where the browser makes the page, `class`
/// is the box of what is said instead.
pub(crate) fn as_rendered(class: &'static str) -> ErasedView {
    side::as_rendered(class)
}

pub(crate) fn text<T: Into<String>>(read: impl Fn() -> T + Send + 'static) -> Text {
    Box::new(move || side::changing(read().into()))
}

pub(crate) fn flag(read: impl Fn() -> bool + Send + 'static) -> Flag {
    Box::new(read)
}

pub(crate) fn live(view: impl Fn() -> ErasedView + Send + 'static) -> Live {
    Box::new(view)
}

pub(crate) fn click(act: impl Fn() + 'static) -> Act<MouseEvent> {
    Box::new(move |_| act())
}

pub(crate) fn change(act: impl Fn() + 'static) -> Act<Event> {
    Box::new(move |_| act())
}

pub(crate) fn listen<E: 'static>(act: impl Fn(&E) + 'static) -> Act<E> {
    Box::new(move |event| act(&event))
}

/// Keys that are meant for the page. While an input method composes (Hangul, say), they are its own: its Enter ends a syllable and its
/// arrows choose a word. Some browsers tell it by the code only (UI Events §4.3.3).
pub(crate) fn keys(act: impl Fn(&KeyboardEvent) + 'static) -> Act<KeyboardEvent> {
    Box::new(move |event| {
        if !event.is_composing() && event.key_code() != COMPOSING {
            act(&event);
        }
    })
}

/// `keyCode` of a key that an input method takes for itself.
const COMPOSING: u32 = 229;

/// The one part or the other; built anew only when the answer changes.
pub(crate) fn either(
    is: impl Fn() -> bool + Send + Sync + 'static,
    yes: impl Fn() -> ErasedView + Send + 'static,
    no: impl Fn() -> ErasedView + Send + 'static,
) -> Live {
    choose(Box::new(is), Box::new(yes), Box::new(no))
}

fn choose(
    is: Box<dyn Fn() -> bool + Send + Sync>,
    yes: Box<dyn Fn() -> ErasedView + Send>,
    no: Box<dyn Fn() -> ErasedView + Send>,
) -> Live {
    let is = Memo::new(move |_| is());
    Box::new(move || if is.get() { yes() } else { no() })
}

/// The part or nothing.
pub(crate) fn when(
    is: impl Fn() -> bool + Send + Sync + 'static,
    yes: impl Fn() -> ErasedView + Send + 'static,
) -> Live {
    either(is, yes, || ().erase())
}

/// A property's text that changes: what stands in a field is no text of the page.
pub(crate) fn property(read: impl Fn() -> String + Send + 'static) -> Box<dyn FnMut() -> String + Send> {
    Box::new(read)
}

/// One part after the other, for as long as the whole: a browser may translate what stands beside and in them.
pub(crate) fn fixed_list(parts: impl IntoIterator<Item = ErasedView>) -> ErasedView {
    gathered(parts).erase()
}

/// One part after the other, which change in place where they stand in a part that changes.
pub(crate) fn list(parts: impl IntoIterator<Item = ErasedView>) -> ErasedView {
    gathered(parts).patched()
}

fn gathered(parts: impl IntoIterator<Item = ErasedView>) -> Vec<ErasedView> {
    let mut all = Vec::new();
    for part in parts {
        all.push(part);
    }
    all
}

/// The children of a component.
pub(crate) struct Inside(Box<dyn FnOnce() -> ErasedView + Send>);

impl Inside {
    pub(crate) fn view(self) -> ErasedView {
        (self.0)()
    }
}

impl<F, V> ToChildren<F> for Inside
where
    F: FnOnce() -> V + Send + 'static,
    V: IntoView + 'static,
{
    fn to_children(inside: F) -> Self {
        Self(Box::new(move || inside().erase()))
    }
}
