//! The server's own secrets.

use rusqlite::{Connection, OptionalExtension, params};
use store::{ServerSecretStore, StoreFuture, checked_server_secret};

use crate::{SqliteStore, error::WorkResult};

fn find(connection: &Connection, name: &str) -> WorkResult<Option<Vec<u8>>> {
    let select = "SELECT secret FROM server_secrets WHERE name = ?1";
    Ok(connection.prepare_cached(select)?.query_row([name], |row| row.get(0)).optional()?)
}

impl ServerSecretStore for SqliteStore {
    fn get_or_create(&self, name: &str, candidate: Vec<u8>) -> StoreFuture<Vec<u8>> {
        let wanted = name.to_owned();
        let bounds = checked_server_secret(name, &candidate);
        // A store that may not be written gives the secrets that it has.
        let found = self.read(move |connection| {
            bounds?;
            find(connection, &wanted)
        });
        let name = name.to_owned();
        let kept = self.write(move |connection| {
            // Another process may have been faster.
            if let Some(secret) = find(connection, &name)? {
                return Ok(secret);
            }
            let insert = "INSERT INTO server_secrets (name, secret) VALUES (?1, ?2)";
            connection.prepare_cached(insert)?.execute(params![name, candidate])?;
            Ok(candidate)
        });
        Box::pin(async move {
            match found.await? {
                Some(secret) => Ok(secret),
                None => kept.await,
            }
        })
    }
}
