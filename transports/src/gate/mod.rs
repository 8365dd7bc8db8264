//! What stands before every live connection: who asks, which sites may ask, how many may come, and what they ask for.

mod address;
mod admission;
mod allowed;
mod asked;
mod client;
mod enter;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod host;
mod proxies;
mod rate_limiter;
mod refusal;
mod sites;
mod throttle;

pub use address::ClientKey;
pub use admission::{Admission, Connections, Limits, Permit};
pub(crate) use allowed::allowed;
pub use asked::Asked;
pub(crate) use client::{client, enter_as};
pub(crate) use enter::{Away, enter, enter_again};
pub use host::{BadHostName, HostName};
pub use proxies::{BadPreface, BadTrustedProxy, Client, TrustedProxies, TrustedProxy, identify};
pub use rate_limiter::RateLimiter;
pub use refusal::Refusal;
pub use sites::{Sites, guard};
pub(crate) use throttle::Throttle;
