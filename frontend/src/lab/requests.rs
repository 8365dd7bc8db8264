//! Counts answered requests and their bytes, as the browser reports them.

use std::{cell::RefCell, rc::Rc};

use app::ports::LineObserver;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{
    PerformanceObserver, PerformanceObserverEntryList, PerformanceObserverInit, PerformanceResourceTiming,
};

use crate::browser::{document, window};

/// Looks at every request of the page, and tells those who wait for theirs.
pub(super) struct Requests {
    /// None where the browser has none: the figures then stay unknown.
    observer: Option<PerformanceObserver>,
    _callback: Closure<dyn FnMut(PerformanceObserverEntryList)>,
    waiting: Rc<RefCell<Vec<Waiting>>>,
}

/// Someone whose requests go to an address that has both in it.
struct Waiting {
    path: &'static str,
    mark: Rc<str>,
    hearing: Rc<dyn LineObserver>,
}

/// Waits until it is dropped.
pub(super) struct RequestWatch {
    waiting: Rc<RefCell<Vec<Waiting>>>,
    hearing: Rc<dyn LineObserver>,
}

/// A browser sends this many bytes with each request that the page does not know of: counted in Chromium's.
const UNSEEN: usize = 400;

impl Requests {
    pub(super) fn new() -> Self {
        let waiting = Rc::new(RefCell::new(Vec::<Waiting>::new()));
        let heard = waiting.clone();
        let callback = Closure::<dyn FnMut(_)>::new(move |entries: PerformanceObserverEntryList| {
            for entry in entries.get_entries() {
                tell(&heard.borrow(), &entry.unchecked_into());
            }
        });
        let observer = PerformanceObserver::new(callback.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            let kinds = Array::of1(&JsValue::from_str("resource"));
            observer.observe(&PerformanceObserverInit::new(&kinds));
        }
        Self { observer, _callback: callback, waiting }
    }

    /// Tells of the requests to this path whose query has `mark` in it.
    pub(super) fn watch(
        &self,
        path: &'static str,
        mark: &str,
        hearing: Rc<dyn LineObserver>,
    ) -> RequestWatch {
        self.waiting.borrow_mut().push(Waiting { path, mark: mark.into(), hearing: hearing.clone() });
        RequestWatch { waiting: self.waiting.clone(), hearing }
    }
}

impl Drop for Requests {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

impl Drop for RequestWatch {
    fn drop(&mut self) {
        self.waiting.borrow_mut().retain(|one| !Rc::ptr_eq(&one.hearing, &self.hearing));
    }
}

fn tell(waiting: &[Waiting], request: &PerformanceResourceTiming) {
    let address = request.name();
    let of_this = |one: &&Waiting| address.contains(one.path) && address.contains(&*one.mark);
    // Of one that was broken off nothing is known; nothing of it was told either.
    let size = request.transfer_size();
    if let Some(one) = waiting.iter().find(of_this).filter(|_| size > 0.0) {
        one.hearing.asked();
        one.hearing.weighed(size as usize + question(&address));
    }
}

/// Returns the size of a request: its address and its headers, as far as the page can see them.
fn question(address: &str) -> usize {
    let window = window();
    let agent = window.navigator().user_agent().unwrap_or_default().len();
    let origin = window.location().href().unwrap_or_default().len();
    let cookies = document().unchecked_into::<web_sys::HtmlDocument>().cookie().unwrap_or_default().len();
    address.len() + agent + origin + cookies + UNSEEN
}
