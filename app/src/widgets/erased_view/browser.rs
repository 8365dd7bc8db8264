//! In the browser: a view behind a pointer. Leptos' own (`AnyView`) brings with each view a second way to hydrate it,
//! for pages whose code is loaded in pieces: much WebAssembly that this page never runs.

mod changing;
mod rendered;

use std::any::Any;

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        renderer::{
            Rndr,
            types::{Element, Node, Placeholder},
        },
        view::{Mountable, Position, PositionState, add_attr::AddAnyAttr},
    },
};

use self::rendered::AsRendered;

pub(crate) use self::changing::ChangingText as Changing;
pub(super) use self::changing::changing;

/// A view of any make. Each make has the functions that it needs and no others: a function in a table is in the page for
/// every view there is.
pub(crate) enum ErasedView {
    /// It takes the place of what was there, and the server never renders it.
    Fresh(Box<dyn DetachedView>),
    /// It takes the place of what was there.
    Replaced(Box<dyn RenderedView>),
    /// It changes what was there, where the same view made that.
    Patched(Box<dyn PatchingView>),
}

pub(super) fn erase(view: impl IntoView + 'static) -> ErasedView {
    ErasedView::Replaced(Box::new(ReplacedView(view)))
}

pub(super) fn patched(view: impl IntoView + 'static) -> ErasedView {
    ErasedView::Patched(Box::new(PatchedView(view)))
}

pub(super) fn patched_fresh(view: impl IntoView + 'static) -> ErasedView {
    ErasedView::Patched(Box::new(PatchedFresh(view)))
}

pub(super) fn fresh(view: impl IntoView + 'static) -> ErasedView {
    ErasedView::Fresh(Box::new(FreshView(view)))
}

pub(super) fn as_rendered(class: &'static str) -> ErasedView {
    ErasedView::Replaced(Box::new(AsRendered(class)))
}

/// A view that is not in the document yet.
pub(crate) trait DetachedView: Send {
    fn build(self: Box<Self>) -> MountedView;
}

/// A view that the server may have rendered.
pub(crate) trait RenderedView: DetachedView {
    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> MountedView;
}

/// A view that can change one of its own type.
pub(crate) trait PatchingView: RenderedView {
    fn rebuild(self: Box<Self>, seen: &mut MountedView);
}

struct ReplacedView<V>(V);

struct FreshView<V>(V);

struct PatchedView<V>(V);

/// A patched view that the server never renders.
struct PatchedFresh<V>(V);

/// A part in the document.
pub(crate) struct MountedView {
    state: Box<dyn ErasedState>,
    /// Stands for a view that is nothing.
    placeholder: Option<Placeholder>,
    /// True if the view is changed in place.
    changes: bool,
}

/// The operations on a view in the document. Not all that Leptos can do with one: to name the elements that attributes
/// would be given to from outside, which no part takes, is a twentieth of the views' code.
trait ErasedState {
    fn leave(&mut self);
    fn enter(&mut self, parent: &Element, marker: Option<&Node>);
    fn put_before(&self, child: &mut dyn Mountable) -> bool;

    /// The state of a view that is changed in place. Only those bring their type's number, which does not compress.
    fn patched(&mut self) -> Option<&mut dyn Any> {
        None
    }
}

impl<M: Mountable> ErasedState for M {
    fn leave(&mut self) {
        self.unmount();
    }

    fn enter(&mut self, parent: &Element, marker: Option<&Node>) {
        self.mount(parent, marker);
    }

    fn put_before(&self, child: &mut dyn Mountable) -> bool {
        self.insert_before_this(child)
    }
}

/// The state of a view of this type: two elements of different names may have states of one type.
struct ViewState<V: Render>(V::State);

impl<V: RenderHtml + 'static> DetachedView for ReplacedView<V> {
    fn build(self: Box<Self>) -> MountedView {
        MountedView::built::<V>(Box::new(self.0.build()))
    }
}

impl<V: RenderHtml + 'static> RenderedView for ReplacedView<V> {
    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> MountedView {
        let state = Box::new(self.0.hydrate::<true>(cursor, position));
        MountedView::found::<V>(state, cursor, position)
    }
}

impl<V: RenderHtml + 'static> DetachedView for FreshView<V> {
    fn build(self: Box<Self>) -> MountedView {
        MountedView::built::<V>(Box::new(self.0.build()))
    }
}

impl<V: RenderHtml + 'static> DetachedView for PatchedView<V> {
    fn build(self: Box<Self>) -> MountedView {
        build_patched(self.0)
    }
}

impl<V: RenderHtml + 'static> RenderedView for PatchedView<V> {
    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> MountedView {
        let state = Box::new(ViewState::<V>(self.0.hydrate::<true>(cursor, position)));
        let seen = MountedView::found::<V>(state, cursor, position);
        keep_language(cursor.current().parent_element().as_ref());
        MountedView { changes: true, ..seen }
    }
}

impl<V: RenderHtml + 'static> PatchingView for PatchedView<V> {
    fn rebuild(self: Box<Self>, seen: &mut MountedView) {
        patch(self.0, seen);
    }
}

impl<V: RenderHtml + 'static> DetachedView for PatchedFresh<V> {
    fn build(self: Box<Self>) -> MountedView {
        build_patched(self.0)
    }
}

impl<V: RenderHtml + 'static> RenderedView for PatchedFresh<V> {
    fn hydrate(self: Box<Self>, _: &Cursor, _: &PositionState) -> MountedView {
        never_rendered()
    }
}

impl<V: RenderHtml + 'static> PatchingView for PatchedFresh<V> {
    fn rebuild(self: Box<Self>, seen: &mut MountedView) {
        patch(self.0, seen);
    }
}

fn patch<V: RenderHtml + 'static>(view: V, seen: &mut MountedView) {
    match seen.state.patched().and_then(|state| state.downcast_mut::<ViewState<V>>()) {
        Some(state) => view.rebuild(&mut state.0),
        None => seen.replace(build_patched(view)),
    }
}

/// Builds a view that is changed in place. It is in the page once for each view, although two functions call it.
#[inline(never)]
fn build_patched<V: RenderHtml + 'static>(view: V) -> MountedView {
    MountedView { changes: true, ..MountedView::built::<V>(Box::new(ViewState::<V>(view.build()))) }
}

fn never_rendered() -> ! {
    unreachable!("a fresh part stands in no page of the server's")
}

impl MountedView {
    fn of(state: Box<dyn ErasedState>) -> Self {
        Self { state, placeholder: None, changes: false }
    }

    fn built<V: RenderHtml>(state: Box<dyn ErasedState>) -> Self {
        Self { state, placeholder: (!V::EXISTS).then(Rndr::create_placeholder), changes: false }
    }

    fn found<V: RenderHtml>(state: Box<dyn ErasedState>, cursor: &Cursor, position: &PositionState) -> Self {
        Self { state, placeholder: (!V::EXISTS).then(|| cursor.next_placeholder(position)), changes: false }
    }

    fn replace(&mut self, mut new: Self) {
        self.insert_before_this(&mut new);
        self.unmount();
        *self = new;
    }
}

impl Mountable for MountedView {
    fn unmount(&mut self) {
        self.state.leave();
        if let Some(placeholder) = &mut self.placeholder {
            placeholder.unmount();
        }
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        if self.changes {
            keep_language(Some(parent));
        }
        self.state.enter(parent, marker);
        if let Some(placeholder) = &mut self.placeholder {
            placeholder.mount(parent, marker);
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.state.put_before(child)
            || self.placeholder.as_ref().is_some_and(|placeholder| placeholder.insert_before_this(child))
    }

    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }
}

impl<V: Render + 'static> ErasedState for ViewState<V> {
    fn leave(&mut self) {
        self.0.unmount();
    }

    fn enter(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.mount(parent, marker);
    }

    fn put_before(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn patched(&mut self) -> Option<&mut dyn Any> {
        Some(self)
    }
}

impl Render for ErasedView {
    type State = MountedView;

    fn build(self) -> MountedView {
        match self {
            Self::Fresh(view) => view.build(),
            Self::Replaced(view) => view.build(),
            Self::Patched(view) => view.build(),
        }
    }

    fn rebuild(self, seen: &mut MountedView) {
        match self {
            Self::Patched(view) => view.rebuild(seen),
            replaced => seen.replace(replaced.build()),
        }
    }
}

impl RenderHtml for ErasedView {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> MountedView {
        match self {
            Self::Fresh(_) => never_rendered(),
            Self::Replaced(view) => view.hydrate(cursor, position),
            Self::Patched(view) => view.hydrate(cursor, position),
        }
    }

    fn into_owned(self) -> Self {
        self
    }

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    /// Written by the server only.
    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}
}

/// Attributes are given to elements; no part takes any.
impl AddAnyAttr for ErasedView {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self {
        self
    }
}

/// Says of an element that its text is not to be translated. A browser that translates the page puts nodes of its own in the
/// place of its texts: a text that the page changes would then be changed where nobody sees it.
fn keep_language(element: Option<&Element>) {
    if let Some(element) = element {
        Rndr::set_attribute(element, "translate", "no");
    }
}
