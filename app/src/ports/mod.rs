//! The interfaces between the pages and their environment: the browser (implemented in `frontend`) and the server
//! (implemented in `server`), one small trait for each need. Pages reach them through context and never name a socket, a timer or
//! a canvas call.

mod browser;
mod canvas;
mod clock;
mod connections;
mod doctor;
mod files;
mod keys;
mod lab;
mod link;
mod messages;
mod notices;
mod preferences;
mod requests;
mod server;
mod storage;

pub use browser::{Browser, BrowserPorts};
pub use canvas::{CanvasPort, ChartCanvas};
pub use clock::ClockPort;
pub use connections::{ConnectionPorts, FrameEvent};
pub use doctor::{DoctorPorts, IdleProbe, Preflight, Probing, StreamProbe, WebSocketProbe};
pub use files::{FilePort, Picture};
pub use keys::{Key, KeyPort};
pub use lab::{BytesKnown, ClockLook, LabPorts, LabTransport, LineObserver};
pub use link::{Link, LinkPort, LinkState, Notice, TransportFault, TransportReason};
pub use messages::{MessagePort, SendOutcome};
pub use notices::{NoticeNews, NoticePort, SentNotice};
pub use preferences::PreferencePort;
pub use requests::{FetchError, LocalFuture, RequestPort};
pub use server::{Server, ServerPorts};
pub use storage::StoragePort;
