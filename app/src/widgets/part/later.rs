//! A part that is brought to life later than the page around it.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{
    prelude::*,
    tachys::{
        hydration::Cursor,
        renderer::types::{Element, Node},
        view::{Mountable, Position, PositionState},
    },
    wasm_bindgen::JsCast,
};

use super::{Part, Seen, State, Unseen};

/// A part that is brought to life in a task of its own, so that no task is long: what a reader does meanwhile is not waited for.
pub(super) struct Later(pub(super) Box<dyn FnOnce() -> Part + Send>);

/// How far it has come.
enum Stage {
    /// What the server has rendered.
    Waiting(Element),
    Here(Seen),
    Gone,
}

struct Coming(Rc<RefCell<Stage>>);

impl Unseen for Later {
    fn build(self: Box<Self>) -> Seen {
        (self.0)().build()
    }

    fn hydrate(self: Box<Self>, cursor: &Cursor, position: &PositionState) -> Seen {
        // Past the element, as its own view would go.
        if position.get() == Position::FirstChild {
            cursor.child();
        } else {
            cursor.sibling();
        }
        position.set(Position::NextChild);
        let element: Element = cursor.current().unchecked_into();
        let stage = Rc::new(RefCell::new(Stage::Waiting(element.clone())));
        let owner = Owner::current().unwrap_or_default();
        let come = {
            let stage = Rc::clone(&stage);
            move || {
                if matches!(*stage.borrow(), Stage::Waiting(_)) {
                    let here = owner.with(|| {
                        let position = PositionState::new(Position::Current);
                        (self.0)().hydrate::<true>(&Cursor::new(element), &position)
                    });
                    stage.replace(Stage::Here(here));
                }
            }
        };
        set_timeout(come, Duration::ZERO);
        Seen { state: Box::new(Coming(stage)), placeholder: None, changes: false }
    }

    fn rebuild(self: Box<Self>, seen: &mut Seen) {
        seen.replace(self.build());
    }
}

impl State for Coming {
    fn leave(&mut self) {
        match self.0.replace(Stage::Gone) {
            Stage::Waiting(mut element) => element.unmount(),
            Stage::Here(mut seen) => seen.unmount(),
            Stage::Gone => {}
        }
    }

    fn enter(&mut self, parent: &Element, marker: Option<&Node>) {
        match &mut *self.0.borrow_mut() {
            Stage::Waiting(element) => element.mount(parent, marker),
            Stage::Here(seen) => seen.mount(parent, marker),
            Stage::Gone => {}
        }
    }

    fn put_before(&self, child: &mut dyn Mountable) -> bool {
        match &*self.0.borrow() {
            Stage::Waiting(element) => element.insert_before_this(child),
            Stage::Here(seen) => seen.insert_before_this(child),
            Stage::Gone => false,
        }
    }
}
