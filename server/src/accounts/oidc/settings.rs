//! The settings of the sign-in at a provider of OpenID Connect.

use std::{collections::BTreeMap, fs, net::IpAddr, path::PathBuf};

use anyhow::{Context, bail};
use common::role::Role;
use openidconnect::url::Url;
use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// A provider at which people sign in. Without `issuer` there is none, and nothing of this counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// The provider's address, below which `/.well-known/openid-configuration` is found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The name under which this server is registered there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The secret of that registration; a public client has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
    /// A file with the secret instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_file: Option<PathBuf>,
    /// The scopes that are asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The provider's name on the button; without it, its host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The claim that says what a person is: a text or a list of texts. A path has dots, as `realm_access.roles`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_claim: Option<String>,
    /// The role of each of its words. The greatest counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, Role>,
    /// Whoever comes for the first time gets an account.
    pub create_accounts: bool,
}

impl Default for OidcConfig {
    fn default() -> Self {
        Self {
            issuer: None,
            client_id: None,
            client_secret: None,
            client_secret_file: None,
            scopes: vec!["profile".to_owned()],
            name: None,
            role_claim: None,
            roles: BTreeMap::new(),
            create_accounts: false,
        }
    }
}

/// A provider, as the settings that were checked name it.
#[derive(Debug)]
pub(super) struct ProviderSettings {
    /// The issuer letter for letter: it is part of every identity.
    pub(super) issuer_text: String,
    pub(super) client_id: String,
    pub(super) client_secret: Option<Secret>,
    pub(super) scopes: Vec<String>,
    pub(super) name: String,
    pub(super) role_claim: Option<String>,
    pub(super) roles: BTreeMap<String, Role>,
    pub(super) create_accounts: bool,
}

impl OidcConfig {
    /// Checks the settings and reads the secret's file; none where there is no provider.
    ///
    /// # Errors
    /// When they cannot be used; the error names the key.
    pub(super) fn read(&self) -> anyhow::Result<Option<ProviderSettings>> {
        let Some(issuer_text) = self.issuer.clone() else {
            let defaults = Self::default();
            let is_lost = self.client_id.is_some() || self.role_claim.is_some() || !self.roles.is_empty();
            if is_lost || self.create_accounts != defaults.create_accounts {
                bail!("oidc.issuer: name the provider, or leave the other settings of oidc out");
            }
            return Ok(None);
        };
        let issuer = Url::parse(&issuer_text).context("oidc.issuer is no address")?;
        if !is_safe(&issuer) {
            bail!("oidc.issuer is {issuer}: it must be https, unless it is on this machine");
        }
        if issuer.query().is_some() || issuer.fragment().is_some() || !issuer.username().is_empty() {
            bail!("oidc.issuer is {issuer}: it has no query, fragment or user");
        }
        let client_id = self.client_id.clone().filter(|id| !id.is_empty());
        let client_id = client_id.context("oidc.client_id: name this server as the provider knows it")?;
        if self.roles.is_empty() != self.role_claim.is_none() {
            bail!("oidc.role_claim and oidc.roles go together: the claim, and the role of each of its words");
        }
        let client_secret = self.secret()?;
        let name = self.name.clone().unwrap_or_else(|| issuer.host_str().unwrap_or_default().to_owned());
        if name.trim().is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
            bail!("oidc.name: a name has 1 to 64 characters");
        }
        Ok(Some(ProviderSettings {
            issuer_text,
            client_id,
            client_secret,
            scopes: self.scopes.iter().filter(|scope| *scope != "openid").cloned().collect(),
            name,
            role_claim: self.role_claim.clone(),
            roles: self.roles.clone(),
            create_accounts: self.create_accounts,
        }))
    }

    fn secret(&self) -> anyhow::Result<Option<Secret>> {
        let Some(path) = &self.client_secret_file else { return Ok(self.client_secret.clone()) };
        if self.client_secret.is_some() {
            bail!("oidc: give either client_secret or client_secret_file, not both");
        }
        let text = fs::read_to_string(path)
            .with_context(|| format!("oidc.client_secret_file: cannot read {}", path.display()))?;
        let text = text.trim();
        if text.is_empty() {
            bail!("oidc.client_secret_file: {} is empty", path.display());
        }
        Ok(Some(Secret::new(text)))
    }
}

/// True of an address that others on the way cannot read or change: by TLS, or on this machine.
pub(super) fn is_safe(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    !host.is_empty() && (url.scheme() == "https" || (url.scheme() == "http" && is_here))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> OidcConfig {
        OidcConfig {
            issuer: Some("https://id.example/realms/a".into()),
            client_id: Some("board".into()),
            ..OidcConfig::default()
        }
    }

    #[test]
    fn a_provider_is_its_issuer_and_our_name_there() {
        assert!(OidcConfig::default().read().expect("none").is_none());
        let read = config().read().expect("it is one").expect("a provider");
        assert_eq!(read.issuer_text, "https://id.example/realms/a");
        assert_eq!((read.name.as_str(), read.client_secret), ("id.example", None));
        let local = OidcConfig { issuer: Some("http://127.0.0.1:5556".into()), ..config() };
        assert!(local.read().expect("on this machine").is_some());
    }

    #[test]
    fn what_cannot_be_used_is_said_by_its_key() {
        let roles: BTreeMap<_, _> = [("ops".to_owned(), Role::Operator)].into();
        let bad = [
            (OidcConfig { issuer: Some("http://id.example".into()), ..config() }, "https"),
            (OidcConfig { issuer: Some("id.example".into()), ..config() }, "oidc.issuer"),
            (OidcConfig { issuer: Some("https://id.example?a=b".into()), ..config() }, "query"),
            (OidcConfig { issuer: None, ..config() }, "oidc.issuer"),
            (OidcConfig { client_id: None, ..config() }, "oidc.client_id"),
            (OidcConfig { roles, ..config() }, "oidc.role_claim"),
            (OidcConfig { role_claim: Some("groups".into()), ..config() }, "oidc.roles"),
            (
                OidcConfig { client_secret_file: Some("/no/such/file".into()), ..config() },
                "client_secret_file",
            ),
            (OidcConfig { name: Some(" ".into()), ..config() }, "oidc.name"),
        ];
        for (config, word) in bad {
            let error = config.read().expect_err(word);
            assert!(format!("{error:#}").contains(word), "{error:#}");
        }
    }

    #[test]
    fn a_secret_is_given_once_and_shown_never() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        fs::write(&path, "  hunter2hunter2\n").expect("written");
        let by_file = OidcConfig { client_secret_file: Some(path.clone()), ..config() };
        let read = by_file.read().expect("it is one").expect("a provider");
        assert_eq!(read.client_secret, Some(Secret::new("hunter2hunter2")));
        assert!(!format!("{read:?}").contains("hunter2"));
        let both = OidcConfig { client_secret: Some(Secret::new("x")), ..by_file.clone() };
        assert!(both.read().expect_err("refused").to_string().contains("not both"));
        fs::write(&path, "\n").expect("written");
        assert!(by_file.read().expect_err("refused").to_string().contains("is empty"));
    }
}
