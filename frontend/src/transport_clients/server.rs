//! A server that stands in the place of the browser's `fetch`, and someone who listens to a line.

use std::{cell::RefCell, rc::Rc};

use common::{
    api::ApiError,
    frame::{ServerFrame, Verdict},
};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use transports::browser::{ClientEvent, EventSink};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::browser::window;

/// Gives the next question the next answer; a question without one waits until it is given up. Packets of Engine.IO
/// are taken at once.
const FETCH: &str = "
    asked.push(`${request.method ?? 'GET'} ${address}${request.body ? ' ' + request.body : ''}`);
    const isPacket = request.body && address.startsWith('/socket.io/');
    const answer = isPacket ? new Response('ok') : answers.shift();
    return new Promise((resolve, reject) => {
        request.signal?.addEventListener('abort', () => {
            asked.push('aborted');
            reject(new Error('aborted'));
        });
        if (answer) resolve(answer);
    });
";
const ANSWER: &str = "
    const body = new ReadableStream({
        start(pen) {
            for (const piece of pieces) pen.enqueue(piece);
            pen.close();
        },
    });
    return new Response(pieces.length ? body : null, { status, headers });
";

pub(super) struct Server {
    kept: JsValue,
    asked: Array,
    answers: Array,
}

impl Server {
    pub(super) fn new() -> Self {
        let (asked, answers) = (Array::new(), Array::new());
        let fetch = Function::new_with_args("asked, answers, address, request", FETCH);
        let fetch = fetch.bind2(&JsValue::NULL, &asked, &answers);
        let kept = Reflect::get(&window(), &"fetch".into()).expect("browsers have it");
        Reflect::set(&window(), &"fetch".into(), &fetch).expect("it can be replaced");
        Self { kept, asked, answers }
    }

    /// The answer to the next question that has none.
    pub(super) fn answers(&self, status: u16, headers: &[(&str, &str)], pieces: &[&[u8]]) {
        let fields = Object::new();
        for (name, value) in headers {
            Reflect::set(&fields, &(*name).into(), &(*value).into()).expect("an object takes it");
        }
        let bytes: Array = pieces.iter().map(|piece| Uint8Array::from(*piece)).collect();
        let answer = Function::new_with_args("status, headers, pieces", ANSWER)
            .call3(&JsValue::NULL, &status.into(), &fields, &bytes)
            .expect("an answer");
        self.answers.push(&answer);
    }

    /// Returns the requests: method, address and body.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.iter().filter_map(|asked| asked.as_string()).collect()
    }

    pub(super) async fn is_asked(&self, times: u32) {
        until(|| self.asked.length() >= times).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        Reflect::set(&window(), &"fetch".into(), &self.kept).expect("it can be put back");
    }
}

/// Someone who writes down what a line says.
pub(super) struct Listener(Rc<RefCell<Vec<String>>>);

impl Listener {
    pub(super) fn new() -> Self {
        Self(Rc::default())
    }

    pub(super) fn ear(&self) -> EventSink {
        let heard = self.0.clone();
        Rc::new(move |report| {
            heard.borrow_mut().push(match report {
                ClientEvent::Opened => "opened".to_owned(),
                ClientEvent::Closed(_) => "closed".to_owned(),
                ClientEvent::Frame(frame) => short(&frame),
            });
        })
    }

    pub(super) fn heard(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    pub(super) async fn hears(&self, what: &str) {
        until(|| self.0.borrow().iter().any(|heard| heard == what)).await;
    }
}

/// A frame in short.
fn short(frame: &ServerFrame) -> String {
    match frame {
        ServerFrame::Welcome { verdict, heartbeat_ms, .. } => {
            let verdict: &Verdict = verdict;
            format!("welcome {verdict:?} {heartbeat_ms}")
        }
        ServerFrame::Event(event) => format!("event {} {}", event.cursor, event.data),
        ServerFrame::Heartbeat { cursor } => format!("heartbeat {cursor}"),
        ServerFrame::Bye { retry_ms, .. } => format!("bye {retry_ms}"),
        ServerFrame::Sent(receipt) => format!("sent {} {}", receipt.id, receipt.cursor),
        ServerFrame::Error(ApiError { message, .. }) => format!("error {message}"),
        other => format!("{other:?}"),
    }
}

/// Lets everything run that can.
pub(super) async fn a_moment() {
    let moment = Promise::new(&mut |resolve, _| {
        window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 10).expect("a timer");
    });
    JsFuture::from(moment).await.expect("time passes");
}

async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        a_moment().await;
    }
    panic!("it did not come to that");
}
