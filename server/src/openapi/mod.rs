//! The description of the REST API. Each feature describes its own operations; put together they are an OpenAPI document, which is
//! served, rendered as a page, and committed as `docs/openapi.json`.

mod access_rule;
mod bounds;
mod document;
mod error_answer;
pub(crate) mod feature;
pub(crate) mod operation;
mod page;

pub(crate) use document::{document, text};
