//! The lines together: what they share, and what is done to all of them.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use app::ports::{
    BytesKnown, ClockLook, ConnectionPorts, DoctorPorts, FetchError, LabPorts, LabTransport, LineObserver,
    LocalFuture,
};
use common::{
    Topic,
    lab::{LabClock, LabCut, LabId, LabLines, LabRun, LabStarted},
};
use transports::{browser::EventListeners, catalog::WIRE_SIZES, wire_size::Framing};
use wasm_bindgen::JsCast;
use web_sys::PerformanceResourceTiming;

use super::{
    connections::ConnectionsClient,
    doctor::DoctorClient,
    line::{LabConnection, Network},
    moment,
    requests::Requests,
};
use crate::{
    browser::{self, document, window},
    engine::{Action, Engine},
    timer::Timer,
};

pub(super) struct Bench {
    connections: RefCell<Vec<Weak<LabConnection>>>,
    network: Network,
    /// When the network is back.
    back: Timer,
    requests: Requests,
    _listeners: [EventListeners; 2],
}

impl Bench {
    pub(super) fn new() -> Rc<Self> {
        Rc::new_cyclic(|weak: &Weak<Self>| {
            let all = |turn: fn(&mut Engine, bool, f64) -> Vec<Action>, is: fn(&str) -> bool| {
                let weak = weak.clone();
                move |event: web_sys::Event| {
                    if let Some(bench) = weak.upgrade() {
                        let is = is(&event.type_());
                        bench.turn_all(|engine, now| turn(engine, is, now));
                    }
                }
            };
            let back = {
                let weak = weak.clone();
                move || {
                    if let Some(bench) = weak.upgrade() {
                        bench.network.set(true);
                        bench.turn_all(|engine, now| engine.network(true, now));
                    }
                }
            };
            Self {
                connections: RefCell::default(),
                network: Rc::new(Cell::new(true)),
                back: Timer::new(back),
                requests: Requests::new(),
                _listeners: [
                    EventListeners::new(
                        &window(),
                        &["online", "offline"],
                        all(Engine::network, |kind| kind == "online"),
                    ),
                    EventListeners::new(
                        &document(),
                        &["visibilitychange"],
                        all(Engine::show, |_| browser::is_shown()),
                    ),
                ],
            }
        })
    }

    fn turn_all(&self, turn: impl Fn(&mut Engine, f64) -> Vec<Action>) {
        let connections: Vec<_> = self.connections.borrow().iter().filter_map(Weak::upgrade).collect();
        for connection in connections {
            connection.turn(&turn);
        }
    }
}

impl LabPorts for Bench {
    fn transports(&self) -> Vec<LabTransport> {
        let plain = self.protocol() == "http/1.1";
        let known = |carrier| match carrier {
            Framing::Answers => BytesKnown::HeadsEstimated,
            Framing::Stream if plain => BytesKnown::Counted,
            Framing::Stream => BytesKnown::Estimated,
            Framing::Socket => BytesKnown::Counted,
            Framing::Deflated => BytesKnown::BeforeCompression,
        };
        WIRE_SIZES
            .iter()
            .map(|scale| LabTransport { id: scale.entry.id, bytes: known(scale.framing) })
            .collect()
    }

    fn open(
        &self,
        transport: &'static str,
        topics: Vec<Topic>,
        hearing: Rc<dyn LineObserver>,
    ) -> Box<dyn Any> {
        let Some(scale) = WIRE_SIZES.iter().find(|scale| scale.entry.id == transport) else {
            return Box::new(());
        };
        // The lab's own topic tells its requests from those of the page's line.
        let mark = topics.iter().find(|topic| topic.kind() == "lab").map(ToString::to_string);
        let watch = (scale.framing == Framing::Answers)
            .then(|| self.requests.watch(scale.entry.path, &mark.unwrap_or_default(), hearing.clone()));
        let connection = LabConnection::begin(scale, topics, hearing, self.network.clone());
        let mut connections = self.connections.borrow_mut();
        connections.retain(|connection| connection.strong_count() > 0);
        connections.push(Rc::downgrade(&connection));
        Box::new((connection, watch))
    }

    fn cut_network(&self, ms: u32) {
        self.network.set(false);
        self.back.set(Some(f64::from(ms)));
        self.turn_all(|engine, now| engine.network(false, now));
    }

    fn ask(&self, run: &LabRun) -> LocalFuture<Result<LabStarted, FetchError>> {
        let body = serde_json::to_string(run).unwrap_or_default();
        Box::pin(async move { browser::post("/api/v1/lab", &body).await })
    }

    fn cut_lines(&self, lab: &LabId) -> LocalFuture<Result<LabLines, FetchError>> {
        let body = serde_json::to_string(&LabCut { lab: lab.clone() }).unwrap_or_default();
        Box::pin(async move { browser::post("/api/v1/lab/cut", &body).await })
    }

    fn look_at_clock(&self) -> LocalFuture<Option<ClockLook>> {
        Box::pin(async {
            let asked = moment::now();
            let LabClock { at } = browser::get("/api/v1/lab/clock").await.ok()?;
            Some(ClockLook { asked, server: at, answered: moment::now() })
        })
    }

    fn connections(&self) -> Rc<dyn ConnectionPorts> {
        Rc::new(ConnectionsClient)
    }

    fn doctor(&self) -> Rc<dyn DoctorPorts> {
        Rc::new(DoctorClient)
    }

    fn protocol(&self) -> String {
        let navigation = window()
            .performance()
            .and_then(|performance| performance.get_entries_by_type("navigation").iter().next());
        navigation.map_or_else(String::new, |entry| {
            entry.unchecked_into::<PerformanceResourceTiming>().next_hop_protocol()
        })
    }
}
