//! The right to do something. A request or a connection belongs to a [`Principal`]; an [`Authorizer`] says whether that may do an [`Action`]. The table
//! of roles and actions stands in one place ([`TABLE`]), from which docs and tests are made.
//!
//! Some topics are addressed: what stands on them is for one role or one person ([`is_addressed`]). [`AccessTable`] decides who follows them.

mod action;
mod addressed;
mod authorizer;
mod principal;
mod private;
mod scope;

pub use action::{Action, TABLE};
pub use addressed::{is_addressed, may_be_addressed};
pub use authorizer::{AccessTable, AllowAll, Authorizer, Denied};
pub use principal::{Credential, Principal};
pub use private::{NotForDisplay, check_display};
pub use scope::{BadScope, Scope, ScopeTopics};
