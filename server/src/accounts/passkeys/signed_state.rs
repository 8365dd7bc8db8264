//! The state of a ceremony, which the browser brings back with its answer: signed, so that it is what was written, by this server, for this
//! browser, and not long ago.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use store::UserId;
use webauthn_rs::prelude::Uuid;

use crate::accounts::secrets;

/// The ceremony that a state belongs to, and whose it is: a state of one is none of another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Purpose<'a> {
    pub(super) ceremony: &'static str,
    pub(super) owner: &'a str,
}

/// Writes a state that ends at a time.
///
/// # Errors
/// Never: a state is plain data.
pub(super) fn write(
    key: &[u8],
    purpose: Purpose<'_>,
    state: &impl Serialize,
    expires_ms: u64,
) -> serde_json::Result<String> {
    let state = URL_SAFE_NO_PAD.encode(serde_json::to_vec(state)?);
    let expires_ms = expires_ms.to_string();
    let signature = sign(key, purpose, &state, &expires_ms);
    Ok(format!("{state}.{expires_ms}.{signature}"))
}

/// Reads a state and the time at which it ends; none where it is not what was written, or has ended.
pub(super) fn read<T: DeserializeOwned>(
    key: &[u8],
    purpose: Purpose<'_>,
    text: &str,
    now: u64,
) -> Option<(T, u64)> {
    let mut parts = text.splitn(3, '.');
    let (state, expires_ms, signature) = (parts.next()?, parts.next()?, parts.next()?);
    // As it was written, letter by letter: a challenge that is spelled in another way would count once more.
    if !secrets::are_equal(&sign(key, purpose, state, expires_ms), signature) {
        return None;
    }
    let expires_ms = expires_ms.parse().ok().filter(|ends| now < *ends)?;
    let bytes = URL_SAFE_NO_PAD.decode(state).ok()?;
    Some((serde_json::from_slice(&bytes).ok()?, expires_ms))
}

fn sign(key: &[u8], purpose: Purpose<'_>, state: &str, expires_ms: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    let Purpose { ceremony, owner } = purpose;
    mac.update(format!("{ceremony}\0{owner}\0{state}\0{expires_ms}").as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// Returns a number for an account that only this board gives it: a device keeps one passkey for each number and host, and another board on
/// the host has an account of the same number in its store.
pub(super) fn handle(key: &[u8], user: UserId) -> Uuid {
    let mut handle = [0; 16];
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
        mac.update(format!("user handle\0{user}").as_bytes());
        handle.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    }
    Uuid::from_bytes(handle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: Purpose<'_> = Purpose { ceremony: "sign in", owner: "a browser" };

    #[test]
    fn an_account_has_one_number_at_each_board() {
        let first = handle(b"key", UserId(1));
        assert_eq!(first, handle(b"key", UserId(1)));
        assert_ne!(first, handle(b"key", UserId(2)));
        assert_ne!(first, handle(b"another board's", UserId(1)));
    }

    #[test]
    fn a_state_is_read_as_it_was_written_by_whom_it_is_for_and_in_time() {
        let text = write(b"key", MINE, &vec![1, 2], 1_000).expect("plain data");
        let read = |key: &[u8], purpose, text: &str, now| read::<Vec<u8>>(key, purpose, text, now);
        assert_eq!(read(b"key", MINE, &text, 999), Some((vec![1, 2], 1_000)));
        assert_eq!(read(b"key", MINE, &text, 1_000), None, "too late");
        assert_eq!(read(b"other", MINE, &text, 999), None);
        assert_eq!(read(b"key", Purpose { owner: "another", ..MINE }, &text, 999), None);
        assert_eq!(read(b"key", Purpose { ceremony: "add", ..MINE }, &text, 999), None);
        let (state, rest) = text.split_once('.').expect("parts");
        let other = write(b"key", MINE, &vec![3, 4], 1_000).expect("plain data");
        let (other, _) = other.split_once('.').expect("parts");
        for forged in [
            text.replace(".1000.", ".9000."),
            text.replace(".1000.", ".+1000."),
            text.replace(".1000.", ".01000."),
            format!("{other}.{rest}"),
            format!("{state}.1000."),
            format!("{state}.1000"),
            "..".into(),
            String::new(),
        ] {
            assert_eq!(read(b"key", MINE, &forged, 999), None, "{forged}");
        }
    }
}
