//! Accounts: who may sign in, how they prove it, and what they may do. Documents and their texts are the app's (`app::door`), what is kept is
//! the store's, and who may do what is the table's in `access`.

mod attempts;
mod audit;
mod audit_retention;
mod authenticators;
pub mod command_line;
pub mod commands;
mod cookies;
mod devices;
mod directory;
mod entry;
mod feature;
mod first_account;
mod form;
mod invitations;
pub(crate) mod names;
mod oidc;
mod opening;
mod own;
mod passkeys;
mod passwords;
mod people;
mod preferences;
mod qr_code;
mod reauthentication;
mod second_factor;
mod secrets;
mod sign_in;
mod throttle;
mod tokens;
mod totp_set_up;
mod visitor;
mod wall_display;
mod watch;

pub use audit_retention::AuditConfig;
pub(crate) use authenticators::{AGENT_KEY_PREFIX, AgentKey, BearerToken, SessionCookie, agent_key};
pub(crate) use commands::ENROLMENT_MS;
pub(crate) use directory::AccountDirectory;
pub(crate) use feature::FEATURE;
pub(crate) use form::DoorForm;
pub use oidc::settings::OidcConfig;
pub(crate) use opening::{open, open_store};
pub(crate) use secrets::{make as make_secret, make_short as make_short_secret};
pub(crate) use visitor::{DoorState, Visitor, own_path};
pub(crate) use wall_display::WallDisplay;
pub use wall_display::{AnonymousTopics, BadAnonymousTopics};
