//! Web Push: messages to browsers while no page is open. One is encrypted for its browser alone (RFC 8291), signed by this server (VAPID, RFC
//! 8292) and handed to the push service that the browser has chosen (RFC 8030), which delivers it.
//!
//! A push service's address comes from a person's browser, so it may be anything: it is asked only where it is public and https, or named in
//! the settings.

mod client;
mod encryption;
mod endpoint;
mod message;
mod metrics;
mod outcome;
mod public_address;
mod settings;
mod vapid;

pub(crate) use client::{PUSH_DEADLINE, WebPush};
pub(crate) use endpoint::{BadEndpoint, PushEndpoint};
pub(crate) use message::PushMessage;
pub(crate) use outcome::PushOutcome;
pub use settings::PushConfig;
