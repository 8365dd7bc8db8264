//! The questions themselves.

use std::{cell::Cell, rc::Rc};

use app::ports::{FetchError, IdleProbe, LocalFuture, Preflight, Probing, StreamProbe, WebSocketProbe};
use common::{doctor::ProbeReport, host::HostId, lab::LabId};
use js_sys::{Array, Promise, Reflect};
use transports::{
    browser::{
        EventListeners,
        fetch::{self, AbortOnDrop},
        socket_address,
    },
    catalog, socketio, sse, websocket,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response, WebSocket};

use super::{
    answer::{Next, ask},
    blocks::ProbeBlocks,
    time::{StallMeter, within},
};
use crate::{browser, lab::moment};

/// A quick answer may take this long.
const PATIENCE_MS: u32 = 2_500;
/// A silence may last this much longer than it was asked for before it counts as dropped.
const GRACE_MS: u32 = 5_000;
const SILENCE: &str = "/live/silence";
/// The last event of a silence contains these bytes.
const OVER: &[u8] = b"event: over";
/// The status of a proxy that waited too long for who is behind it (RFC 9110 §15.6.5).
const GATEWAY_TIMEOUT: u16 = 504;

pub(super) struct Probes {
    /// The signal that ends a long request; none if the browser has none to give: then the request ends by itself.
    signal: Option<AbortSignal>,
}

impl Probes {
    pub(super) fn new(signal: Option<AbortSignal>) -> Self {
        Self { signal }
    }
}

impl Probing for Probes {
    fn probe_report(&self, probe: &LabId) -> LocalFuture<Result<ProbeReport, FetchError>> {
        let address = format!("/api/v1/doctor?probe={probe}");
        Box::pin(async move { browser::get(&address).await })
    }

    fn path(&self, transport: &'static str) -> &'static str {
        match catalog::find(transport) {
            // Its clients ask with the slash.
            Some(entry) if *entry == socketio::ENTRY => "/socket.io/",
            Some(entry) => entry.path,
            None => "/",
        }
    }

    fn preflight(&self, transport: &'static str, probe: &LabId) -> LocalFuture<Preflight> {
        let address = format!("{}?probe={probe}", self.path(transport));
        Box::pin(async move {
            let signal = AbortSignal::timeout_with_u32(PATIENCE_MS);
            let asked = fetch::options(&address, &signal).await;
            match asked {
                Ok(answer) => Preflight::Answered(answer.status()),
                Err(_) if signal.aborted() => Preflight::Silent,
                Err(_) => Preflight::Cut,
            }
        })
    }

    fn socket(&self, probe: &LabId) -> LocalFuture<WebSocketProbe> {
        let address = socket_address(&format!("{}?probe={probe}", websocket::ENTRY.path));
        Box::pin(async move {
            let began = moment::now();
            let Some(socket) = address.and_then(|address| WebSocket::new(&address).ok()) else {
                return WebSocketProbe::Refused(0.0);
            };
            let opened = Rc::new(Cell::new(None));
            let mut ears = None;
            let told = Promise::new(&mut |resolve, _| {
                let opened = Rc::clone(&opened);
                ears = Some(EventListeners::new(&socket, &["open", "close"], move |event| {
                    opened.set(opened.get().or(Some(event.type_() == "open")));
                    let _ = resolve.call0(&JsValue::NULL);
                }));
            });
            let _ = within(&told, PATIENCE_MS).await;
            drop(ears);
            let _ = socket.close();
            let after = moment::now() - began;
            match opened.get() {
                Some(true) => WebSocketProbe::After(after),
                Some(false) => WebSocketProbe::Refused(after),
                None => WebSocketProbe::Silent(after),
            }
        })
    }

    fn stream(&self, probe: &LabId, long: bool) -> LocalFuture<StreamProbe> {
        // A sample of the host is there at once, and is about a kilobyte.
        let beside = if long { format!(",{}", HostId::local().metrics_topic()) } else { String::new() };
        let address = format!("{}?topics={}{beside}&probe={probe}", sse::ENTRY.path, probe.topic());
        let leash = AbortOnDrop::new();
        let signal =
            leash.as_ref().map_or_else(|| AbortSignal::timeout_with_u32(PATIENCE_MS), AbortOnDrop::signal);
        Box::pin(async move {
            let began = moment::now();
            let awake = StallMeter::new();
            let left = || (f64::from(PATIENCE_MS) - (moment::now() - began)).max(0.0) as u32;
            let (mut told, mut blocks) = (StreamProbe::default(), ProbeBlocks::default());
            if let Some(Ok(answer)) = ask(address, signal, left()).await {
                told.status = answer.status;
                while let Next::Piece(piece) = answer.next(left()).await {
                    let now = moment::now();
                    told.pieces.push(now - began);
                    blocks.read(&piece, now, &mut told);
                }
            }
            told.listened = moment::now() - began;
            told.stalled = awake.longest_stall();
            drop(leash);
            told
        })
    }

    fn answered_by(&self) -> LocalFuture<String> {
        Box::pin(async move {
            let signal = AbortSignal::timeout_with_u32(PATIENCE_MS);
            let Ok(answer) = fetch::get("/healthz", Some(&signal)).await else { return String::new() };
            let told = ["via", "server"].map(|name| fetch::header(&answer, name).unwrap_or_default());
            told.join(" ").trim().to_owned()
        })
    }

    fn concurrency(&self, probe: &LabId, count: u32, ms: u32) -> LocalFuture<()> {
        // One in three waves is all that is waited for: who has fewer connections is held back in any case.
        let patience = ms * 3 + GRACE_MS;
        let signal = AbortSignal::timeout_with_u32(patience);
        let ask = |n: u32| {
            // No two alike: a browser asks one thing once at a time.
            let address = format!("{SILENCE}?ms={ms}&probe={probe}&nth={n}");
            fetch::promised(&address, &signal).ok()
        };
        let asked: Array = (0..count).filter_map(ask).collect();
        Box::pin(async move {
            // The few words of a body come whether they are read or not, and free the connection for the next question.
            let Ok(settled) = JsFuture::from(Promise::all_settled(&asked)).await else { return };
            let body = |one: JsValue| {
                Reflect::get(&one, &"value".into()).ok()?.dyn_into::<Response>().ok()?.text().ok()
            };
            let bodies: Array = Array::from(&settled).iter().filter_map(body).collect();
            let _ = JsFuture::from(Promise::all_settled(&bodies)).await;
        })
    }

    fn silence(&self, probe: &LabId, ms: u32) -> LocalFuture<IdleProbe> {
        let address = format!("{SILENCE}?ms={ms}&probe={probe}");
        let patience = ms + GRACE_MS;
        let signal = self.signal.clone().unwrap_or_else(|| AbortSignal::timeout_with_u32(patience));
        Box::pin(async move {
            let began = moment::now();
            let lasted = || moment::now() - began;
            let left = || (f64::from(patience) - lasted()).max(0.0) as u32;
            let answer = match ask(address, signal, left()).await {
                Some(Ok(answer)) => answer,
                Some(Err(_)) => return IdleProbe::Refused(0),
                None => return IdleProbe::Dropped,
            };
            match answer.status {
                200 => {}
                GATEWAY_TIMEOUT => return IdleProbe::Cut(lasted()),
                status => return IdleProbe::Refused(status),
            }
            let mut heard = Vec::new();
            loop {
                match answer.next(left()).await {
                    // A few words: whatever sends more is not the server.
                    Next::Piece(piece) if heard.len() < 4096 => heard.extend(piece),
                    Next::Late => return IdleProbe::Dropped,
                    _ => break,
                }
            }
            let whole = heard.windows(OVER.len()).any(|words| words == OVER);
            if whole { IdleProbe::Whole } else { IdleProbe::Cut(lasted()) }
        })
    }
}
