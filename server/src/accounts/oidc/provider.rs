//! A provider of OpenID Connect: found by discovery, asked for a code, and for the token that says who someone is.

use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthType, AuthorizationCode, ClaimsVerificationError, Client,
    ClientId, ClientSecret, CsrfToken, DiscoveryError, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
        CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse,
        CoreTokenIntrospectionResponse, CoreTokenType,
    },
    url::Url,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{
    sync::{Mutex, Semaphore},
    time::Instant,
};

use super::{
    http_client::{HttpClient, RequestError},
    settings::{OidcConfig, ProviderSettings},
};

/// The provider's document and keys hold for so long.
const FRESH: Duration = Duration::from_secs(5 * 60);
/// Keys that may have changed are asked for again, but not more often than this.
const AGAIN: Duration = Duration::from_secs(10);
/// So many sign-ins ask the provider at once; more are told to come back.
const AT_ONCE: usize = 16;

/// The claims of a token, but for those that every token has.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct OtherClaims(HashMap<String, Value>);

impl AdditionalClaims for OtherClaims {}

type IdTokenResponse = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type ProviderClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    IdTokenResponse,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why the provider has not said who someone is.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProviderError {
    /// It cannot be reached, is too slow, or answers with something else.
    #[error("the provider cannot be asked: {0}")]
    Away(String),
    /// It has refused the code: it is too old, was used, or belongs to another browser.
    #[error("the provider does not take the code: {0}")]
    Declined(String),
    /// Its word cannot be believed.
    #[error("the provider's answer is not valid: {0}")]
    Invalid(String),
}

/// A person, in the provider's words.
#[derive(Debug)]
pub(super) struct Person {
    /// The provider's own word for the person.
    pub(super) subject: String,
    /// All that the token says.
    pub(super) claims: HashMap<String, Value>,
}

/// The secrets of a sign-in that is under way, which its browser keeps.
pub(super) struct SignInSecrets {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

/// A provider; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Provider(Arc<ProviderInner>);

struct ProviderInner {
    settings: ProviderSettings,
    http: HttpClient,
    document: Mutex<Option<Document>>,
    turns: Semaphore,
}

impl fmt::Debug for ProviderInner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Provider").field(&self.settings.issuer_text).finish()
    }
}

/// The provider's description of itself, with its keys.
#[derive(Clone)]
struct Document {
    metadata: CoreProviderMetadata,
    read_at: Instant,
}

impl Provider {
    /// Takes the provider of the settings; none where they name none. Nothing is asked yet: a provider that is away keeps no server from
    /// starting.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub(crate) fn open(config: &OidcConfig) -> anyhow::Result<Option<Self>> {
        let Some(settings) = config.read()? else { return Ok(None) };
        let (http, document, turns) = (HttpClient::new()?, Mutex::new(None), Semaphore::new(AT_ONCE));
        Ok(Some(Self(Arc::new(ProviderInner { settings, http, document, turns }))))
    }

    pub(super) fn settings(&self) -> &ProviderSettings {
        &self.0.settings
    }

    /// The provider's name for people.
    pub(crate) fn name(&self) -> &str {
        &self.0.settings.name
    }

    /// The provider as identities name it.
    pub(crate) fn issuer(&self) -> &str {
        &self.0.settings.issuer_text
    }

    /// Returns the provider's document, which is asked for anew where it is older than this.
    async fn document(&self, fresh: Duration) -> Result<Document, ProviderError> {
        let _turn = self.0.turns.try_acquire().map_err(|_| {
            ProviderError::Away("too many sign-ins are under way: try again in a moment".to_owned())
        })?;
        let mut document = self.0.document.lock().await;
        if let Some(known) = document.as_ref().filter(|known| known.read_at.elapsed() < fresh) {
            return Ok(known.clone());
        }
        // As the settings have it: it is compared letter for letter, and an address that was read may have got a slash.
        let issuer = IssuerUrl::new(self.0.settings.issuer_text.clone())
            .map_err(|error| ProviderError::Invalid(error.to_string()))?;
        let http = self.0.http.clone();
        let found = CoreProviderMetadata::discover_async(issuer, &http).await;
        let metadata = found.map_err(|error| match error {
            DiscoveryError::Validation(why) => ProviderError::Invalid(why),
            error => ProviderError::Away(chain(&error)),
        })?;
        let read = Document { metadata, read_at: Instant::now() };
        *document = Some(read.clone());
        Ok(read)
    }

    fn client(&self, document: &Document, redirect: &str) -> Result<ProviderClient, ProviderError> {
        let settings = &self.0.settings;
        let secret =
            settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let methods = document.metadata.token_endpoint_auth_methods_supported();
        // HTTP's own is the default where a provider does not say (OpenID Connect Discovery §3).
        let takes_basic =
            methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let by = if takes_basic { AuthType::BasicAuth } else { AuthType::RequestBody };
        let redirect = RedirectUrl::new(redirect.to_owned())
            .map_err(|_| ProviderError::Invalid("this server's own address is none".to_owned()))?;
        let client_id = ClientId::new(settings.client_id.clone());
        let client = Client::from_provider_metadata(document.metadata.clone(), client_id, secret);
        Ok(client.set_redirect_uri(redirect).set_auth_type(by))
    }

    /// Returns the address at the provider where a person signs in.
    ///
    /// # Errors
    /// When the provider cannot be asked for it.
    pub(super) async fn sign_in_address(
        &self,
        redirect: &str,
        secrets: &SignInSecrets,
    ) -> Result<Url, ProviderError> {
        let document = self.document(FRESH).await?;
        let client = self.client(&document, redirect)?;
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let (state, nonce) = (secrets.state.clone(), secrets.nonce.clone());
        let request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(self.0.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        Ok(request.url().0)
    }

    /// Gives a code for a token, and returns who the token says it is.
    ///
    /// # Errors
    /// When the provider cannot be asked, does not take the code, or says what cannot be believed.
    pub(super) async fn person(
        &self,
        redirect: &str,
        code: String,
        secrets: &SignInSecrets,
    ) -> Result<Person, ProviderError> {
        let document = self.document(FRESH).await?;
        let client = self.client(&document, redirect)?;
        let http = self.0.http.clone();
        let request = client.exchange_code(AuthorizationCode::new(code));
        let request =
            request.map_err(|_| ProviderError::Away("it names no address for tokens".to_owned()))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(secrets.verifier.clone()));
        let response = {
            let _turn = self.0.turns.try_acquire().map_err(|_| {
                ProviderError::Away("too many sign-ins are under way: try again in a moment".to_owned())
            })?;
            request.request_async(&http).await.map_err(token_error)?
        };
        match read(&client, &response, &secrets.nonce) {
            // Its keys may have changed since they were read.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let document = self.document(AGAIN).await?;
                read(&self.client(&document, redirect)?, &response, &secrets.nonce)
            }
            read => read,
        }
        .map_err(|error| ProviderError::Invalid(chain(&error)))
    }
}

fn token_error(
    error: RequestTokenError<RequestError, StandardErrorResponse<CoreErrorResponseType>>,
) -> ProviderError {
    match error {
        RequestTokenError::ServerResponse(response) => match response.error() {
            CoreErrorResponseType::InvalidGrant => ProviderError::Declined(response.to_string()),
            // The registration is wrong, or there is none: nothing that a person could do.
            _ => ProviderError::Away(response.to_string()),
        },
        RequestTokenError::Request(error) => ProviderError::Away(error.to_string()),
        error => ProviderError::Invalid(chain(&error)),
    }
}

/// Checks the token of an answer: signature, issuer, audience, time and nonce (OpenID Connect Core §3.1.3.7), and that the access token
/// beside it is its own.
fn read(
    client: &ProviderClient,
    response: &IdTokenResponse,
    nonce: &str,
) -> Result<Person, ClaimsVerificationError> {
    let missing = |what: &str| ClaimsVerificationError::Other(what.to_owned());
    let token = response.id_token().ok_or_else(|| missing("there is no ID token"))?;
    let verifier = client.id_token_verifier();
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned()))?;
    if let Some(expected) = claims.access_token_hash() {
        let signing = |error| ClaimsVerificationError::SignatureVerification(error);
        let (alg, key) =
            (token.signing_alg().map_err(signing)?, token.signing_key(&verifier).map_err(signing)?);
        let own = AccessTokenHash::from_token(response.access_token(), alg, key)
            .map_err(|error| ClaimsVerificationError::Other(error.to_string()))?;
        if own != *expected {
            return Err(missing("the access token is another's"));
        }
    }
    let all =
        serde_json::to_value(claims).map_err(|error| ClaimsVerificationError::Other(error.to_string()))?;
    let Value::Object(all) = all else { return Err(missing("the claims are no object")) };
    Ok(Person { subject: claims.subject().to_string(), claims: all.into_iter().collect() })
}

/// An error with all that caused it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text.chars().take(500).collect()
}
