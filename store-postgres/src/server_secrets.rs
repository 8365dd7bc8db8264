//! The server's own secrets.

use futures_util::FutureExt;
use store::{ServerSecretStore, StoreFuture, checked_server_secret};

use crate::postgres_store::PostgresStore;

impl ServerSecretStore for PostgresStore {
    fn get_or_create(&self, name: &str, candidate: Vec<u8>) -> StoreFuture<Vec<u8>> {
        let name = name.to_owned();
        self.run(move |client| {
            async move {
                checked_server_secret(&name, &candidate)?;
                let select = "SELECT secret FROM server_secrets WHERE name = $1";
                // A database that may not be written gives the secrets that it has.
                if let Some(row) = client.query_opt(select, &[&name]).await? {
                    return Ok(row.try_get(0)?);
                }
                // It waits for another node that keeps one, whose secret is read then.
                let insert = "INSERT INTO server_secrets (name, secret) VALUES ($1, $2)
                    ON CONFLICT (name) DO NOTHING";
                client.execute(insert, &[&name, &candidate]).await?;
                Ok(client.query_one(select, &[&name]).await?.try_get(0)?)
            }
            .boxed()
        })
    }
}
