//! A name that one tab of this browser holds at a time (W3C Web Locks API). The browser gives it on when its holder is gone, in
//! whatever way it went.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Object, Promise, Reflect};
use transports::browser::spawn;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::browser::{readers_name, window};

/// A request for the name, and the name once it is ours. Dropping it gives up either.
pub(crate) struct Lock {
    state: Rc<RefCell<LockState>>,
    /// Ends the wait for it.
    wait: AbortController,
}

enum LockState {
    Waiting,
    /// With what ends the promise for whose time the browser leaves us the name.
    Ours(Function),
    Over,
}

/// The result of a request for the name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Granted {
    /// It is ours.
    Ours,
    /// It is not free, or was taken from us.
    NotOurs,
    /// The browser gives out no names here: it keeps this site from storing anything, say.
    Never,
}

/// When the name is to be ours.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum LockMode {
    /// Now, unless somebody holds it.
    IfFree,
    /// After all who hold it or wait for it.
    Mine,
    /// At once: whoever holds it does not answer.
    Now,
}

fn locks() -> Option<JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    locks.is_object().then_some(locks)
}

impl Lock {
    /// Returns true if the browser has locks.
    pub(crate) fn exists() -> bool {
        locks().is_some()
    }

    /// Asks for a name; `told` hears what becomes of it, later. `None` where the browser has no such thing, or refuses at once.
    pub(crate) fn ask(name: &str, turn: LockMode, told: impl Fn(Granted) + 'static) -> Option<Self> {
        let locks = locks()?;
        let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into::<Function>().ok()?;
        let wait = AbortController::new().ok()?;
        let state = Rc::new(RefCell::new(LockState::Waiting));
        let told = Rc::new(told);
        // Freed by its one call; one that is never called is a few bytes.
        let held = Closure::once_into_js({
            let (state, told) = (Rc::clone(&state), Rc::clone(&told));
            move |lock: JsValue| hold(&state, &*told, &lock)
        });
        let options = Object::new();
        // They exclude each other.
        let (option, value): (&str, JsValue) = match turn {
            LockMode::Mine => ("signal", wait.signal().into()),
            LockMode::IfFree => ("ifAvailable", true.into()),
            LockMode::Now => ("steal", true.into()),
        };
        Reflect::set(&options, &option.into(), &value).ok()?;
        let asked = request.call3(&locks, &readers_name(name).into(), &options, &held).ok()?;
        let asked = JsFuture::from(asked.dyn_into::<Promise>().ok()?);
        spawn({
            let state = Rc::clone(&state);
            async move {
                // It fails when the name is taken from us, when we no longer wait for it, and where names are not given out.
                if asked.await.is_err() {
                    match state.replace(LockState::Over) {
                        LockState::Ours(_) => told(Granted::NotOurs),
                        LockState::Waiting => told(Granted::Never),
                        LockState::Over => {}
                    }
                }
            }
        });
        Some(Self { state, wait })
    }
}

/// The name is ours until what this returns is over.
fn hold(state: &RefCell<LockState>, told: &dyn Fn(Granted), lock: &JsValue) -> JsValue {
    if !matches!(*state.borrow(), LockState::Waiting) {
        return JsValue::UNDEFINED;
    }
    if lock.is_null() {
        state.replace(LockState::Over);
        told(Granted::NotOurs);
        return JsValue::UNDEFINED;
    }
    let held = Promise::new(&mut |end, _| {
        state.replace(LockState::Ours(end));
    });
    told(Granted::Ours);
    held.into()
}

impl Drop for Lock {
    fn drop(&mut self) {
        match self.state.replace(LockState::Over) {
            LockState::Ours(end) => {
                let _ = end.call0(&JsValue::NULL);
            }
            LockState::Waiting => self.wait.abort(),
            LockState::Over => {}
        }
    }
}
