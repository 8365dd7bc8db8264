//! The state of a ceremony, which the browser brings back with its answer: signed, so that it is what was written, by this server, for this
//! browser, and not long ago.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;

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
    let signature = sign(key, purpose, &state, expires_ms);
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
    let (state, expires_ms, signature) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    if now >= expires_ms || !secrets::are_equal(&sign(key, purpose, state, expires_ms), signature) {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(state).ok()?;
    Some((serde_json::from_slice(&bytes).ok()?, expires_ms))
}

fn sign(key: &[u8], purpose: Purpose<'_>, state: &str, expires_ms: u64) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    let Purpose { ceremony, owner } = purpose;
    mac.update(format!("{ceremony}\0{owner}\0{state}\0{expires_ms}").as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: Purpose<'_> = Purpose { ceremony: "sign in", owner: "a browser" };

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
