//! The second factor: codes of an authenticator app (RFC 6238), and recovery codes.

use app::door::{FormProblem, SecondFactorPage, second_factor as document};
use axum::{
    extract::rejection::QueryRejection,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use common::door::{forms::SecondFactorForm, paths};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use store::{SecretHash, StoreError, TotpSecret, User, UserId};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::{
    attempts::Attempt,
    cookies::Cookie,
    entry::{SignInQuery, begin, of},
    form::DoorForm,
    secrets::{self, NoRandom},
    visitor::{Visitor, add, own_path},
};

/// The second factor has to be given within this time after the password.
const PATIENCE_MS: u64 = 5 * 60_000;
/// A code holds for so many seconds, and for one step before and after: clocks are apart.
const STEP: u64 = 30;
/// The recovery codes of an account.
const CODES: usize = 10;

/// True of an account whose second factor was confirmed by a first code.
pub(super) fn is_on(user: &User) -> bool {
    user.totp.is_some() && user.totp_step.is_some()
}

/// Makes a secret for an authenticator app.
///
/// # Errors
/// When the system has no randomness.
pub(super) fn make() -> Result<TotpSecret, NoRandom> {
    let mut random = vec![0; 20];
    getrandom::fill(&mut random).map_err(|_| NoRandom)?;
    Ok(TotpSecret(random))
}

/// Makes recovery codes: as people read them, and as they are stored.
///
/// # Errors
/// When the system has no randomness.
pub(super) fn make_codes() -> Result<(Vec<String>, Vec<SecretHash>), NoRandom> {
    let mut codes = Vec::with_capacity(CODES);
    for _ in 0..CODES {
        let secret = secrets::make("")?;
        codes.push(format!("{}-{}-{}-{}", &secret[..5], &secret[5..10], &secret[10..15], &secret[15..20]));
    }
    let hashes = codes.iter().map(|code| SecretHash::of(plain(code).as_bytes())).collect();
    Ok((codes, hashes))
}

/// Returns what an authenticator app is told; none where the secret is none.
pub(super) fn totp(secret: &TotpSecret, name: &str) -> Option<Totp> {
    // A colon would end the issuer's name in the address.
    let name: String = name.chars().map(|c| if c == ':' { '.' } else { c }).collect();
    let builder = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP)
        .with_secret(Secret::new(secret.0.clone().into_boxed_slice()))
        .with_account_name(name)
        .with_issuer(Some("Pulseboard"));
    builder.build().ok()
}

/// Returns the step that six digits are the code of; none where they are wrong or too old.
pub(super) fn step_of(secret: &TotpSecret, name: &str, code: &str, now_ms: u64) -> Option<u64> {
    totp(secret, name)?.check(&plain(code), now_ms / 1_000)
}

/// Uses up a code: six digits, or a recovery code. False where it is wrong, or was used before.
pub(super) async fn take(visitor: &Visitor, user: &User, code: &str) -> Result<bool, StoreError> {
    let users = visitor.accounts.store();
    let code = plain(code);
    if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        let now = visitor.accounts.now();
        let step = user.totp.as_ref().and_then(|secret| step_of(secret, &user.name, &code, now));
        return match step {
            Some(step) => users.users().take_totp_step(user.id, step).await,
            None => Ok(false),
        };
    }
    if code.is_empty() || code.len() > 64 {
        return Ok(false);
    }
    users.users().take_recovery_code(user.id, SecretHash::of(code.as_bytes())).await
}

fn plain(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect()
}

/// Leads to the page that asks for the second factor. The cookie says whose password was right; it is signed by a key that every node
/// has and that changes with the password.
pub(super) fn ask(visitor: &Visitor, user: &User, next: Option<&str>) -> Response {
    let expires = visitor.accounts.now() + PATIENCE_MS;
    let Some(signature) = sign(user, expires) else {
        return visitor.store_failed(&StoreError::Failed("an account without a password".to_owned()));
    };
    let place = match next {
        Some(next) => {
            let query: String =
                form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            format!("{}?{query}", paths::SIGN_IN_CODE)
        }
        None => paths::SIGN_IN_CODE.to_owned(),
    };
    let mut response = visitor.lead_to(&place);
    let pending = format!("{}.{expires}.{signature}", user.id);
    add(&mut response, Cookie::Pending.set(&pending, &visitor.scope, PATIENCE_MS / 1_000));
    response
}

fn sign(user: &User, expires: u64) -> Option<String> {
    let key = user.password.as_ref()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.0.as_bytes()).ok()?;
    mac.update(format!("second factor\0{}\0{expires}\0{:?}", user.id, user.totp_step).as_bytes());
    Some(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Returns the account whose password was right a moment ago in this browser.
async fn pending(visitor: &Visitor) -> Result<Option<User>, StoreError> {
    let Some(cookie) = visitor.cookie(Cookie::Pending) else { return Ok(None) };
    let mut parts = cookie.splitn(3, '.');
    let (Some(id), Some(expires), Some(signature)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(None);
    };
    let (Ok(id), Ok(expires)) = (id.parse::<u64>(), expires.parse::<u64>()) else { return Ok(None) };
    if visitor.accounts.now() >= expires {
        return Ok(None);
    }
    let user = visitor.accounts.store().users().by_id(UserId(id)).await?;
    Ok(user.filter(|user| {
        let right = sign(user, expires).is_some_and(|right| secrets::are_equal(&right, signature));
        right && user.disabled_ms.is_none() && is_on(user)
    }))
}

pub(super) async fn page(
    visitor: Visitor,
    query: Result<axum::extract::Query<SignInQuery>, QueryRejection>,
) -> Response {
    let next = query.ok().and_then(|query| query.0.next);
    match pending(&visitor).await {
        Ok(Some(_)) => {
            let next = own_path(next.as_deref()).map(str::to_owned);
            let page = SecondFactorPage { next, ..SecondFactorPage::default() };
            visitor.answer(StatusCode::OK, document(&visitor.context(), page))
        }
        Ok(None) => visitor.lead_to(paths::SIGN_IN),
        Err(error) => visitor.store_failed(&error),
    }
}

pub(super) async fn submit(visitor: Visitor, DoorForm(form): DoorForm<SecondFactorForm>) -> Response {
    let user = match pending(&visitor).await {
        Ok(Some(user)) => user,
        Ok(None) => return visitor.lead_to(paths::SIGN_IN),
        Err(error) => return visitor.store_failed(&error),
    };
    let next = own_path(form.next.as_deref()).map(str::to_owned);
    let again = |status, problem| {
        let is_recovery = plain(&form.code).len() > 6;
        let page = SecondFactorPage { next: next.clone(), is_recovery, problem: Some(problem) };
        visitor.answer(status, document(&visitor.context(), page))
    };
    if !visitor.has_sent(&form.csrf) {
        return again(StatusCode::FORBIDDEN, FormProblem::FormExpired);
    }
    // Whoever comes so far knows the password: the count is that of the second factor, and there is no account of this name.
    let key = format!("second factor of {}", user.id);
    let attempt = match Attempt::begin(&visitor, key, Some(&user)).await {
        Ok(attempt) => attempt,
        Err(retry_after_s) => {
            let mut response =
                again(StatusCode::TOO_MANY_REQUESTS, FormProblem::TooManyAttempts { retry_after_s });
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
            return response;
        }
    };
    match take(&visitor, &user, &form.code).await {
        Ok(true) => {
            attempt.take_back();
            let how =
                if plain(&form.code).len() == 6 { "password and code" } else { "password and recovery code" };
            let mut response = begin(&visitor, &user, next.as_deref(), how).await;
            add(&mut response, Cookie::Pending.clear(&visitor.scope));
            response
        }
        Ok(false) => {
            visitor.accounts.record(visitor.did("second_factor_refused", of(&user), "")).await;
            let is_code = plain(&form.code).len() <= 6;
            let problem = if is_code { FormProblem::WrongCode } else { FormProblem::WrongRecoveryCode };
            again(StatusCode::UNAUTHORIZED, problem)
        }
        Err(error) => visitor.store_failed(&error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, the last six of eight digits.
        let secret = TotpSecret(b"12345678901234567890".to_vec());
        let totp = totp(&secret, "kim: of the team").expect("a secret");
        assert_eq!(totp.check("287082", 59), Some(1));
        assert_eq!(totp.check("081804", 1_111_111_109), Some(37_037_036));
        assert_eq!(totp.check("081804", 1_111_111_109 + 90), None, "too old");
        assert_eq!(totp.check("000000", 59), None);
    }

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() {
        let (codes, hashes) = make_codes().expect("random");
        assert_eq!((codes.len(), hashes.len()), (CODES, CODES));
        let typed = format!(" {} ", codes[3].to_uppercase().replace('-', " "));
        assert_eq!(SecretHash::of(plain(&typed).as_bytes()), hashes[3]);
        assert_ne!(hashes[3], hashes[4]);
    }
}
