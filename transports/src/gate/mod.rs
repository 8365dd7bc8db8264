//! What stands before every live connection: which sites may ask, how many may come, and what they ask for.

mod admission;
mod asked;
mod refusal;
mod sites;

pub use admission::{Admission, Connections, Limits, Permit};
pub use asked::Asked;
pub use refusal::Refusal;
pub use sites::{Sites, guard};
