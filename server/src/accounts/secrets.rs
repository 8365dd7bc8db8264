//! Secrets that the server gives out once and knows again by their hash: sessions, tokens, links.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The random bytes of a secret.
const RANDOM: usize = 32;

/// The system gives no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system has no randomness")]
pub(crate) struct NoRandom;

/// Makes a secret that begins with `prefix`, by which people and scanners see what it is.
///
/// # Errors
/// When the system gives no random numbers.
pub(crate) fn make(prefix: &str) -> Result<String, NoRandom> {
    let mut random = [0; RANDOM];
    getrandom::fill(&mut random).map_err(|_| NoRandom)?;
    Ok(random.iter().fold(prefix.to_owned(), |text, byte| format!("{text}{byte:02x}")))
}

/// Makes a secret that people may type: 20 letters and digits, none of which looks like another, 100 bits.
///
/// # Errors
/// When the system gives no random numbers.
pub(crate) fn make_short() -> Result<String, NoRandom> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstvwxyz0123456789";
    let mut random = [0; 20];
    getrandom::fill(&mut random).map_err(|_| NoRandom)?;
    Ok(random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

/// Returns the token of forms that belongs to a secret: it says nothing of the secret.
#[must_use]
pub(crate) fn form_token(secret: &str) -> String {
    let digest = Sha256::new().chain_update(b"form\0").chain_update(secret.as_bytes()).finalize();
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Compares two texts in a time that says nothing of where they differ.
#[must_use]
pub(crate) fn are_equal(one: &str, other: &str) -> bool {
    bool::from(one.as_bytes().ct_eq(other.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_and_new_each_time() {
        let (one, other) = (make("pbt_").expect("random"), make("pbt_").expect("random"));
        assert_eq!(one.len(), 4 + 64);
        assert!(one.starts_with("pbt_") && one != other);
        assert!(!one.contains(&form_token(&one)) && form_token(&one) != form_token(&other));
        assert!(are_equal(&one, &one.clone()) && !are_equal(&one, &other) && !are_equal(&one, ""));
    }
}
