//! Passwords: which ones are taken, how they are stored, and how one is compared.

use std::{
    num::NonZero,
    sync::{Arc, OnceLock},
    thread,
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use common::door::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS};
use tokio::sync::{Semaphore, oneshot};

/// The lowest priority of a thread (setpriority(2)): in competition it gets a seventieth of what others get.
#[cfg(target_os = "linux")]
const LOWEST: i32 = 19;

/// Long passwords that everyone tries first.
const COMMON: [&str; 10] = [
    "123456789012345",
    "1234567890123456",
    "012345678901234",
    "1q2w3e4r5t6y7u8i9o",
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "passwordpassword",
    "password12345678",
    "administratoradmin",
    "pulseboardpulseboard",
];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadPassword {
    /// It could be guessed.
    #[error("a password has at least {PASSWORD_MIN_CHARS} characters")]
    Short,
    /// It is longer than anyone types.
    #[error("a password has at most {PASSWORD_MAX_CHARS} characters")]
    Long,
    /// It is among the first that are tried.
    #[error("this password is among the first that are tried: choose another")]
    Common,
    /// It says the name, or one character again and again.
    #[error("a password is not the name, nor one character again and again")]
    Plain,
}

/// Checks that a password can be taken for an account of this name.
///
/// # Errors
/// Why not.
pub(crate) fn check(password: &str, name: &str) -> Result<(), BadPassword> {
    if password.chars().count() < PASSWORD_MIN_CHARS {
        return Err(BadPassword::Short);
    }
    if password.chars().count() > PASSWORD_MAX_CHARS {
        return Err(BadPassword::Long);
    }
    let folded = password.to_lowercase();
    if COMMON.contains(&folded.as_str()) {
        return Err(BadPassword::Common);
    }
    let mut characters = folded.chars();
    let first = characters.next();
    if folded == name.to_lowercase() || characters.all(|other| Some(other) == first) {
        return Err(BadPassword::Plain);
    }
    Ok(())
}

/// The system could not do it: it has no randomness, or is stopping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be worked on")]
pub(crate) struct PasswordFailure;

/// Hashes and compares passwords with Argon2id (RFC 9106) as OWASP sets it: 19 MiB, two passes. Few at a time, on threads to which the
/// system gives what nobody else wants: live connections do not wait for sign-ins.
#[derive(Debug, Clone)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self { turns: Arc::new(Semaphore::new((cores / 2).clamp(1, 2))) }
    }

    /// Returns the PHC string of a password.
    ///
    /// # Errors
    /// When the system could not do it.
    pub(crate) async fn hash(&self, password: String) -> Result<String, PasswordFailure> {
        self.in_turn(move || hash(&password)).await
    }

    /// Compares a password with an account's. Where there is no account, or it has none, the same work is done for nothing: the time says
    /// nothing of which names exist.
    ///
    /// # Errors
    /// When the system could not do it.
    pub(crate) async fn verify(
        &self,
        password: String,
        stored: Option<String>,
    ) -> Result<bool, PasswordFailure> {
        if password.chars().count() > PASSWORD_MAX_CHARS {
            return Ok(false);
        }
        self.in_turn(move || {
            let compared = match &stored {
                Some(stored) => stored,
                None => nobody()?,
            };
            let parsed = PasswordHash::new(compared).map_err(|_| PasswordFailure)?;
            let is_right = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
            Ok(is_right && stored.is_some())
        })
        .await
    }

    /// Does the work on a thread of its own when its turn comes. The turn is over when the work is: whoever goes away before makes no room
    /// for the next.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordFailure> + Send + 'static,
    ) -> Result<T, PasswordFailure> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| PasswordFailure)?;
        let (done, result) = oneshot::channel();
        thread::Builder::new()
            .name("passwords".to_owned())
            .spawn(move || {
                yield_to_others();
                // Nobody may wait any more.
                let _ = done.send(work());
                drop(turn);
            })
            .map_err(|_| PasswordFailure)?;
        result.await.map_err(|_| PasswordFailure)?
    }
}

/// Gives this thread the lowest priority. Where the system refuses, passwords are worked on all the same. It is not that of threads which run only
/// when nobody else wants to: on a machine under full load, which is when people come to look, a sign-in would take a quarter of a minute.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), LOWEST) {
        tracing::debug!(%error, "passwords are worked on with no lower priority");
    }
}

fn hash(password: &str) -> Result<String, PasswordFailure> {
    let hashed = Argon2::default().hash_password(password.as_bytes()).map_err(|_| PasswordFailure)?;
    Ok(hashed.to_string())
}

/// A hash that is compared where there is no account.
fn nobody() -> Result<&'static String, PasswordFailure> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if let Some(known) = NOBODY.get() {
        return Ok(known);
    }
    let made = hash("nobody's password")?;
    Ok(NOBODY.get_or_init(|| made))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_guessed_is_not_taken() {
        assert_eq!(check("correct horse battery", "kim"), Ok(()));
        assert_eq!(check("비밀번호는열다섯글자이상이다", "kim"), Err(BadPassword::Short));
        assert_eq!(check("비밀번호는 열다섯 글자 이상이다", "kim"), Ok(()));
        assert_eq!(check("short", "kim"), Err(BadPassword::Short));
        assert_eq!(check(&"x".repeat(PASSWORD_MAX_CHARS + 1), "kim"), Err(BadPassword::Long));
        assert_eq!(check("PasswordPassword", "kim"), Err(BadPassword::Common));
        assert_eq!(check("kim.of.the.team.of.seoul", "Kim.Of.The.Team.Of.Seoul"), Err(BadPassword::Plain));
        assert_eq!(check("aaaaaaaaaaaaaaaa", "kim"), Err(BadPassword::Plain));
    }

    #[tokio::test]
    async fn whoever_goes_away_makes_no_room_for_the_next() {
        let passwords = Passwords { turns: Arc::new(Semaphore::new(1)) };
        let (go_on, held) = std::sync::mpsc::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let left = tokio::spawn({
            let passwords = passwords.clone();
            async move {
                let work = move || {
                    let _ = begun.send(());
                    held.recv().map_err(|_| PasswordFailure)
                };
                passwords.in_turn(work).await
            }
        });
        has_begun.await.expect("it works");
        left.abort();
        assert!(left.await.expect_err("it is gone").is_cancelled());
        assert_eq!(passwords.turns.available_permits(), 0, "the work goes on");
        go_on.send(()).expect("it waits for this");
        assert_eq!(passwords.in_turn(|| Ok(7)).await, Ok(7));
    }

    #[tokio::test]
    async fn only_the_password_of_an_account_opens_it() {
        let passwords = Passwords::new();
        let verify = async |password: &str, stored: Option<&String>| {
            passwords.verify(password.to_owned(), stored.cloned()).await.expect("done")
        };
        let stored = passwords.hash("correct horse".to_owned()).await.expect("hashed");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(passwords.hash("correct horse".to_owned()).await.expect("hashed"), stored, "it is salted");
        assert!(verify("correct horse", Some(&stored)).await);
        assert!(!verify("Correct horse", Some(&stored)).await);
        assert!(!verify("", Some(&stored)).await);
        assert!(!verify("nobody's password", None).await, "nobody has no password");
        assert!(!verify(&"x".repeat(2_000), Some(&stored)).await);
        let damaged = passwords.verify("x".to_owned(), Some("no hash".to_owned())).await;
        assert_eq!(damaged, Err(PasswordFailure));
    }
}
