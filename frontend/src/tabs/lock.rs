//! A name that one tab of this browser holds at a time (W3C Web Locks API). The browser gives it on when its holder is gone, in
//! whatever way it went.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::AbortController;

use crate::browser::window;

/// A request for the name, and the name once it is ours. Dropping it gives up either.
pub(crate) struct Lock {
    /// Ends the promise for whose time the browser leaves us the name.
    end: Rc<RefCell<Option<Function>>>,
    /// Ends the wait for it.
    wait: AbortController,
    _held: Closure<dyn FnMut() -> JsValue>,
    _over: Closure<dyn FnMut(JsValue)>,
}

/// Whether the name is asked for in its turn.
#[derive(PartialEq)]
pub(crate) enum Turn {
    /// After all who hold it or wait for it.
    Mine,
    /// At once: whoever holds it does not answer.
    Now,
}

impl Lock {
    /// Asks for a name; `told` hears when it is ours, and when it is taken from us. `None` where the browser has no such thing.
    pub(crate) fn ask(name: &str, turn: &Turn, told: impl Fn(bool) + 'static) -> Option<Self> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
        let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into::<Function>().ok()?;
        let (told, end, wait) =
            (Rc::new(told), Rc::new(RefCell::new(None::<Function>)), AbortController::new().ok()?);
        let held = Closure::<dyn FnMut() -> JsValue>::new({
            let (told, end) = (Rc::clone(&told), Rc::clone(&end));
            move || {
                let held = Promise::new(&mut |resolve, _| {
                    end.replace(Some(resolve));
                });
                told(true);
                held.into()
            }
        });
        let over = Closure::<dyn FnMut(JsValue)>::new({
            let end = Rc::clone(&end);
            move |_| {
                if end.take().is_some() {
                    told(false);
                }
            }
        });
        let options = Object::new();
        match turn {
            // The two exclude each other.
            Turn::Mine => Reflect::set(&options, &"signal".into(), &wait.signal()).ok()?,
            Turn::Now => Reflect::set(&options, &"steal".into(), &true.into()).ok()?,
        };
        let asked = request.call3(&locks, &name.into(), &options, held.as_ref()).ok()?;
        // It fails when the name is taken from us, and when we no longer wait for it.
        let _ = asked.dyn_into::<Promise>().ok()?.catch(&over);
        Some(Self { end, wait, _held: held, _over: over })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        match self.end.take() {
            Some(end) => {
                let _ = end.call0(&JsValue::NULL);
            }
            None => self.wait.abort(),
        }
    }
}
