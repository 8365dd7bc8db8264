//! Topics that are shown without signing in, as on a display on a wall: an authenticator for whoever has no proof, and its setting.

use std::{fmt, str::FromStr, sync::Arc};

use access::{NotForDisplay, Principal, check_display};
use axum::http::request::Parts;
use common::{TopicPattern, topic::BadTopic};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::directory::AccountDirectory;
use crate::access::{AuthenticationError, Authenticator};

/// A family of topics that may be read without signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AnonymousTopics {
    text: String,
    pattern: TopicPattern,
}

/// A text that names no topics which may be read without signing in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAnonymousTopics {
    /// It is no family of topics.
    #[error(transparent)]
    Family(#[from] BadTopic),
    /// They may never be shown.
    #[error("{text:?}: {why}")]
    Denied {
        /// The text.
        text: String,
        /// Why not.
        why: NotForDisplay,
    },
}

impl AnonymousTopics {
    /// Returns the family.
    #[must_use]
    pub fn pattern(&self) -> &TopicPattern {
        &self.pattern
    }
}

impl FromStr for AnonymousTopics {
    type Err = BadAnonymousTopics;

    fn from_str(text: &str) -> Result<Self, BadAnonymousTopics> {
        let pattern: TopicPattern = text.parse()?;
        match check_display(&pattern) {
            Ok(()) => Ok(Self { text: text.to_owned(), pattern }),
            Err(why) => Err(BadAnonymousTopics::Denied { text: text.to_owned(), why }),
        }
    }
}

impl TryFrom<String> for AnonymousTopics {
    type Error = BadAnonymousTopics;

    fn try_from(text: String) -> Result<Self, BadAnonymousTopics> {
        text.parse()
    }
}

impl From<AnonymousTopics> for String {
    fn from(topics: AnonymousTopics) -> Self {
        topics.text
    }
}

impl fmt::Display for AnonymousTopics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Knows whoever has no proof, where some topics are shown to them. It comes after all other authenticators. Before the first account it
/// knows nobody: beyond loopback nothing is served then, and on loopback everything is.
#[derive(Debug, Clone)]
pub(crate) struct WallDisplay {
    accounts: AccountDirectory,
    /// None where nothing is shown.
    principal: Option<Arc<Principal>>,
}

impl WallDisplay {
    pub(crate) fn new(accounts: AccountDirectory, topics: &[AnonymousTopics]) -> Self {
        let principal = (!topics.is_empty()).then(|| Arc::new(Principal::wall_display()));
        Self { accounts, principal }
    }
}

impl Authenticator for WallDisplay {
    fn authenticate<'a>(
        &'a self,
        _: &'a Parts,
    ) -> BoxFuture<'a, Result<Option<Arc<Principal>>, AuthenticationError>> {
        let found = self.principal.as_ref().filter(|_| self.accounts.has_account()).map(Arc::clone);
        Box::pin(async move { Ok(found) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_never_be_shown_is_refused_with_the_reason() {
        let read = |text: &str| text.parse::<AnonymousTopics>().map_err(|error| error.to_string());
        assert_eq!(read("host/*/metrics").map(String::from), Ok("host/*/metrics".to_owned()));
        let notices = read("notices/*").expect_err("it is private");
        assert_eq!(notices, r#""notices/*": notices topics are never shown without signing in"#);
        assert!(read("*/*").expect_err("it is everything").contains("`*` would show everything"));
        assert!(read("Host/x").expect_err("it is no topic").contains("is not a topic"));
    }
}
