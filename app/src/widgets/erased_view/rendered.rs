//! Views that the server has rendered and whose code has not come yet.

use leptos::{
    prelude::*,
    tachys::{
        hydration::Cursor,
        renderer::types::{Element, Node},
        view::{Mountable, Position, PositionState},
    },
};

use super::{DetachedView, ErasedState, MountedView, RenderedView};
use crate::widgets::skeleton::coming;

/// All children of an element; a box of this class where there are none yet.
pub(super) struct AsRendered(pub(super) &'static str);

/// Those that were found.
struct Found(Vec<Node>);

impl DetachedView for AsRendered {
    fn build(self: Box<Self>) -> MountedView {
        coming(self.0).build()
    }
}

impl RenderedView for AsRendered {
    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> MountedView {
        debug_assert!(matches!(position.get(), Position::FirstChild), "it is alone in its element");
        let first = cursor.current().first_child();
        let nodes = std::iter::successors(first, Node::next_sibling).collect();
        position.set(Position::NextChild);
        MountedView::of(Box::new(Found(nodes)))
    }
}

impl ErasedState for Found {
    fn leave(&mut self) {
        for node in &self.0 {
            if let Some(parent) = node.parent_node() {
                // It is there: the node said so.
                let _ = parent.remove_child(node);
            }
        }
    }

    fn enter(&mut self, parent: &Element, marker: Option<&Node>) {
        for node in &self.0 {
            let _ = parent.insert_before(node, marker);
        }
    }

    fn put_before(&self, child: &mut dyn Mountable) -> bool {
        let Some(first) = self.0.first() else { return false };
        let Some(parent) = first.parent_element() else { return false };
        child.mount(&parent, Some(first));
        true
    }
}
