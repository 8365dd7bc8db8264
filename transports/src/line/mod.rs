//! The line under a live connection. A request comes through hyper and axum like any other; once its transport has
//! accepted it, the socket leaves hyper (`handover`), and from then on an idle connection costs a socket, a place in the log and
//! a timer (`pump`).

mod dialect;
mod drive;
mod handover;
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
pub use dialect::{Dialect, End, Heard};
pub use drive::{Again, Peer, Service, drive};
pub use handover::Handover;
pub use later::{Answer, Ask};
pub use leave::leave;
pub(crate) use leave::{LINGER, poll_hang_up};
pub(crate) use outbox::Outbox;
pub(crate) use pump::BATCH;
pub use pump::{Opening, Pump};
pub use socket::Socket;
pub(crate) use tune::tune;
