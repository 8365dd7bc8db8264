//! Pages, their files, and what every answer carries.

mod accept_encoding;
mod compressed;
mod etag;
mod feature;
pub(crate) mod headers;
mod html;
pub(crate) mod idempotency_key;
pub(crate) mod mount;
mod network;
pub(crate) mod not_found;
pub(crate) mod pages;
pub(crate) mod panic_guard;
mod publish;
pub(crate) mod reader;
pub(crate) mod rejections;
mod shape;
pub(crate) mod site;
mod socketio_client;

pub(crate) use compressed::compressed;
pub(crate) use feature::FEATURE;
pub(crate) use publish::FEATURE as PUBLISH;
pub use site::{CarriedFile, CarriedSite};
