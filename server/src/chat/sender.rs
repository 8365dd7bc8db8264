//! Sender ids: what others are told of the private name of a person's program.

use common::{MessageId, chat::SenderId};
use sha2::{Digest, Sha256};

/// Goes before the name, so that the digest is of no use elsewhere.
const DOMAIN: &[u8] = b"pulseboard-sender:";

/// Makes the id of a private name: the first 64 bits of a SHA-256. Private names are random, so nobody finds one by trying; and the id
/// stays the same over restarts without being kept.
pub(super) fn of(client: &MessageId) -> SenderId {
    let digest = Sha256::new().chain_update(DOMAIN).chain_update(client.as_str()).finalize();
    let bits = digest.iter().take(8).fold(0, |bits, &byte| bits << 8 | u64::from(byte));
    SenderId::new(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_the_documented_command_says() {
        // printf pulseboard-sender:client-of-kim | sha256sum | cut -c 1-16
        let id = of(&"client-of-kim".parse().expect("a name"));
        assert_eq!(id.to_string(), "8cdd97248d1fb3fa");
    }
}
