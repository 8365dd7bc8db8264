//! Sends the Doctor's probes, and collects what a browser shows of the answers.

mod answer;
mod blocks;
mod probes;
mod time;

use std::{any::Any, rc::Rc};

use app::ports::{DoctorPorts, LocalFuture, Probing};
use js_sys::Reflect;
use transports::browser::fetch::AbortOnDrop;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::browser::window;
use probes::Probes;

pub(super) struct DoctorClient;

impl DoctorPorts for DoctorClient {
    fn begin(&self) -> (Rc<dyn Probing>, Box<dyn Any>) {
        let leash = AbortOnDrop::new();
        let probes = Probes::new(leash.as_ref().map(AbortOnDrop::signal));
        (Rc::new(probes), Box::new(leash))
    }

    fn host(&self) -> String {
        window().location().host().unwrap_or_default()
    }

    fn is_secure(&self) -> bool {
        window().location().protocol().is_ok_and(|protocol| protocol == "https:")
    }

    fn surroundings(&self) -> [String; 2] {
        let window = window();
        let address = window.location().href().unwrap_or_default();
        [address, window.navigator().user_agent().unwrap_or_default()]
    }

    fn copy(&self, text: &str) -> LocalFuture<bool> {
        let navigator = window().navigator();
        // Pages without TLS have none, but on the server's own machine.
        let has =
            Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|found| found.is_object());
        let written = has.then(|| navigator.clipboard().write_text(text));
        Box::pin(async move {
            match written {
                Some(written) => JsFuture::from(written).await.is_ok(),
                None => false,
            }
        })
    }
}
