//! The two ceremonies of WebAuthn, registration and authentication, as they are begun and ended.

use std::time::Duration;

use app::door::PasskeyChallenge;
use serde_json::{Value, json};
use store::{StoreError, User};
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{
        CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
        RegisterPublicKeyCredential, Url, WebauthnError,
    },
};

use super::signed_state::{self, Purpose};
use crate::accounts::{secrets, visitor::Visitor};

/// A challenge is answered within this time. The page of sign-in stands open for long.
const SIGN_IN_MS: u64 = 60 * 60_000;
const REGISTRATION_MS: u64 = 10 * 60_000;
/// The browser gives up asking after this time.
const PATIENCE: Duration = Duration::from_secs(120);
/// The name of the key in the store.
const KEY: &str = "passkey-challenges";

const REGISTER: &str = "add a passkey";
const SIGN_IN: &str = "sign in by a passkey";

/// The site as WebAuthn knows it, by the address at which the browser has opened it.
pub(in crate::accounts) struct RelyingParty {
    webauthn: Webauthn,
    /// The RP ID.
    pub(super) domain: String,
}

/// An answer that is right.
pub(super) struct RightAnswer {
    /// The credential as it is since.
    pub(super) credential: String,
    /// When its challenge ends by itself.
    pub(super) expires_ms: u64,
}

impl RelyingParty {
    /// Returns the site of a request; none where it was opened by an IP address, for which there are no passkeys.
    pub(in crate::accounts) fn of(visitor: &Visitor) -> Option<Self> {
        let origin = Url::parse(&visitor.origin()).ok()?;
        let domain = origin.domain()?.to_owned();
        let builder = WebauthnBuilder::new(&domain, &origin).ok()?;
        let webauthn = builder.rp_name("Pulseboard").timeout(PATIENCE).build().ok()?;
        Some(Self { webauthn, domain })
    }

    /// Begins to add a passkey to an account. `has` are the credentials that it has: no device makes a second one.
    pub(super) async fn begin_registration(
        &self,
        visitor: &Visitor,
        user: &User,
        has: Vec<CredentialID>,
    ) -> Result<PasskeyChallenge, StoreError> {
        let key = key(visitor).await?;
        let handle = signed_state::handle(&key, user.id);
        let begun = self.webauthn.start_passkey_registration(handle, &user.name, &user.name, Some(has));
        let (options, state) = begun.map_err(failed)?;
        let mut options = serde_json::to_value(options.public_key).map_err(failed)?;
        // Found by the browser without a name, which the library leaves to the device.
        let selection = &mut options["authenticatorSelection"];
        selection["residentKey"] = json!("required");
        selection["requireResidentKey"] = json!(true);
        let expires_ms = visitor.accounts.now() + REGISTRATION_MS;
        let owner = owner(visitor, user);
        let purpose = Purpose { ceremony: REGISTER, owner: &owner };
        challenge(&key, purpose, options, &state, expires_ms)
    }

    /// Ends it. None where the answer is none to a challenge of this account's session.
    pub(super) async fn end_registration(
        &self,
        visitor: &Visitor,
        user: &User,
        (challenge, answer): (&str, &str),
    ) -> Result<Option<(Vec<u8>, String)>, StoreError> {
        let key = key(visitor).await?;
        let owner = owner(visitor, user);
        let purpose = Purpose { ceremony: REGISTER, owner: &owner };
        let now = visitor.accounts.now();
        let state = signed_state::read::<PasskeyRegistration>(&key, purpose, challenge, now);
        let (Some((state, _)), Some(answer)) = (state, read::<RegisterPublicKeyCredential>(answer)) else {
            return Ok(None);
        };
        match self.webauthn.finish_passkey_registration(&answer, &state) {
            Ok(passkey) => {
                let credential = serde_json::to_string(&passkey).map_err(failed)?;
                Ok(Some((passkey.cred_id().to_vec(), credential)))
            }
            Err(error) => Ok(refused(&error)),
        }
    }

    /// Begins to sign in, whoever it is.
    pub(in crate::accounts) async fn begin_sign_in(
        &self,
        visitor: &Visitor,
    ) -> Result<PasskeyChallenge, StoreError> {
        let key = key(visitor).await?;
        let (options, state) = self.webauthn.start_discoverable_authentication().map_err(failed)?;
        let options = serde_json::to_value(options.public_key).map_err(failed)?;
        let browser = visitor.form_token();
        let purpose = Purpose { ceremony: SIGN_IN, owner: &browser };
        challenge(&key, purpose, options, &state, visitor.accounts.now() + SIGN_IN_MS)
    }

    /// Holds an answer against the passkey that it names. None where it is none to a challenge that this browser was given.
    pub(super) async fn end_sign_in(
        &self,
        visitor: &Visitor,
        (challenge, answer): (&str, &PublicKeyCredential),
        (user, credential): (&User, &str),
    ) -> Result<Option<RightAnswer>, StoreError> {
        let key = key(visitor).await?;
        let browser = visitor.form_token();
        let purpose = Purpose { ceremony: SIGN_IN, owner: &browser };
        let now = visitor.accounts.now();
        let state = signed_state::read::<DiscoverableAuthentication>(&key, purpose, challenge, now);
        let Some((state, expires_ms)) = state else { return Ok(None) };
        let named = self.webauthn.identify_discoverable_authentication(answer);
        if named.ok().is_none_or(|(handle, _)| handle != signed_state::handle(&key, user.id)) {
            return Ok(None);
        }
        let mut passkey: Passkey = serde_json::from_str(credential).map_err(failed)?;
        match self.webauthn.finish_discoverable_authentication_v2(answer, state, &passkey) {
            Ok(result) if result.user_verified() => {
                passkey.update_credential(&result);
                let credential = serde_json::to_string(&passkey).map_err(failed)?;
                Ok(Some(RightAnswer { credential, expires_ms }))
            }
            Ok(_) => Ok(None),
            Err(error) => Ok(refused(&error)),
        }
    }
}

/// Reads an answer of a browser.
pub(super) fn read<T: serde::de::DeserializeOwned>(answer: &str) -> Option<T> {
    serde_json::from_str(answer).ok()
}

/// Returns the id of a credential as it was kept.
pub(super) fn credential_id(credential: &str) -> Option<CredentialID> {
    let passkey: Passkey = serde_json::from_str(credential).ok()?;
    Some(passkey.cred_id().clone())
}

fn challenge(
    key: &[u8],
    purpose: Purpose<'_>,
    options: Value,
    state: &impl serde::Serialize,
    expires_ms: u64,
) -> Result<PasskeyChallenge, StoreError> {
    let challenge = signed_state::write(key, purpose, state, expires_ms).map_err(failed)?;
    Ok(PasskeyChallenge { options: options.to_string(), challenge })
}

/// The account's session: what is begun in one is not ended in another.
fn owner(visitor: &Visitor, user: &User) -> String {
    let session = visitor.signed_in().map(|(_, session)| session.to_string()).unwrap_or_default();
    format!("{}\0{session}", user.id)
}

/// The key that all nodes sign with.
async fn key(visitor: &Visitor) -> Result<Vec<u8>, StoreError> {
    let inner = &visitor.accounts.0;
    let make = async {
        let candidate = secrets::make("").map_err(failed)?.into_bytes();
        inner.store.server_secrets().get_or_create(KEY, candidate).await
    };
    inner.passkey_key.get_or_try_init(|| make).await.cloned()
}

fn refused<T>(error: &WebauthnError) -> Option<T> {
    tracing::info!(%error, "a passkey was refused");
    None
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(error.to_string())
}
