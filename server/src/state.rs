//! The state that every handler shares.

use std::{net::SocketAddr, sync::Arc};

use transports::{
    gate::{OriginPolicy, RateLimiter, TrustedProxies},
    live::Live,
};

use crate::{chat::Chat, doctor::Doctor, hosts::LocalHost, lab::Labs, operator_token::OperatorToken};

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) live: Live,
    pub(crate) host: Arc<LocalHost>,
    pub(crate) chat: Chat,
    pub(crate) labs: Labs,
    pub(crate) doctor: Doctor,
    pub(crate) proxies: TrustedProxies,
    pub(crate) sites: OriginPolicy,
    pub(crate) operator: OperatorToken,
    /// The rate limit of each client's publications.
    pub(crate) publishers: Arc<RateLimiter>,
    /// The address that the server listens on.
    pub(crate) address: SocketAddr,
    pub(crate) site: leptos::config::LeptosOptions,
}
