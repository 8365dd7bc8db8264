//! Attempts at what protects an account: a password, or a second factor. Each is counted as wrong until it proves right, so that those
//! which come at once count, too.

use std::net::IpAddr;

use store::{AuditFilter, User, UserId};
use transports::gate::ClientKey;

use super::{entry::of, visitor::Visitor};

/// So many of an account's sign-ins are looked at.
const RECENT: usize = 200;

/// An attempt that is under way, and counted.
pub(super) struct Attempt<'a> {
    visitor: &'a Visitor,
    key: String,
}

impl<'a> Attempt<'a> {
    /// Begins an attempt under a key. `user` is the account that it is about; none where there is no such account.
    ///
    /// # Errors
    /// The seconds to wait, where too many were wrong.
    pub(super) async fn begin(visitor: &'a Visitor, key: String, user: Option<&User>) -> Result<Self, u64> {
        let is_known = has_signed_in_from_here(visitor, user).await;
        let throttle = &visitor.accounts.0.throttle;
        if let Some(wait) = throttle.wait(&key, visitor.address, is_known) {
            return Err(wait.as_secs().max(1));
        }
        throttle.count_wrong(&key, visitor.address);
        Ok(Self { visitor, key })
    }

    /// Takes back what was counted: it was right, or the server could not tell.
    pub(super) fn take_back(self) {
        self.visitor.accounts.0.throttle.count_right(&self.key, self.visitor.address);
    }
}

/// Reports that the owner has signed in from this network: no stranger makes it wait there. The audit log knows it longer than sessions
/// last. An account that is not there is looked for all the same, so that the time says nothing of which names exist.
async fn has_signed_in_from_here(visitor: &Visitor, user: Option<&User>) -> bool {
    let actor = user.map_or_else(|| format!("user:{}", UserId(0)), of);
    let filter = AuditFilter {
        actor: Some(actor),
        action: Some("sign_in".to_owned()),
        limit: RECENT,
        ..AuditFilter::default()
    };
    let here = ClientKey::from(visitor.address);
    let sign_ins = visitor.accounts.store().audit().list(filter).await.unwrap_or_default();
    let addresses = sign_ins.iter().filter_map(|entry| entry.audit.address.parse::<IpAddr>().ok());
    addresses.map(ClientKey::from).any(|there| there == here)
}
