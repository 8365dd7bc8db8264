//! The interface of the lab to the browser: connections of its own, one for each transport, each of which keeps its
//! transport whatever happens to it; and their measurements. It comes in a piece, like the lab itself.

use std::{any::Any, rc::Rc};

use common::{
    Topic,
    frame::{ByeReason, Event},
    lab::{LabId, LabLines, LabRun, LabStarted},
};

use super::{ConnectionPorts, DoctorPorts, FetchError, LinkState, LocalFuture};

/// Everything that the lab may ask of the browser.
pub trait LabPorts {
    /// The transports there are, in the order of the catalog.
    fn transports(&self) -> Vec<LabTransport>;
    /// Opens a line of one transport, which lives until the guard is dropped. When it breaks it comes back by itself, from where
    /// it was.
    fn open(
        &self,
        transport: &'static str,
        topics: Vec<Topic>,
        hearing: Rc<dyn LineObserver>,
    ) -> Box<dyn Any>;
    /// Takes the network away from these lines for so long, milliseconds: they break, and none is opened meanwhile.
    fn cut_network(&self, ms: u32);
    /// Asks the server to publish for a lab.
    fn ask(&self, run: &LabRun) -> LocalFuture<Result<LabStarted, FetchError>>;
    /// Asks the server to end the lines of a lab.
    fn cut_lines(&self, lab: &LabId) -> LocalFuture<Result<LabLines, FetchError>>;
    /// Reads the server's clock; nothing if no answer came.
    fn look_at_clock(&self) -> LocalFuture<Option<ClockLook>>;
    /// Over which version of HTTP the page came, as browsers name it: `http/1.1`, `h2`.
    fn protocol(&self) -> String;
    /// Returns the interface of the page of connections.
    fn connections(&self) -> Rc<dyn ConnectionPorts>;
    /// Returns the interface of the Doctor.
    fn doctor(&self) -> Rc<dyn DoctorPorts>;
}

/// A transport, as the lab shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabTransport {
    /// Its id in the catalog.
    pub id: &'static str,
    /// The source of its byte count.
    pub bytes: BytesKnown,
}

/// The source of a connection's byte count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BytesKnown {
    /// They are counted one by one.
    Counted,
    /// They are counted before they are compressed, where both ends compress.
    BeforeCompression,
    /// The browser hides the heads of requests and answers: those are estimated.
    HeadsEstimated,
    /// The page came over a version of HTTP that packs heads and bodies in its own way: it is all estimated.
    Estimated,
}

/// Receives the events of a connection. Moments are milliseconds of the browser's clock since 1970, with their
/// fraction.
pub trait LineObserver {
    /// It does something else now.
    fn state(&self, state: LinkState);
    /// The server said why it ends the line.
    fn turned_away(&self, reason: ByeReason);
    /// It was lost and is back, after so many milliseconds.
    fn back(&self, after_ms: f64);
    /// A publication that it had not told before, and when it came.
    fn event(&self, event: &Event, at_ms: f64);
    /// So many bytes have gone over the wire.
    fn weighed(&self, bytes: usize);
    /// A request was made.
    fn asked(&self);
}

/// One look at the server's clock. Moments are milliseconds since 1970, with their fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClockLook {
    /// When it was asked, by the browser's clock.
    pub asked: f64,
    /// The time of the server's clock.
    pub server: f64,
    /// When the answer came, by the browser's clock.
    pub answered: f64,
}
