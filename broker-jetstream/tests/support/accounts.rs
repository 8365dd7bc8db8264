//! Accounts at NATS as `nsc` makes them: an operator signs accounts, and an account signs its users.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use nkeys::KeyPair;
use serde_json::{Value, json};

/// An operator with the account of a board.
pub(crate) struct Accounts {
    operator: KeyPair,
    system: KeyPair,
    board: KeyPair,
}

impl Accounts {
    pub(crate) fn new() -> Self {
        Self {
            operator: KeyPair::new_operator(),
            system: KeyPair::new_account(),
            board: KeyPair::new_account(),
        }
    }

    /// The lines of nats-server's configuration.
    pub(crate) fn lines(&self) -> String {
        let operator = self.operator.public_key();
        let signed = claims(&operator, &self.operator, json!({ "type": "operator" }));
        let [system, board] = [(&self.system, 0), (&self.board, -1)].map(|(account, storage)| {
            let limits = json!({
                "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1, "leaf": -1,
                "mem_storage": storage, "disk_storage": storage, "streams": storage, "consumer": storage,
            });
            let name = account.public_key();
            let signed = claims(&name, &self.operator, json!({ "type": "account", "limits": limits }));
            (name, signed)
        });
        format!(
            "operator: {signed}\nsystem_account: {}\nresolver: MEMORY\nresolver_preload {{ {}: {}, {}: {} }}\n",
            system.0, system.0, system.1, board.0, board.1
        )
    }

    /// A new user's file of credentials.
    pub(crate) fn credentials(&self) -> String {
        credentials(&self.board)
    }

    /// The file of a user whose account the operator never signed.
    pub(crate) fn foreign_credentials() -> String {
        credentials(&KeyPair::new_account())
    }
}

fn credentials(account: &KeyPair) -> String {
    let user = KeyPair::new_user();
    let limits = json!({ "type": "user", "subs": -1, "data": -1, "payload": -1, "pub": {}, "sub": {} });
    let signed = claims(&user.public_key(), account, limits);
    let seed = user.seed().expect("a new key has a seed");
    format!(
        "-----BEGIN NATS USER JWT-----\n{signed}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )
}

/// Signs what NATS is to know of a key: a JSON Web Token whose algorithm is `ed25519-nkey`.
fn claims(subject: &str, signer: &KeyPair, mut about: Value) -> String {
    about["version"] = json!(2);
    let payload = json!({
        "jti": subject, "iat": 1, "iss": signer.public_key(), "name": subject, "sub": subject, "nats": about,
    });
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({ "typ": "JWT", "alg": "ed25519-nkey" })), part(&payload));
    let signature = signer.sign(text.as_bytes()).expect("it has its seed");
    format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}
