//! The live connections over REST: who is connected, how well each keeps up, ending one, following one. Until there are accounts, for
//! who has the operator's token.

mod api;
mod nodes;
mod query;

pub(super) use api::{ConnectionsApi, operations, routes};
