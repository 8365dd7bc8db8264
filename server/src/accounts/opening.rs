//! Opens the store of accounts.

use std::{fs, sync::Arc};

use anyhow::Context;
use fanout::Clock;
use store::Store;
use store_postgres::PostgresStore;
use store_sqlite::{SqliteOptions, SqliteStore};
use tokio::task::spawn_blocking;

use super::{directory::AccountDirectory, oidc::provider::Provider, secrets::NoRandom};
use crate::{access::OpenHouse, config::Config, web_push::WebPush};

/// Opens the store of accounts: in the data folder, or at PostgreSQL.
///
/// # Errors
/// When it cannot be had, or holds what this version cannot read.
pub(crate) async fn open(
    config: &Config,
    clock: Arc<dyn Clock>,
    open_house: OpenHouse,
) -> anyhow::Result<AccountDirectory> {
    let outbound = (Provider::open(&config.oidc)?, WebPush::open(&config.push, &config.hosts)?);
    let store = open_store(config).await?;
    let has_users = store.users().any().await.context("accounts cannot be read")?;
    Ok(AccountDirectory::new(store, clock, open_house, has_users, outbound))
}

impl AccountDirectory {
    /// Returns what stands in the link that makes the first account; none where there is an account.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn first_account_link(&self) -> Result<Option<String>, NoRandom> {
        self.0.first_account.link()
    }

    /// Reports that there is an account, so that people sign in.
    pub(crate) fn has_account(&self) -> bool {
        !self.0.first_account.is_open()
    }

    pub(crate) fn web_push(&self) -> &WebPush {
        &self.0.web_push
    }
}

/// Opens the store alone, for commands.
///
/// # Errors
/// As [`open`].
pub(crate) async fn open_store(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    if let Some(url) = &config.store.url {
        let store = PostgresStore::connect(url.reveal()).await.context("store.url")?;
        return Ok(Arc::new(store));
    }
    let folder = config.data_dir.clone();
    let opened = spawn_blocking(move || {
        fs::create_dir_all(&folder)?;
        SqliteStore::open(&folder, SqliteOptions::default()).map_err(anyhow::Error::new)
    });
    let store =
        opened.await?.with_context(|| format!("the store of accounts in {}", config.data_dir.display()))?;
    Ok(Arc::new(store))
}
