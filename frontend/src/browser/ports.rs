//! The small things of a browser, for pages.

use std::any::Any;

use app::ports::{ClockPort, FetchError, Key, KeyPort, LocalFuture, RequestPort, StoragePort};
use common::{
    history::History,
    host::{HostId, HostSnapshot},
};
use transports::browser::EventListeners;

use crate::timer::Interval;

/// This browser: it has no state here.
pub(crate) struct ThisBrowser;

impl StoragePort for ThisBrowser {
    fn keep(&self, name: &'static str, text: Option<&str>) {
        let _ = super::keep(name, text);
    }

    fn kept(&self, name: &'static str) -> Option<String> {
        super::kept(name)
    }
}

impl ClockPort for ThisBrowser {
    fn now(&self) -> f64 {
        super::now()
    }

    fn zone_minutes(&self, at_ms: f64) -> i32 {
        -(js_sys::Date::new(&at_ms.into()).get_timezone_offset() as i32)
    }

    fn every_second(&self, tick: Box<dyn Fn()>) -> Box<dyn Any> {
        Box::new(Interval::new(1000, move || {
            if super::is_shown() {
                tick();
            }
        }))
    }

    fn is_shown(&self) -> bool {
        super::is_shown()
    }
}

impl RequestPort for ThisBrowser {
    fn history(&self, host: &HostId, since: u64) -> LocalFuture<Result<History, FetchError>> {
        let address = format!("/api/v1/hosts/{host}/history?since={since}");
        Box::pin(async move { super::get(&address).await })
    }

    fn host(&self, host: &HostId) -> LocalFuture<Result<HostSnapshot, FetchError>> {
        let address = format!("/api/v1/hosts/{host}");
        Box::pin(async move { super::get(&address).await })
    }

    fn text(
        &self,
        method: &'static str,
        address: &str,
        json: Option<&str>,
    ) -> LocalFuture<Result<String, FetchError>> {
        super::text(method, address, json)
    }

    fn unready(&self) -> LocalFuture<String> {
        Box::pin(super::unready())
    }
}

impl KeyPort for ThisBrowser {
    fn on_key(&self, hear: Box<dyn Fn(Key) -> bool>) -> Box<dyn Any> {
        Box::new(EventListeners::new(&super::document(), &["keydown"], move |event| {
            if super::read_key(&event).is_some_and(&hear) {
                event.prevent_default();
            }
        }))
    }
}
