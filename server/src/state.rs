//! What requests are answered from.

use std::{net::SocketAddr, sync::Arc};

use transports::{
    gate::{RateLimiter, Sites, TrustedProxies},
    live::Live,
};

use crate::{chat::Chat, doctor::Doctor, hosts::LocalHost, lab::Labs, operator::OperatorToken};

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) live: Live,
    pub(crate) host: Arc<LocalHost>,
    pub(crate) chat: Chat,
    pub(crate) labs: Labs,
    pub(crate) doctor: Doctor,
    pub(crate) proxies: TrustedProxies,
    pub(crate) sites: Sites,
    pub(crate) operator: OperatorToken,
    /// How often each client may publish.
    pub(crate) publishers: Arc<RateLimiter>,
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    pub(crate) site: leptos::config::LeptosOptions,
}
