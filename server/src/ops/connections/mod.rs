//! The live connections over REST: who is connected, how well each keeps up, ending one, following one. Until there are accounts, for the
//! server's own machine alone.

mod api;
mod local;

pub(super) use api::routes;
