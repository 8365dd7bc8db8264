//! A provider of OpenID Connect, small and real: it listens on loopback, keeps codes and their challenges, and signs tokens (EdDSA, RFC
//! 8037). It lies where a test tells it to.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicUsize, atomic::Ordering::Relaxed},
    time::{SystemTime, UNIX_EPOCH},
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use parking_lot::Mutex;
use rcgen::{KeyPair, PKCS_ED25519, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};

pub const CLIENT: &str = "board";
pub const SECRET: &str = "the secret of board";

/// A word of the provider that is not so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// Nothing: it is honest.
    None,
    /// The token is signed by a key that is not in its document.
    Signature,
    /// The token is not signed at all.
    NoSignature,
    /// The token names another issuer.
    Issuer,
    /// The token is for another program.
    Audience,
    /// The token ended an hour ago.
    Expired,
    /// The token belongs to another sign-in.
    Nonce,
    /// The document is another provider's.
    Document,
    /// No token comes, and no end of the answer.
    Silence,
}

struct Grant {
    challenge: String,
    nonce: String,
    redirect: String,
}

struct Inner {
    issuer: String,
    key: KeyPair,
    other_key: KeyPair,
    grants: Mutex<HashMap<String, Grant>>,
    claims: Mutex<Value>,
    lie: Mutex<Lie>,
    codes: AtomicUsize,
}

pub struct Provider {
    inner: Arc<Inner>,
    serving: JoinHandle<()>,
}

impl Provider {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let key = || KeyPair::generate_for(&PKCS_ED25519).expect("a key");
        let inner = Arc::new(Inner {
            issuer,
            key: key(),
            other_key: key(),
            grants: Mutex::default(),
            claims: Mutex::new(json!({ "sub": "1" })),
            lie: Mutex::new(Lie::None),
            codes: AtomicUsize::new(0),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(Arc::clone(&inner));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { inner, serving }
    }

    pub fn issuer(&self) -> &str {
        &self.inner.issuer
    }

    /// Has the next tokens say this of a person.
    pub fn person(&self, claims: Value) {
        *self.inner.claims.lock() = claims;
    }

    pub fn lie(&self, lie: Lie) {
        *self.inner.lie.lock() = lie;
    }

    /// Nobody answers from now on.
    pub fn stop(&self) {
        self.serving.abort();
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn document(State(inner): State<Arc<Inner>>) -> Json<Value> {
    let issuer = &inner.issuer;
    let named = if *inner.lie.lock() == Lie::Document { "http://127.0.0.1:1" } else { issuer };
    Json(json!({
        "issuer": named,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "RS256"],
    }))
}

async fn keys(State(inner): State<Arc<Inner>>) -> Json<Value> {
    let x = URL_SAFE_NO_PAD.encode(inner.key.public_key_raw());
    Json(
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "1", "x": x }] }),
    )
}

/// A person who is signed in there, and agrees.
async fn authorize(
    State(inner): State<Arc<Inner>>,
    Query(query): Query<HashMap<String, String>>,
) -> Redirect {
    let of = |name: &str| query.get(name).cloned().unwrap_or_else(|| panic!("{name} in {query:?}"));
    assert_eq!((of("response_type"), of("client_id")), ("code".into(), CLIENT.into()));
    assert_eq!(of("code_challenge_method"), "S256");
    assert!(of("scope").split(' ').any(|scope| scope == "openid"), "{query:?}");
    let code = format!("code-{}", inner.codes.fetch_add(1, Relaxed));
    let (challenge, nonce, redirect) = (of("code_challenge"), of("nonce"), of("redirect_uri"));
    let address = format!("{redirect}?code={code}&state={}", of("state"));
    inner.grants.lock().insert(code, Grant { challenge, nonce, redirect });
    Redirect::to(&address)
}

async fn token(
    State(inner): State<Arc<Inner>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let lie = *inner.lie.lock();
    if lie == Lie::Silence {
        std::future::pending::<()>().await;
    }
    let refused = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let proof = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let expected = format!("{CLIENT}:{}", SECRET.replace(' ', "+"));
    if proof != format!("Basic {}", STANDARD.encode(expected)) {
        return refused("invalid_client");
    }
    let grant = form.get("code").and_then(|code| inner.grants.lock().remove(code));
    let Some(grant) = grant else { return refused("invalid_grant") };
    let verifier = form.get("code_verifier").map(|text| URL_SAFE_NO_PAD.encode(Sha256::digest(text)));
    if verifier.as_ref() != Some(&grant.challenge) || form.get("redirect_uri") != Some(&grant.redirect) {
        return refused("invalid_grant");
    }
    let access = "an access token";
    let id_token = sign(&inner, lie, &grant.nonce);
    Json(json!({ "access_token": access, "token_type": "Bearer", "id_token": id_token })).into_response()
}

/// A token in the compact form (RFC 7515 §3.1).
fn sign(inner: &Inner, lie: Lie, nonce: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let mut claims = inner.claims.lock().clone();
    claims["iss"] = if lie == Lie::Issuer { "http://127.0.0.1:1" } else { &*inner.issuer }.into();
    claims["aud"] = if lie == Lie::Audience { "another" } else { CLIENT }.into();
    claims["iat"] = now.into();
    claims["exp"] = if lie == Lie::Expired { now - 3_600 } else { now + 300 }.into();
    claims["nonce"] = if lie == Lie::Nonce { "another" } else { nonce }.into();
    let alg = if lie == Lie::NoSignature { "none" } else { "EdDSA" };
    let head = json!({ "alg": alg, "kid": "1", "typ": "JWT" });
    let signed = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let key = if lie == Lie::Signature { &inner.other_key } else { &inner.key };
    let signature = match lie {
        Lie::NoSignature => String::new(),
        _ => URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).expect("signed")),
    };
    format!("{signed}.{signature}")
}
