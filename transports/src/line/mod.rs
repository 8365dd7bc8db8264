//! The line under a live connection. A request comes through hyper and axum like any other; once its transport has
//! accepted it, the socket leaves hyper (`handover`), and from then on an idle connection costs a socket, a place in the log and
//! a timer (`pump`).

mod drive;
mod handover;
mod leave;
mod outbox;
mod pump;

pub use drive::{Peer, drive};
pub use handover::{Handover, Taken};
pub use leave::leave;
pub use pump::{Dialect, End, Heard, Opening, Pump};
