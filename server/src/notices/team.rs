//! The accounts that notices are for, by their names.

use std::collections::HashMap;

use common::notice::NoticeAudience;
use serde::Serialize;
use store::{Notice, StoreError, User, UserId};
use utoipa::ToSchema;

use super::service::Notices;

/// The names of the accounts that notices are for.
pub(super) struct PersonNames(HashMap<u64, String>);

impl PersonNames {
    /// Reads those that are needed.
    pub(super) async fn of<'a>(
        notices: &Notices,
        all: impl Iterator<Item = &'a Notice>,
    ) -> Result<Self, StoreError> {
        let mut names = HashMap::new();
        for notice in all {
            if let NoticeAudience::User(user) = notice.sent.audience
                && !names.contains_key(&user)
                && let Some(found) = notices.store().users().by_id(UserId(user)).await?
            {
                names.insert(user, found.name);
            }
        }
        Ok(Self(names))
    }

    /// Returns the name of an account; empty where it was not read.
    pub(super) fn name(&self, user: u64) -> String {
        self.0.get(&user).cloned().unwrap_or_default()
    }

    /// Returns an audience as it is said in a request.
    pub(super) fn said(&self, audience: NoticeAudience) -> String {
        match audience {
            NoticeAudience::User(user) => format!("user:{}", self.name(user)),
            other => other.to_string(),
        }
    }
}

/// Someone who has read a notice.
#[derive(Serialize, ToSchema)]
pub(super) struct ReaderView {
    /// The account's name; absent where there was no account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// The moment at which they read it, milliseconds since 1970.
    pub(super) read_ms: u64,
}

/// The accounts, for those who look who has read.
pub(super) struct Team(Vec<User>);

impl Team {
    pub(super) async fn of(notices: &Notices) -> Result<Self, StoreError> {
        // A team is small; a page of them is a thousand.
        notices.store().users().list(None, store::PAGE).await.map(Self)
    }

    /// Returns who has read a notice, and the names of those who have not.
    pub(super) async fn readers(
        &self,
        notices: &Notices,
        notice: &Notice,
    ) -> Result<(Vec<ReaderView>, Vec<String>), StoreError> {
        let receipts = notices.store().notices().readers(notice.id).await?;
        let name = |user: UserId| self.0.iter().find(|one| one.id == user).map(|one| one.name.clone());
        let read =
            receipts.iter().map(|one| ReaderView { name: name(one.user), read_ms: one.read_ms }).collect();
        let has_read = |user: &User| receipts.iter().any(|one| one.user == user.id);
        let is_for = |user: &User| match notice.sent.audience {
            NoticeAudience::All => true,
            NoticeAudience::Role(least) => user.role >= least,
            NoticeAudience::User(one) => user.id.0 == one,
        };
        let waiting =
            self.0.iter().filter(|user| user.disabled_ms.is_none() && is_for(user) && !has_read(user));
        Ok((read, waiting.map(|user| user.name.clone()).collect()))
    }
}
