//! The second factor of one's own account, as it is turned on and off. Both ask for the password: whoever finds an open browser must not
//! lock its owner out. A factor that is not confirmed yet stands in its form alone, signed, so that nobody else who has a session sees it.

use app::door::{AccountDone, AccountSection, FormProblem, SecondFactorState};
use axum::response::Response;
use common::door::forms::{TotpConfirmForm, TotpOffForm, TotpStartForm};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use store::{StoreError, TotpSecret};

use super::{
    entry::of,
    form::DoorForm,
    own::{AccountOutcome, Owner, is_owner, owner, show},
    qr_code, second_factor, secrets,
    visitor::Visitor,
};

/// The first code has to be given within this time.
const PATIENCE_MS: u64 = 15 * 60_000;

fn refused(problem: FormProblem) -> AccountOutcome {
    AccountOutcome::problem(AccountSection::SecondFactor, problem)
}

fn no_random() -> StoreError {
    StoreError::Failed("the system has no randomness".to_owned())
}

pub(super) async fn start(visitor: Visitor, DoorForm(form): DoorForm<TotpStartForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    // A factor that is on stays as it is until it is switched off.
    if second_factor::is_on(&owner.user) {
        return show(&visitor, &owner, AccountOutcome::default()).await;
    }
    if let Err(problem) = is_owner(&visitor, &owner.user, &form.current_password).await {
        return show(&visitor, &owner, refused(problem)).await;
    }
    let Ok(secret) = second_factor::make() else { return visitor.store_failed(&no_random()) };
    let starting = starting(&owner, &secret, visitor.accounts.now() + PATIENCE_MS);
    show(&visitor, &owner, AccountOutcome { starting, ..AccountOutcome::default() }).await
}

/// Returns what is shown of a factor that is being set up; none for an account without a password.
fn starting(owner: &Owner, secret: &TotpSecret, expires: u64) -> Option<SecondFactorState> {
    let totp = second_factor::totp(secret, &owner.user.name)?;
    let text: String = secret.0.iter().map(|byte| format!("{byte:02x}")).collect();
    let set_up = format!("{text}.{expires}.{}", sign(owner, &text, expires)?);
    let uri = totp.to_url().unwrap_or_default();
    let (secret, qr_svg) = (totp.secret().to_base32(), qr_code::svg(&uri));
    Some(SecondFactorState::Starting { secret, set_up, uri, qr_svg })
}

/// Signs a factor for the session in which the password was given. The key changes with the password.
fn sign(owner: &Owner, secret: &str, expires: u64) -> Option<String> {
    let key = owner.user.password.as_ref()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.0.as_bytes()).ok()?;
    let (user, session) = (owner.user.id, owner.session);
    mac.update(format!("second factor set-up\0{user}\0{session}\0{secret}\0{expires}").as_bytes());
    Some(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Reads a factor that this session has begun to set up, and when that ends.
fn read(owner: &Owner, set_up: &str, now: u64) -> Option<(TotpSecret, u64)> {
    let mut parts = set_up.splitn(3, '.');
    let (text, expires, signature) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    if now >= expires || !secrets::are_equal(&sign(owner, text, expires)?, signature) {
        return None;
    }
    // It is signed, so it is what was written: bytes as pairs of digits.
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    let bytes = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<Vec<u8>>>()?;
    Some((TotpSecret(bytes), expires))
}

pub(super) async fn confirm(visitor: Visitor, DoorForm(form): DoorForm<TotpConfirmForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    if second_factor::is_on(&owner.user) {
        return show(&visitor, &owner, AccountOutcome::default()).await;
    }
    let now = visitor.accounts.now();
    let Some((secret, expires)) = read(&owner, &form.set_up, now) else {
        return show(&visitor, &owner, refused(FormProblem::FormExpired)).await;
    };
    let Some(step) = second_factor::step_of(&secret, &owner.user.name, &form.code, now) else {
        let starting = starting(&owner, &secret, expires);
        return show(&visitor, &owner, AccountOutcome { starting, ..refused(FormProblem::WrongCode) }).await;
    };
    let Ok((new_codes, hashes)) = second_factor::make_codes() else {
        return visitor.store_failed(&no_random());
    };
    match visitor.accounts.store().users().turn_totp_on(owner.user.id, secret, step, hashes).await {
        Ok(true) => {
            visitor.accounts.record(visitor.did("second_factor_on", of(&owner.user), "")).await;
            let done = AccountOutcome::done(AccountDone::SecondFactorOn);
            show(&visitor, &owner, AccountOutcome { new_codes, ..done }).await
        }
        // Another window was faster, and has shown its codes.
        Ok(false) => show(&visitor, &owner, AccountOutcome::default()).await,
        Err(error) => visitor.store_failed(&error),
    }
}

pub(super) async fn end(visitor: Visitor, DoorForm(form): DoorForm<TotpOffForm>) -> Response {
    let owner = match owner(&visitor, Some(&form.csrf)).await {
        Ok(owner) => owner,
        Err(refused) => return refused,
    };
    // A set-up that is given up is kept nowhere.
    if !second_factor::is_on(&owner.user) {
        return show(&visitor, &owner, AccountOutcome::default()).await;
    }
    let password = form.current_password.as_deref().unwrap_or_default();
    if let Err(problem) = is_owner(&visitor, &owner.user, password).await {
        return show(&visitor, &owner, refused(problem)).await;
    }
    if let Err(error) = visitor.accounts.store().users().set_totp(owner.user.id, None).await {
        return visitor.store_failed(&error);
    }
    visitor.accounts.record(visitor.did("second_factor_off", of(&owner.user), "")).await;
    show(&visitor, &owner, AccountOutcome::done(AccountDone::SecondFactorOff)).await
}

#[cfg(test)]
mod tests {
    use common::role::Role;
    use store::{PasswordHash, SessionId, User, UserId};

    use super::*;

    fn owner_of(session: u64, password: &str) -> Owner {
        let user = User {
            id: UserId(1),
            name: "kim".into(),
            role: Role::Viewer,
            created_ms: 0,
            disabled_ms: None,
            password: Some(PasswordHash(password.into())),
            totp: None,
            totp_step: None,
        };
        Owner { user, session: SessionId(session) }
    }

    #[test]
    fn a_factor_comes_back_to_the_session_that_began_it_and_for_a_while() {
        let (owner, secret) = (owner_of(1, "$a"), TotpSecret((0..20).collect()));
        let Some(SecondFactorState::Starting { set_up, .. }) = starting(&owner, &secret, 1_000) else {
            panic!("it is shown")
        };
        assert_eq!(read(&owner, &set_up, 999), Some((secret, 1_000)));
        assert_eq!(read(&owner, &set_up, 1_000), None, "too late");
        assert_eq!(read(&owner_of(2, "$a"), &set_up, 999), None, "another session");
        assert_eq!(read(&owner_of(1, "$b"), &set_up, 999), None, "the password was changed");
        let later = set_up.replace(".1000.", ".9000.");
        let other = set_up.replacen("00", "ff", 1);
        for forged in [later.as_str(), &other, "", "..", "00.1000.", "zz.1000.00"] {
            assert_eq!(read(&owner, forged, 999), None, "{forged}");
        }
    }
}
