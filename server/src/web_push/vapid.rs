//! The key by which push services know this server, and what it signs for them (VAPID, RFC 8292).

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::json;
use store::{ServerSecretStore, StoreError};

/// The name of the key in the store.
const KEY: &str = "web-push-key";
/// A signed word holds for so long; a push service takes none of more than a day (RFC 8292 §2).
const HOLDS_SECONDS: u64 = 12 * 60 * 60;

/// The key. Subscriptions belong to it: with another one, every browser would have to subscribe again.
pub(super) struct VapidKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl fmt::Debug for VapidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VapidKey").field(&self.public()).finish()
    }
}

impl VapidKey {
    /// Takes the key that all nodes share, and makes it where there is none.
    ///
    /// # Errors
    /// When the store does not answer, or holds something else.
    pub(super) async fn open(secrets: &dyn ServerSecretStore) -> Result<Self, StoreError> {
        let random = SystemRandom::new();
        let candidate = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        let candidate = candidate.map_err(|_| StoreError::Failed("no key of Web Push can be made".into()))?;
        let kept = secrets.get_or_create(KEY, candidate.as_ref().to_vec()).await?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &kept, &random);
        let pair = pair.map_err(|_| StoreError::Damaged("the key of Web Push is none".into()))?;
        Ok(Self { pair, random })
    }

    /// Returns the public key as browsers and push services take it.
    pub(super) fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.public_key())
    }

    /// Returns the header `Authorization` of a message to a push service (RFC 8292 §3).
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(super) fn authorization(
        &self,
        service: &str,
        contact: &str,
        now_ms: u64,
    ) -> Result<String, ring::error::Unspecified> {
        let header = URL_SAFE_NO_PAD.encode(json!({"typ": "JWT", "alg": "ES256"}).to_string());
        let claims = json!({"aud": service, "exp": now_ms / 1_000 + HOLDS_SECONDS, "sub": contact});
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.pair.sign(&self.random, signed.as_bytes())?;
        Ok(format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature), self.public()))
    }
}
