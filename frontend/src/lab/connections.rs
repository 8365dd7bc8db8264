//! What the page of connections asks for.

use std::any::Any;

use app::ports::{ConnectionPorts, FetchError, LocalFuture, Overheard};
use common::connection::Connections;
use serde::Deserialize;
use transports::browser::Ears;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventSource, MessageEvent};

use crate::browser;

pub(super) struct Desk;

const PATH: &str = "/api/v1/connections";
/// As many as are shown.
const LIMIT: usize = 200;

const KINDS: &[&str] = &["message", "missed", "ended", "error"];

#[derive(Deserialize)]
struct Missed {
    count: u64,
}

/// Closed when dropped.
struct Following {
    source: EventSource,
    _ears: Ears,
}

impl Drop for Following {
    fn drop(&mut self) {
        self.source.close();
    }
}

impl ConnectionPorts for Desk {
    fn list(&self, find: &str, order: &'static str) -> LocalFuture<Result<Connections, FetchError>> {
        let find = String::from(js_sys::encode_uri_component(find));
        let address = format!("{PATH}?limit={LIMIT}&order={order}&find={find}");
        Box::pin(async move { browser::get(&address).await })
    }

    fn kick(&self, id: u64) -> LocalFuture<Result<(), FetchError>> {
        Box::pin(async move { browser::delete(&format!("{PATH}/{id}")).await })
    }

    fn follow(&self, id: u64, hear: Box<dyn Fn(Overheard)>) -> Box<dyn Any> {
        let Ok(source) = EventSource::new(&format!("{PATH}/{id}/frames")) else {
            hear(Overheard::Lost);
            return Box::new(());
        };
        let heard = source.clone();
        let ears = Ears::new(&source, KINDS, move |event| {
            let told = understand(&event);
            if matches!(told, Overheard::Ended | Overheard::Lost) {
                // What follows next may be another connection's: coming back is the reader's to decide.
                heard.close();
            }
            hear(told);
        });
        Box::new(Following { source, _ears: ears })
    }
}

fn understand(event: &Event) -> Overheard {
    let data = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
    let data = data.unwrap_or_default();
    let told = match event.type_().as_str() {
        "ended" => Some(Overheard::Ended),
        "message" => serde_json::from_str(&data).ok().map(Overheard::Frame),
        "missed" => serde_json::from_str(&data).ok().map(|Missed { count }| Overheard::Missed(count)),
        _ => None,
    };
    told.unwrap_or(Overheard::Lost)
}
