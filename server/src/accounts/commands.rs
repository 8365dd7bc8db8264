//! AccountDirectory and tokens from the command line, for when the web is locked, or not there yet. A server that runs beside notices within a second.

use std::{fmt::Write as _, sync::Arc};

use access::Scope;
use anyhow::{Context, anyhow, bail};
use common::role::Role;
use fanout::Clock;
use store::{
    Identity, NewAudit, NewEnrolment, NewToken, NewUser, PasswordHash, SecretHash, Store, TokenId, User,
};

use super::command_line::{AccountsCommand, AuditCommand, HostCommand, TokenCommand, UserCommand};
use super::{
    directory::DAY_MS, entry::of, names, opening::open_store, passwords::Passwords, second_factor, secrets,
    tokens,
};
use crate::config::Config;

/// A code by which an agent enrols is good for so long.
pub(crate) const ENROLMENT_MS: u64 = 10 * 60 * 1000;

/// Carries a command out and returns what is to be printed.
///
/// # Errors
/// What kept it from being done.
pub async fn run(config: &Config, clock: Arc<dyn Clock>, command: AccountsCommand) -> anyhow::Result<String> {
    let store = open_store(config).await?;
    let line =
        CommandLine { store: &*store, now: clock.unix_millis(), issuer: config.oidc.issuer.as_deref() };
    let done = match command {
        AccountsCommand::User(command) => line.user(command).await,
        AccountsCommand::Token(command) => line.token(command).await,
        AccountsCommand::Audit(AuditCommand::Verify) => line.verify_audit().await,
        AccountsCommand::Host(command) => line.host(command).await,
    };
    store.close().await;
    done
}

struct CommandLine<'a> {
    store: &'a dyn Store,
    now: u64,
    /// The provider of the settings.
    issuer: Option<&'a str>,
}

impl CommandLine<'_> {
    async fn user(&self, command: UserCommand) -> anyhow::Result<String> {
        match command {
            UserCommand::Add { name, role } => self.add(&name, role).await,
            UserCommand::Reset { name, second_factor, passkeys } => {
                self.reset(&name, second_factor, passkeys).await
            }
            UserCommand::Disable { name } => self.set_disabled(&name, true).await,
            UserCommand::Enable { name } => self.set_disabled(&name, false).await,
            UserCommand::Bind { name, subject } => self.bind(&name, subject).await,
            UserCommand::Unbind { name } => self.unbind(&name).await,
            UserCommand::List => self.list_users().await,
        }
    }

    async fn add(&self, name: &str, role: Role) -> anyhow::Result<String> {
        let Some(name) = names::checked(name) else {
            bail!("a name is up to 64 letters, digits, spaces and . _ - @");
        };
        let (password, hash) = password().await?;
        let name_key = names::key(&name);
        let user = NewUser { name, name_key, role, password: Some(hash), created_ms: self.now };
        let user = self.store.users().create(user).await?;
        self.record("create_user", of(&user), role.as_str()).await?;
        Ok(format!("{} ({role}) signs in with this password, and should change it: {password}\n", user.name))
    }

    async fn reset(&self, name: &str, second_factor: bool, passkeys: bool) -> anyhow::Result<String> {
        let user = self.find(name).await?;
        let (password, hash) = password().await?;
        // Before the sessions end: a lost device begins no other one in between.
        let keys =
            if passkeys { self.remove_passkeys(&user).await? } else { self.passkeys_left(&user).await? };
        self.store.users().set_password(user.id, hash, None).await?;
        if second_factor {
            self.store.users().set_totp(user.id, None).await?;
            self.record("second_factor_off", of(&user), "").await?;
        }
        self.record("change_password", of(&user), "").await?;
        let left = if second_factor::is_on(&user) && !second_factor {
            "The second factor stays; --second-factor switches it off.\n"
        } else {
            ""
        };
        Ok(format!(
            "{} signs in with this password, and should change it: {password}\n{left}{keys}",
            user.name
        ))
    }

    /// Removes all passkeys of an account, and returns the line that says so.
    async fn remove_passkeys(&self, user: &User) -> anyhow::Result<String> {
        let gone = self.store.passkeys().remove_of_user(user.id).await?;
        let numbers: Vec<String> = gone.iter().map(ToString::to_string).collect();
        self.record("remove_passkeys", of(user), &numbers.join(", ")).await?;
        Ok(format!("Passkeys that are removed: {}.\n", gone.len()))
    }

    /// Returns the line about the passkeys that an account keeps.
    async fn passkeys_left(&self, user: &User) -> anyhow::Result<String> {
        let left = self.store.passkeys().of_user(user.id).await?.len();
        Ok(match left {
            0 => String::new(),
            _ => format!("Passkeys that still sign in: {left}; --passkeys removes them.\n"),
        })
    }

    async fn set_disabled(&self, name: &str, disable: bool) -> anyhow::Result<String> {
        let user = self.find(name).await?;
        self.store.users().set_disabled(user.id, disable.then_some(self.now)).await?;
        let (action, state) = if disable { ("disable_user", "disabled") } else { ("enable_user", "enabled") };
        self.record(action, of(&user), "").await?;
        Ok(format!("{} is {state}\n", user.name))
    }

    async fn bind(&self, name: &str, subject: String) -> anyhow::Result<String> {
        let user = self.find(name).await?;
        let issuer = self.issuer.context("there is no provider: oidc.issuer names it")?.to_owned();
        let detail = format!("{issuer} {subject}");
        self.store.identities().bind(Identity { issuer, subject }, user.id, self.now).await?;
        self.record("bind_identity", of(&user), &detail).await?;
        Ok(format!("{} signs in at the provider, too\n", user.name))
    }

    async fn unbind(&self, name: &str) -> anyhow::Result<String> {
        let user = self.find(name).await?;
        let gone = self.store.identities().unbind(user.id).await?;
        self.store.sessions().revoke_of_user(user.id, None).await?;
        let detail: Vec<String> = gone.iter().map(|one| format!("{} {}", one.issuer, one.subject)).collect();
        self.record("unbind_identity", of(&user), &detail.join(", ")).await?;
        Ok(format!("{} had {} identities at the provider, and has none\n", user.name, gone.len()))
    }

    async fn list_users(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        let mut after = None;
        loop {
            let users = self.store.users().list(after, store::PAGE).await?;
            let Some(last) = users.last() else { return Ok(text) };
            after = Some(last.id);
            for user in users {
                let disabled = if user.disabled_ms.is_some() { "\tdisabled" } else { "" };
                writeln!(text, "{}\t{}\t{}{disabled}", user.id, user.role, user.name)?;
            }
        }
    }

    async fn host(&self, command: HostCommand) -> anyhow::Result<String> {
        match command {
            HostCommand::Code { user } => self.host_code(user.as_deref()).await,
            HostCommand::List => {
                let mut text = String::new();
                for host in self.store.hosts().all().await? {
                    let heard = host.last_seen_ms.map_or_else(
                        || "never heard".to_owned(),
                        |seen| format!("heard {} s ago", self.now.saturating_sub(seen) / 1000),
                    );
                    // Writing to a string does not fail.
                    let _ = writeln!(text, "{}  {heard}", host.name);
                }
                Ok(text)
            }
            HostCommand::Remove { name } => {
                let hosts = self.store.hosts();
                let found = hosts.all().await?.into_iter().find(|host| host.name == name);
                let Some(host) = found else {
                    bail!("there is no host {name}: `pulseboard host list` has them")
                };
                hosts.remove(host.id).await?;
                self.record("remove_host", format!("host:{name}"), "").await?;
                Ok(format!("host {name} is removed\n"))
            }
        }
    }

    async fn host_code(&self, user: Option<&str>) -> anyhow::Result<String> {
        let created_by = match user {
            Some(user) => Some(self.find(user).await?.id),
            None => None,
        };
        if created_by.is_none() && !self.store.users().list(None, 1).await?.is_empty() {
            bail!("name the admin who answers for it: --user NAME");
        }
        let code = secrets::make_short()?;
        let new = NewEnrolment {
            secret: SecretHash::of(code.as_bytes()),
            created_by,
            created_ms: self.now,
            expires_ms: self.now + ENROLMENT_MS,
        };
        let made = self.store.hosts().create_enrolment(new).await?;
        self.record("create_enrolment", format!("enrolment:{}", made.id), "").await?;
        Ok(format!(
            "{code}\n\nRun this on the host, within ten minutes:\n  pulseboard agent --hub URL --enrol {code}\n"
        ))
    }

    async fn token(&self, command: TokenCommand) -> anyhow::Result<String> {
        match command {
            TokenCommand::Create { name, user, scope, days } => {
                self.create_token(name, &user, &scope, days).await
            }
            TokenCommand::Revoke { id } => {
                if !self.store.tokens().revoke(TokenId(id)).await? {
                    bail!("there is no token {id}: `pulseboard token list` has their numbers");
                }
                self.record("revoke_token", format!("token:{id}"), "").await?;
                Ok(format!("token {id} is revoked\n"))
            }
            TokenCommand::List => self.list_tokens().await,
        }
    }

    async fn create_token(
        &self,
        name: String,
        user: &str,
        scopes: &[Scope],
        days: u32,
    ) -> anyhow::Result<String> {
        let user = self.find(user).await?;
        let name = tokens::checked(&name).context("a token has a name of up to 64 characters")?;
        let secret = secrets::make(tokens::PREFIX)?;
        let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        let token = NewToken {
            user: user.id,
            name,
            secret: SecretHash::of(secret.as_bytes()),
            scopes: scopes.clone(),
            created_ms: self.now,
            expires_ms: (days > 0).then(|| self.now + u64::from(days) * DAY_MS),
        };
        let token = self.store.tokens().create(token).await?;
        self.record("create_token", format!("token:{} {}", token.id, token.name), &scopes.join(" ")).await?;
        Ok(format!("{secret}\n"))
    }

    async fn list_tokens(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        let mut after = None;
        loop {
            let tokens = self.store.tokens().all(after, store::PAGE).await?;
            let Some(last) = tokens.last() else { return Ok(text) };
            after = Some(last.id);
            for token in tokens {
                let ended = token.expires_ms.is_some_and(|ends| ends <= self.now);
                let ended = if ended { "\texpired" } else { "" };
                writeln!(
                    text,
                    "{}\tuser:{}\t{}\t{}{ended}",
                    token.id,
                    token.user,
                    token.name,
                    token.scopes.join(" ")
                )?;
            }
        }
    }

    async fn verify_audit(&self) -> anyhow::Result<String> {
        let verdict = self.store.audit().verify().await?;
        match verdict.broken_at {
            None => {
                let before = match verdict.pruned {
                    0 => String::new(),
                    pruned => format!("; those to {pruned} were pruned, and the rest follows from them"),
                };
                Ok(format!("{} entries, none of them changed{before}\n", verdict.entries))
            }
            Some(seq) => Err(anyhow!(
                "entry {seq} does not follow from those before it: it was changed, or one is missing"
            )),
        }
    }

    async fn find(&self, name: &str) -> anyhow::Result<User> {
        let found = self.store.users().by_name_key(&names::key(name)).await?;
        found.with_context(|| format!("there is no account {name}: `pulseboard user list` has their names"))
    }

    async fn record(&self, action: &str, object: String, detail: &str) -> anyhow::Result<()> {
        let entry = NewAudit {
            at_ms: self.now,
            actor: "command line".to_owned(),
            action: action.to_owned(),
            object,
            address: String::new(),
            detail: detail.to_owned(),
        };
        self.store.audit().append(entry.clipped()).await?;
        Ok(())
    }
}

/// Makes a password that a person can type.
async fn password() -> anyhow::Result<(String, PasswordHash)> {
    let secret = secrets::make("")?;
    let password = [0, 5, 10, 15, 20].map(|at| &secret[at..at + 5]).join("-");
    let hash = Passwords::new().hash(password.clone()).await?;
    Ok((password, PasswordHash(hash)))
}
