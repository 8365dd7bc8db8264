//! Pages, their files, and what every answer carries.

pub(crate) mod headers;
mod html;
mod network;
pub(crate) mod not_found;
pub(crate) mod pages;
pub(crate) mod panic_guard;
pub(crate) mod publish;
pub(crate) mod reader;
pub(crate) mod rejections;
mod shape;
pub(crate) mod site;
pub(crate) mod socketio_client;
