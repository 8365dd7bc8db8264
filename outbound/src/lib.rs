//! HTTP requests to others: over TLS where the address says so, with a bound for the answer. Redirects are not
//! followed. Which addresses may be asked, and for how long, is the caller's to say.

mod client;
mod kept;
mod unverified;

pub use client::{AuthorityError, ExchangeError, Outbound, exchange_with, system_authorities};
pub use kept::{BodyStream, KeptConnection};
