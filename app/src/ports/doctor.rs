//! The interface of the Doctor to the browser: it sends requests of each kind that a proxy may treat differently, and
//! observes the answers and their times. It comes in the lab's piece.

use std::{any::Any, rc::Rc};

use common::{doctor::ProbeReport, frame::ByeReason, lab::LabId};

use super::{FetchError, LocalFuture};

/// Everything that the doctor may ask of the browser.
pub trait DoctorPorts {
    /// Begins to look. What may take long ends with the guard.
    fn begin(&self) -> (Rc<dyn Probing>, Box<dyn Any>);
    /// Returns the host that the page was requested from: name and port.
    fn host(&self) -> String;
    /// Returns true if the page came over TLS.
    fn is_secure(&self) -> bool;
    /// The page's address and the browser's name for itself, for the report.
    fn surroundings(&self) -> [String; 2];
    /// Puts a text where it can be pasted from; whether it is there.
    fn copy(&self, text: &str) -> LocalFuture<bool>;
}

/// The questions, each with an end of its own in time. Times are milliseconds.
pub trait Probing {
    /// Asks the server how the requests of this probe arrived.
    fn probe_report(&self, probe: &LabId) -> LocalFuture<Result<ProbeReport, FetchError>>;
    /// The path of a transport's address.
    fn path(&self, transport: &'static str) -> &'static str;
    /// Asks at the address of a transport what may be asked there.
    fn preflight(&self, transport: &'static str, probe: &LabId) -> LocalFuture<Preflight>;
    /// Opens a WebSocket.
    fn socket(&self, probe: &LabId) -> LocalFuture<WebSocketProbe>;
    /// Follows the probe's own publications over Server-Sent Events for a while; `long` where what comes first is longer than the buffers that
    /// hold back what is longer than they are.
    fn stream(&self, probe: &LabId, long: bool) -> LocalFuture<StreamProbe>;
    /// Returns the headers that name the software that sent an answer or passed it on (RFC 9110 §10.2.4, §7.6.3);
    /// empty without them.
    fn answered_by(&self) -> LocalFuture<String>;
    /// Asks for so many answers at once that are silent for `ms`, and waits until all have ended.
    fn concurrency(&self, probe: &LabId, count: u32, ms: u32) -> LocalFuture<()>;
    /// Asks for an answer that is silent for `ms`.
    fn silence(&self, probe: &LabId, ms: u32) -> LocalFuture<IdleProbe>;
}

/// The answer at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preflight {
    /// An answer of this status: 204 is the server's.
    Answered(u16),
    /// The connection ended without one.
    Cut,
    /// None came in time.
    Silent,
}

/// The result of opening a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WebSocketProbe {
    /// It opened, after so long.
    After(f64),
    /// It ended before, after so long.
    Refused(f64),
    /// Neither, in so long.
    Silent(f64),
}

/// The observations of a stream.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StreamProbe {
    /// The status of its answer, 0 where none came.
    pub status: u16,
    /// When each piece came, counted from the request.
    pub pieces: Vec<f64>,
    /// When each of the probe's publications came and when it was sent: since 1970, each by the clock of its own side.
    pub beats: Vec<(f64, f64)>,
    /// Why the server ended it, where it says so.
    pub bye: Option<ByeReason>,
    /// The stream was read for this long.
    pub listened: f64,
    /// The longest time in which the page itself did not run, and heard nothing.
    pub stalled: f64,
}

/// The end of an idle probe. Times are counted from the beginning of the silence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum IdleProbe {
    /// As it was to end.
    Whole,
    /// Something ended it, after so long.
    Cut(f64),
    /// It should have ended, and nothing was heard of it: something has dropped it without a word.
    Dropped,
    /// It did not begin: this status, or 0 for none.
    Refused(u16),
}
