//! The gate of every request: on whose behalf it is, and whether that may do what the address is for.

mod authenticator;
mod caller;
mod denial;
mod gatekeeper;
mod routes;

pub(crate) use authenticator::{AuthenticationError, Authenticator};
pub(crate) use caller::Caller;
pub(crate) use denial::DenialPages;
pub(crate) use gatekeeper::{Gatekeeper, OpenHouse, guard};
pub use routes::guarded_routes;
pub(crate) use routes::{action, is_own};
