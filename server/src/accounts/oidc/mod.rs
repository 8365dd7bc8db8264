//! Sign-in at a provider of OpenID Connect: any that can be found by discovery, by the authorisation code flow with PKCE. An account is
//! bound to the provider's issuer and its word for a person, never to a name or an address.

mod claims;
pub(super) mod flow;
mod http_client;
pub(super) mod provider;
pub(super) mod settings;
