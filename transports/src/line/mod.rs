//! The line under a live connection. A request comes through hyper and axum like any other; once its transport has
//! accepted it, the socket leaves hyper (`handover`), and from then on an idle connection costs a socket, a place in the log and
//! a timer (`pump`).

mod dialect;
mod drive;
mod handover;
mod head;
mod known;
mod later;
mod leave;
mod liveness;
mod outbox;
mod pipe;
mod pump;
mod socket;
mod tune;

pub use crate::wire::{coded, end};
pub use dialect::{Dialect, End, Heard, Opening};
pub use drive::{Again, Occupancy, Peer, Service, Usage, drive};
pub use handover::Handover;
pub use head::secure;
pub use later::{Answer, Ask};
pub use leave::leave;
pub(crate) use leave::{LINGER, ends_with_close, leave_websocket, poll_hang_up, poll_hear};
pub(crate) use outbox::Outbox;
pub(crate) use pump::BATCH;
pub use pump::Pump;
pub use socket::Socket;
pub(crate) use tune::tune;
