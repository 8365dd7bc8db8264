//! Passkeys, and the challenges that were answered with one.

use futures_util::FutureExt;
use store::{
    AnsweredChallenge, NewPasskey, PAGE, Passkey, PasskeyId, PasskeyStore, StoreError, StoreFuture, User,
    UserId, checked_credential, checked_ms, page,
};

use crate::{
    postgres_store::PostgresStore,
    rows::{self, PASSKEY, USER, sql_id},
};

/// The number of columns of [`PASSKEY`], behind which the user's begin.
const COLUMNS: usize = 7;

impl PasskeyStore for PostgresStore {
    fn create(&self, new: NewPasskey) -> StoreFuture<Passkey> {
        self.run(move |client| {
            async move {
                new.check()?;
                let (user, created) = (sql_id(new.user.0), checked_ms(new.created_ms)?);
                let NewPasskey { name, domain, credential_id, credential, .. } = &new;
                let sql = format!(
                    "INSERT INTO passkeys (user_id, name, domain, credential_id, credential, created_ms)
                        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (credential_id) DO NOTHING RETURNING {PASSKEY}"
                );
                let row = client
                    .query_opt(&sql, &[&user, name, domain, credential_id, credential, &created])
                    .await?;
                rows::passkey(&row.ok_or(StoreError::PasskeyTaken)?)
            }
            .boxed()
        })
    }

    fn by_credential(&self, credential_id: &[u8]) -> StoreFuture<Option<(Passkey, User)>> {
        let credential_id = credential_id.to_owned();
        self.run(move |client| {
            async move {
                let sql = format!(
                    "SELECT {PASSKEY}, {USER} FROM passkeys JOIN users ON users.id = passkeys.user_id
                        WHERE credential_id = $1"
                );
                let statement = client.prepare_cached(&sql).await?;
                let row = client.query_opt(&statement, &[&credential_id]).await?;
                row.map(|row| Ok((rows::passkey(&row)?, rows::user(&row, COLUMNS)?))).transpose()
            }
            .boxed()
        })
    }

    fn take_answer(
        &self,
        id: PasskeyId,
        credential: String,
        challenge: AnsweredChallenge,
        now_ms: u64,
    ) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                checked_credential(&credential)?;
                let (expires, now) = (checked_ms(challenge.expires_ms)?, checked_ms(now_ms)?);
                let transaction = client.transaction().await?;
                // Rows that another node forgets just now are left to it: two that delete many in unlike orders would wait for each other.
                let sql = "DELETE FROM answered_challenges WHERE hash IN
                    (SELECT hash FROM answered_challenges WHERE expires_ms <= $1 FOR UPDATE SKIP LOCKED)";
                transaction.execute(sql, &[&now]).await?;
                // It waits for another node that answers, or forgets, the same challenge.
                let sql = "INSERT INTO answered_challenges (hash, expires_ms) VALUES ($1, $2)
                    ON CONFLICT (hash) DO NOTHING";
                let is_new = transaction.execute(sql, &[&&challenge.hash.0[..], &expires]).await? == 1;
                // Of NULL and a number the number is the greatest.
                let sql = "UPDATE passkeys SET credential = $2, last_used_ms = greatest(last_used_ms, $3)
                    WHERE id = $1";
                if !is_new || transaction.execute(sql, &[&sql_id(id.0), &credential, &now]).await? == 0 {
                    // Its end rolls the transaction back.
                    return Ok(false);
                }
                transaction.commit().await?;
                Ok(true)
            }
            .boxed()
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Passkey>> {
        self.run(move |client| {
            async move {
                let sql =
                    format!("SELECT {PASSKEY} FROM passkeys WHERE user_id = $1 ORDER BY id DESC LIMIT $2");
                rows::all(&client.query(&sql, &[&sql_id(user.0), &page(PAGE)]).await?, rows::passkey)
            }
            .boxed()
        })
    }

    fn remove(&self, id: PasskeyId) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                Ok(client.execute("DELETE FROM passkeys WHERE id = $1", &[&sql_id(id.0)]).await? == 1)
            }
            .boxed()
        })
    }

    fn remove_of_user(&self, user: UserId) -> StoreFuture<Vec<PasskeyId>> {
        self.run(move |client| {
            async move {
                let sql = "DELETE FROM passkeys WHERE user_id = $1 RETURNING id";
                rows::sorted_ids(&client.query(sql, &[&sql_id(user.0)]).await?, PasskeyId)
            }
            .boxed()
        })
    }
}
