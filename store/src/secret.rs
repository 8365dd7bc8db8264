//! Secrets as a store keeps them. `Debug` prints none of them, so no log has them by accident.

use std::fmt;

use sha2::{Digest, Sha256};

/// The SHA-256 of a secret that was made at random: of a session, a token, an invitation, a recovery code, an enrolment or an agent.
/// It is enough to find the row, and nobody who reads the store can sign in with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    /// Computes the hash of a secret.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

/// The hash of a password as a PHC string, with its algorithm, parameters and salt.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// The key from which one-time passwords are computed (RFC 6238). A server needs the key itself, so it is stored as it is.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(pub Vec<u8>);

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", SecretHash([7; 32])), "SecretHash(..)");
        assert_eq!(format!("{:?}", PasswordHash("$argon2id$v=19$x".into())), "PasswordHash(..)");
        assert_eq!(format!("{:?}", TotpSecret(vec![7; 20])), "TotpSecret(..)");
    }

    #[test]
    fn the_hash_is_sha_256() {
        // FIPS 180-4's example.
        let start: [u8; 4] = [0xba, 0x78, 0x16, 0xbf];
        assert_eq!(SecretHash::of(b"abc").0[..4], start);
    }
}
