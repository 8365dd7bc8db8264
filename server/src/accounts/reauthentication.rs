//! The proof that whoever has a session is the account's owner, for what outlives the session.
//!
//! A sign-in is such a proof for ten minutes, as in the sudo mode of others; later the password is asked for. What protects the account itself,
//! the password and the second factor, asks for the password each time.

use app::door::Reauthentication;
use store::{Session, User};

/// A sign-in is a proof for so long.
const FRESH_MS: u64 = 10 * 60 * 1_000;

/// Returns the proof that is missing.
pub(super) fn missing(user: &User, this: Option<&Session>, now: u64) -> Reauthentication {
    // A session that began in the future did so by a clock that was wrong.
    let is_fresh = |session: &Session| (0..FRESH_MS).contains(&now.wrapping_sub(session.created_ms));
    if this.is_some_and(is_fresh) {
        Reauthentication::NotNeeded
    } else if user.password.is_some() {
        Reauthentication::Password
    } else {
        Reauthentication::SignIn
    }
}

#[cfg(test)]
mod tests {
    use common::role::Role;
    use store::{PasswordHash, SessionId, UserId};

    use super::*;

    fn user(password: Option<&str>) -> User {
        User {
            id: UserId(1),
            name: "kim".into(),
            role: Role::Viewer,
            created_ms: 0,
            disabled_ms: None,
            password: password.map(|hash| PasswordHash(hash.into())),
            totp: None,
            totp_step: None,
        }
    }

    fn begun_at(created_ms: u64) -> Session {
        Session {
            id: SessionId(1),
            user: UserId(1),
            created_ms,
            expires_ms: u64::MAX,
            seen_ms: created_ms,
            address: String::new(),
            agent: String::new(),
        }
    }

    #[test]
    fn a_sign_in_is_a_proof_for_ten_minutes_and_then_the_password_is() {
        let kim = user(Some("$a"));
        let at = |now: u64| missing(&kim, Some(&begun_at(1_000)), now);
        assert_eq!(at(1_000), Reauthentication::NotNeeded);
        assert_eq!(at(1_000 + FRESH_MS - 1), Reauthentication::NotNeeded);
        assert_eq!(at(1_000 + FRESH_MS), Reauthentication::Password);
        assert_eq!(at(999), Reauthentication::Password, "the clock was set back");
        assert_eq!(missing(&kim, None, 1_000), Reauthentication::Password);
        let without = user(None);
        assert_eq!(missing(&without, Some(&begun_at(0)), FRESH_MS), Reauthentication::SignIn);
        assert_eq!(missing(&without, Some(&begun_at(1)), FRESH_MS), Reauthentication::NotNeeded);
    }
}
