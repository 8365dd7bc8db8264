//! The part of a description that says who may ask. It is found by asking the table that decides.

use access::{AccessTable, Action, Authorizer, Principal, Scope};
use common::{frame::ErrorCode, role::Role};
use serde_json::{Value, json};
use utoipa::openapi::{
    SecurityRequirement,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// The names of the two proofs in the document.
pub(super) const SESSION: &str = "session";
pub(super) const TOKEN: &str = "token";

/// A scope of each kind, as wide as it can be for topics that programs have.
const SCOPES: [&str; 6] = ["read:*", "publish:custom/*", "send:*", "connections", "notices", "agent"];

/// The rule of one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AccessRule {
    action: Action,
    /// The least role; none where nobody has to sign in.
    pub(super) role: Option<Role>,
    /// Scopes of which a token needs one; none where no token reaches so far.
    pub(super) scopes: Vec<&'static str>,
    /// Whoever asks from the server's own machine may, while there is no account.
    pub(super) in_open_house: bool,
    /// Whoever has not signed in may, as far as the settings show topics to everyone.
    pub(super) anonymous: bool,
}

impl AccessRule {
    pub(super) fn of(action: Action) -> Self {
        let role = action.least_role();
        let table = AccessTable::default();
        let reaches = |text: &&str| {
            let scopes: Vec<Scope> = text.parse().into_iter().collect();
            let program = Principal::program(1, "", Role::Admin, 1, scopes.into());
            table.may(&program, action, None).is_ok()
        };
        let shown = AccessTable { anonymous_topics: "custom/*".parse().into_iter().collect() };
        Self {
            action,
            role,
            scopes: SCOPES.into_iter().filter(|scope| role.is_some() && reaches(scope)).collect(),
            in_open_house: table.may(&Principal::open_house(), action, None).is_ok(),
            anonymous: shown.may(&Principal::wall_display(), action, None).is_ok(),
        }
    }

    /// Returns the proofs, of which one is enough; none at all where nobody has to sign in.
    pub(super) fn requirements(&self) -> Vec<SecurityRequirement> {
        let session = self.role.map(|_| SecurityRequirement::new(SESSION, [""; 0]));
        let tokens = self.scopes.iter().map(|scope| SecurityRequirement::new(TOKEN, [*scope]));
        session.into_iter().chain(tokens).collect()
    }

    /// Returns the error of whoever carries no proof.
    pub(super) const fn missing_proof(&self) -> ErrorCode {
        match self.action {
            Action::ManageConnections => ErrorCode::OperatorOnly,
            _ => ErrorCode::NotSignedIn,
        }
    }

    /// Returns the rule in one sentence.
    pub(super) fn sentence(&self) -> String {
        let Some(role) = self.role else { return "For everyone.".to_owned() };
        let scopes: Vec<_> = self.scopes.iter().map(|scope| format!("`{scope}`")).collect();
        let token = match scopes.is_empty() {
            true => "no token reaches it".to_owned(),
            false => format!("a token needs the scope {}", scopes.join(" or ")),
        };
        format!("For the role {role} and greater ones; {token}.")
    }

    /// Returns the extension `x-access` of an operation.
    pub(super) fn extension(&self) -> Value {
        json!({
            "action": self.action.name(),
            "anonymous": self.anonymous,
            "open_house": self.in_open_house,
            "role": self.role,
        })
    }
}

/// Returns the proofs that there are.
pub(super) fn schemes() -> [(&'static str, SecurityScheme); 2] {
    let cookie = ApiKeyValue::with_description(
        "__Host-pulseboard-session",
        "The session of a person who has signed in at `/sign-in`. Over plain HTTP the cookie is `pulseboard-session`.",
    );
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "An API token, made on the page `/account` or by `pulseboard token create`. What it may do, its scopes say.",
    ));
    [(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie))), (TOKEN, SecurityScheme::Http(bearer.build()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_an_action_is_that_of_the_table() {
        let rule = |action| {
            let AccessRule { role, scopes, in_open_house, anonymous, .. } = AccessRule::of(action);
            (role, scopes, in_open_house, anonymous)
        };
        assert_eq!(rule(Action::ReadPublic), (None, vec![], true, true));
        assert_eq!(rule(Action::ReadFigures), (Some(Role::Viewer), vec!["read:*"], true, false));
        assert_eq!(rule(Action::ReadTopic), (Some(Role::Viewer), vec!["read:*"], true, true));
        assert_eq!(rule(Action::Publish), (Some(Role::Operator), vec!["publish:custom/*"], true, false));
        assert_eq!(
            rule(Action::ManageConnections),
            (Some(Role::Operator), vec!["connections"], false, false)
        );
        assert_eq!(rule(Action::ReadAudit), (Some(Role::Admin), vec![], false, false));
    }
}
