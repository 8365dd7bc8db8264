//! The operator's token: it opens what shows and ends other people's connections. It stands in for accounts, which will replace it. Where
//! a request comes from and what its `Host` says prove nothing: every reverse proxy on this machine asks from loopback.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};
use axum::http::{HeaderMap, header};
use subtle::ConstantTimeEq;

use crate::{private_file, secret::Secret};

/// The file in the data folder that keeps a token which was made here.
const FILE: &str = "operator-token";
/// Shorter ones could be guessed.
const SHORTEST: usize = 24;
/// Longer ones pass no usual limit on headers.
const LONGEST: usize = 512;
/// A token made here has so many random bytes.
const RANDOM: usize = 32;

/// The token that requests of operators carry as `Authorization: Bearer TOKEN` (RFC 6750); cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct OperatorToken(Arc<Secret>);

/// Why a text is no operator's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It could be guessed, or is longer than headers are.
    #[error("a token has {SHORTEST} to {LONGEST} characters, this one has {0}")]
    Length(usize),
    /// It could not be sent in a header.
    #[error("a token is made of letters, digits and -._~+/= without spaces")]
    Characters,
}

/// Checks that a text can be a token (`b64token` of RFC 6750 §2.1, with `=` anywhere).
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check(token: &Secret) -> Result<(), BadToken> {
    let text = token.reveal();
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)) {
        return Err(BadToken::Characters);
    }
    if (SHORTEST..=LONGEST).contains(&text.len()) { Ok(()) } else { Err(BadToken::Length(text.len())) }
}

impl OperatorToken {
    /// Takes the one of the settings; without it, the one that the data folder keeps, which is made at the first start.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no token.
    pub(crate) fn open(set: Option<&Secret>, data_dir: &Path) -> anyhow::Result<Self> {
        let token = match set {
            Some(token) => token.clone(),
            None => kept(&data_dir.join(FILE))?,
        };
        Ok(Self(Arc::new(token)))
    }

    /// Returns true if these headers carry the token. The comparison takes the same time wherever two texts of one
    /// length differ.
    pub(crate) fn is_in(&self, headers: &HeaderMap) -> bool {
        let mut all = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (all.next(), all.next()) else { return false };
        let Some((scheme, given)) = value.to_str().ok().and_then(|text| text.split_once(' ')) else {
            return false;
        };
        scheme.eq_ignore_ascii_case("bearer")
            && bool::from(given.trim().as_bytes().ct_eq(self.0.reveal().as_bytes()))
    }
}

fn kept(path: &PathBuf) -> anyhow::Result<Secret> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return made(path),
        Err(error) => {
            return Err(error)
                .with_context(|| format!("cannot read the operator's token from {}", path.display()));
        }
    };
    let token = Secret::new(text.trim());
    if let Err(error) = check(&token) {
        bail!("{}: {error}; remove the file, and the next start makes one", path.display());
    }
    if private_file::others_may_read(path) {
        tracing::warn!(path = %path.display(), "others on this machine may read the operator's token: chmod 600 mends it");
    }
    tracing::info!(path = %path.display(), "the operator's token, which opens the list of connections, is in this file");
    Ok(token)
}

fn made(path: &Path) -> anyhow::Result<Secret> {
    let mut random = [0; RANDOM];
    getrandom::fill(&mut random).context("the system has no randomness for the operator's token")?;
    let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    private_file::write(path, &format!("{token}\n"))?;
    tracing::info!(path = %path.display(), "made the operator's token, which opens the list of connections: it is in this file");
    Ok(Secret::new(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "a-token-of-the-operator-0123456789";

    #[test]
    fn only_one_header_with_the_whole_token_opens() {
        let token = OperatorToken(Arc::new(Secret::new(TOKEN)));
        let opens = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().expect("a value"));
            }
            token.is_in(&headers)
        };
        let right = format!("Bearer {TOKEN}");
        assert!(opens(&[&right]) && opens(&[&format!("bearer  {TOKEN}")]));
        for wrong in [
            "",
            "Bearer",
            "Bearer ",
            TOKEN,
            &format!("Basic {TOKEN}"),
            &right[..right.len() - 1],
            &format!("{right}0"),
        ] {
            assert!(!opens(&[wrong]), "{wrong}");
        }
        assert!(!opens(&[]) && !opens(&[&right, &right]) && !opens(&["Bearer x", &right]));
    }

    #[test]
    fn a_token_that_can_be_guessed_or_not_be_sent_is_none() {
        let checked = |text: &str| check(&Secret::new(text));
        assert_eq!(checked(TOKEN), Ok(()));
        assert_eq!(checked("short"), Err(BadToken::Length(5)));
        assert_eq!(checked(""), Err(BadToken::Length(0)));
        assert_eq!(checked(&"x".repeat(513)), Err(BadToken::Length(513)));
        assert_eq!(checked("a token with spaces in between"), Err(BadToken::Characters));
    }

    #[test]
    fn a_token_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = |set: Option<&Secret>| OperatorToken::open(set, folder.path());
        let first = open(None).expect("made");
        assert_eq!(first.0.reveal().len(), 2 * RANDOM);
        assert_eq!(open(None).expect("kept").0, first.0);
        let path = folder.path().join(FILE);
        assert!(!private_file::others_may_read(&path));
        assert!(!format!("{first:?}").contains(first.0.reveal()), "it is in no log");
        fs::write(&path, "\n").expect("written");
        assert!(open(None).expect_err("refused").to_string().contains("has 24 to 512 characters"));
        let set = Secret::new(TOKEN);
        assert_eq!(*open(Some(&set)).expect("set").0, set);
    }
}
