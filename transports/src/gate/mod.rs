//! The checks before every live connection: the client's address, its origin, the limits, and the query.

mod address;
mod admission;
mod admit;
mod allowed;
mod api_rejection;
mod client;
mod concurrency;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod host;
mod origin_policy;
mod principal;
mod proxies;
mod rate_limiter;
mod subscribe_query;
mod token_bucket;

pub use address::ClientKey;
pub(crate) use admission::FOLLOWERS;
pub use admission::{Admission, ConnectionCounts, Limits, Permit};
pub(crate) use admit::{RetryLater, admit, admit_again, authorize, may_go_on, readable, still_authorized};
pub(crate) use allowed::allowed;
pub use api_rejection::ApiRejection;
pub(crate) use api_rejection::retry_after;
pub(crate) use client::{admit_as, client};
pub use host::{BadHostName, HostName};
pub use origin_policy::{OriginPolicy, guard};
pub(crate) use principal::principal;
pub use proxies::{BadProxyHeader, BadTrustedProxy, Client, TrustedProxies, TrustedProxy, identify};
pub use rate_limiter::RateLimiter;
pub use subscribe_query::SubscribeQuery;
pub(crate) use token_bucket::TokenBucket;
