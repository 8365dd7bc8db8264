//! In the browser: a view behind a pointer. Leptos' own (`AnyView`) brings with each view a second way to hydrate it,
//! for pages whose code is loaded in pieces: much WebAssembly that this page never runs.

mod rendered;

use std::any::Any;

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, AttributeValue, any_attribute::AnyAttribute},
        hydration::Cursor,
        renderer::{
            Rndr,
            types::{Element, Node, Placeholder},
        },
        view::{Mountable, Position, PositionState, add_attr::AddAnyAttr},
    },
};

use self::rendered::AsRendered;

/// A view of any make.
pub(crate) struct ErasedView(Box<dyn DetachedView>);

pub(super) fn erase(view: impl IntoView + 'static) -> ErasedView {
    ErasedView(Box::new(ReplacedView(view)))
}

pub(super) fn patched(view: impl IntoView + 'static) -> ErasedView {
    ErasedView(Box::new(PatchedView(view)))
}

pub(super) fn patched_fresh(view: impl IntoView + 'static) -> ErasedView {
    ErasedView(Box::new(PatchedFresh(view)))
}

pub(super) fn fresh(view: impl IntoView + 'static) -> ErasedView {
    ErasedView(Box::new(FreshView(view)))
}

pub(super) fn as_rendered(class: &'static str) -> ErasedView {
    ErasedView(Box::new(AsRendered(class)))
}

/// A view that is not in the document yet.
trait DetachedView: Send {
    fn build(self: Box<Self>) -> MountedView;
    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> MountedView;
    fn rebuild(self: Box<Self>, seen: &mut MountedView);
}

/// A view that takes the place of what was there.
struct ReplacedView<V>(V);

/// A replaced view that the server never renders: half the code.
struct FreshView<V>(V);

/// A view that changes what was there, where it was made by the same view.
struct PatchedView<V>(V);

/// A patched view that is not among what the server has rendered.
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
trait ErasedState: Any {
    fn leave(&mut self);
    fn enter(&mut self, parent: &Element, marker: Option<&Node>);
    fn put_before(&self, child: &mut dyn Mountable) -> bool;
}

impl<M: Mountable + Any> ErasedState for M {
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

    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> MountedView {
        let state = Box::new(self.0.hydrate::<true>(cursor, position));
        MountedView::found::<V>(state, cursor, position)
    }

    fn rebuild(self: Box<Self>, seen: &mut MountedView) {
        seen.replace(self.build());
    }
}

impl<V: RenderHtml + 'static> DetachedView for FreshView<V> {
    fn build(self: Box<Self>) -> MountedView {
        MountedView::built::<V>(Box::new(self.0.build()))
    }

    fn hydrate(self: Box<Self>, _: &Cursor, _: &PositionState) -> MountedView {
        unreachable!("a fresh part stands in no page of the server's")
    }

    fn rebuild(self: Box<Self>, seen: &mut MountedView) {
        seen.replace(self.build());
    }
}

impl<V: RenderHtml + 'static> DetachedView for PatchedView<V> {
    fn build(self: Box<Self>) -> MountedView {
        MountedView { changes: true, ..MountedView::built::<V>(Box::new(ViewState::<V>(self.0.build()))) }
    }

    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> MountedView {
        let state = Box::new(ViewState::<V>(self.0.hydrate::<true>(cursor, position)));
        let seen = MountedView::found::<V>(state, cursor, position);
        keep_language(cursor.current().parent_element().as_ref());
        MountedView { changes: true, ..seen }
    }

    fn rebuild(self: Box<Self>, seen: &mut MountedView) {
        patch(self.0, seen);
    }
}

impl<V: RenderHtml + 'static> DetachedView for PatchedFresh<V> {
    fn build(self: Box<Self>) -> MountedView {
        Box::new(PatchedView(self.0)).build()
    }

    fn hydrate(self: Box<Self>, _: &Cursor, _: &PositionState) -> MountedView {
        unreachable!("a fresh part stands in no page of the server's")
    }

    fn rebuild(self: Box<Self>, seen: &mut MountedView) {
        patch(self.0, seen);
    }
}

fn patch<V: RenderHtml + 'static>(view: V, seen: &mut MountedView) {
    let state: &mut dyn Any = &mut *seen.state;
    match state.downcast_mut::<ViewState<V>>() {
        Some(state) => view.rebuild(&mut state.0),
        None => seen.replace(Box::new(PatchedView(view)).build()),
    }
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
}

impl Render for ErasedView {
    type State = MountedView;

    fn build(self) -> MountedView {
        self.0.build()
    }

    fn rebuild(self, seen: &mut MountedView) {
        self.0.rebuild(seen);
    }
}

impl RenderHtml for ErasedView {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> MountedView {
        self.0.hydrate(cursor, position)
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

/// A text that changes, or an attribute.
pub(crate) struct Changing(String);

pub(super) fn changing(text: String) -> Changing {
    Changing(text)
}

/// One in the document.
pub(crate) struct ChangingState(<String as Render>::State);

impl Render for Changing {
    type State = ChangingState;

    fn build(self) -> Self::State {
        ChangingState(Render::build(self.0))
    }

    fn rebuild(self, state: &mut Self::State) {
        Render::rebuild(self.0, &mut state.0);
    }
}

impl RenderHtml for Changing {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        let state = RenderHtml::hydrate::<FROM_SERVER>(self.0, cursor, position);
        keep_language(cursor.current().parent_element().as_ref());
        ChangingState(state)
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

/// A text takes no attributes.
impl AddAnyAttr for Changing {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self {
        self
    }
}

impl Mountable for ChangingState {
    fn unmount(&mut self) {
        self.0.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        keep_language(Some(parent));
        self.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }
}

impl AttributeValue for Changing {
    type AsyncOutput = Self;
    type State = <String as AttributeValue>::State;
    type Cloneable = <String as AttributeValue>::Cloneable;
    type CloneableOwned = <String as AttributeValue>::CloneableOwned;

    fn html_len(&self) -> usize {
        self.0.len()
    }

    /// Written by the server only.
    fn to_html(self, _: &str, _: &mut String) {}

    fn to_template(_: &str, _: &mut String) {}

    fn hydrate<const FROM_SERVER: bool>(self, key: &str, element: &Element) -> Self::State {
        AttributeValue::hydrate::<FROM_SERVER>(self.0, key, element)
    }

    fn build(self, element: &Element, key: &str) -> Self::State {
        AttributeValue::build(self.0, element, key)
    }

    fn rebuild(self, key: &str, state: &mut Self::State) {
        AttributeValue::rebuild(self.0, key, state);
    }

    fn into_cloneable(self) -> Self::Cloneable {
        AttributeValue::into_cloneable(self.0)
    }

    fn into_cloneable_owned(self) -> Self::CloneableOwned {
        AttributeValue::into_cloneable_owned(self.0)
    }

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }
}
