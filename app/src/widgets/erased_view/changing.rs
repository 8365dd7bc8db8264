//! A text that changes.

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, AttributeValue, any_attribute::AnyAttribute},
        hydration::Cursor,
        renderer::types::{Element, Node},
        view::{Mountable, Position, PositionState, add_attr::AddAnyAttr},
    },
};

use super::keep_language;

/// A text that changes, or an attribute.
pub(crate) struct ChangingText(String);

pub(in crate::widgets::erased_view) const fn changing(text: String) -> ChangingText {
    ChangingText(text)
}

/// One in the document.
pub(crate) struct ChangingState(<String as Render>::State);

impl Render for ChangingText {
    type State = ChangingState;

    fn build(self) -> Self::State {
        ChangingState(Render::build(self.0))
    }

    fn rebuild(self, state: &mut Self::State) {
        Render::rebuild(self.0, &mut state.0);
    }
}

impl RenderHtml for ChangingText {
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
impl AddAnyAttr for ChangingText {
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

impl AttributeValue for ChangingText {
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
