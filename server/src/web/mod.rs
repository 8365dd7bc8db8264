//! Pages, their files, and what every answer carries.

pub(crate) mod fault;
pub(crate) mod headers;
mod html;
pub(crate) mod missing;
mod network;
pub(crate) mod pages;
pub(crate) mod publish;
pub(crate) mod reader;
mod shape;
pub(crate) mod site;
pub(crate) mod socketio_client;
pub(crate) mod unreadable;
