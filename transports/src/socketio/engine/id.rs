//! Ids that cannot be guessed: whoever knows a session's id speaks for it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The system gives no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

/// 18 random bytes (144 bits) as 24 letters that are safe in a URL.
///
/// # Errors
/// When the system gives no random numbers.
pub fn random() -> Result<String, NoRandomness> {
    let mut bytes = [0; 18];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
