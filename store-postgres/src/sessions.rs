//! Sessions.

use deadpool_postgres::GenericClient;
use futures_util::FutureExt;
use store::{
    NewSession, PAGE, SESSIONS, SecretHash, Session, SessionId, SessionStore, StoreError, StoreFuture, User,
    UserId, checked_ms, page,
};

use crate::{
    fault::Worked,
    postgres_store::PostgresStore,
    rows::{self, SESSION, USER, sql_id},
};

/// The number of columns of [`SESSION`], behind which the user's begin.
const COLUMNS: usize = 7;

/// Deletes the sessions of a user, all but one where it is named.
pub(crate) async fn delete_of_user(
    client: &impl GenericClient,
    user: UserId,
    except: Option<SessionId>,
) -> Worked<Vec<SessionId>> {
    // No session has the number 0.
    let except = except.map_or(0, |id| sql_id(id.0));
    let sql = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING id";
    rows::sorted_ids(&client.query(sql, &[&sql_id(user.0), &except]).await?, SessionId)
}

impl SessionStore for PostgresStore {
    fn create(&self, new: NewSession) -> StoreFuture<Session> {
        self.run(move |client| {
            async move {
                new.check()?;
                let (created, expires) = (checked_ms(new.created_ms)?, checked_ms(new.expires_ms)?);
                let (user, password) = (sql_id(new.user.0), new.password.map(|hash| hash.0));
                let transaction = client.transaction().await?;
                // The lock of the row has whoever sets another password find this session, or this one find that password.
                let sql = "SELECT 1 FROM users WHERE id = $1 AND disabled_ms IS NULL
                    AND ($2::text IS NULL OR password = $2) FOR SHARE";
                if transaction.query_opt(sql, &[&user, &password]).await?.is_none() {
                    return Err(StoreError::NotFound.into());
                }
                let sql = format!(
                    "INSERT INTO sessions (user_id, secret, created_ms, expires_ms, seen_ms, address, agent)
                        VALUES ($1, $2, $3, $4, $3, $5, $6) RETURNING {SESSION}"
                );
                let row = transaction
                    .query_one(
                        &sql,
                        &[&user, &&new.secret.0[..], &created, &expires, &new.address, &new.agent],
                    )
                    .await?;
                let oldest = "DELETE FROM sessions WHERE user_id = $1 AND id <=
                    (SELECT id FROM sessions WHERE user_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)";
                transaction.execute(oldest, &[&user, &page(SESSIONS)]).await?;
                transaction.commit().await?;
                rows::session(&row)
            }
            .boxed()
        })
    }

    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<(Session, User)>> {
        let secret = *secret;
        self.run(move |client| {
            async move {
                let sql = format!(
                    "SELECT {SESSION}, {USER} FROM sessions JOIN users ON users.id = sessions.user_id WHERE secret = $1"
                );
                let statement = client.prepare_cached(&sql).await?;
                let row = client.query_opt(&statement, &[&&secret.0[..]]).await?;
                row.map(|row| Ok((rows::session(&row)?, rows::user(&row, COLUMNS)?))).transpose()
            }
            .boxed()
        })
    }

    fn touch(&self, id: SessionId, seen_ms: u64) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                let sql = "UPDATE sessions SET seen_ms = greatest(seen_ms, $2) WHERE id = $1";
                let statement = client.prepare_cached(sql).await?;
                Ok(client.execute(&statement, &[&sql_id(id.0), &checked_ms(seen_ms)?]).await? == 1)
            }
            .boxed()
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Session>> {
        self.run(move |client| {
            async move {
                let sql =
                    format!("SELECT {SESSION} FROM sessions WHERE user_id = $1 ORDER BY id DESC LIMIT $2");
                rows::all(&client.query(&sql, &[&sql_id(user.0), &page(PAGE)]).await?, rows::session)
            }
            .boxed()
        })
    }

    fn revoke(&self, id: SessionId) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                Ok(client.execute("DELETE FROM sessions WHERE id = $1", &[&sql_id(id.0)]).await? == 1)
            }
            .boxed()
        })
    }

    fn revoke_of_user(&self, user: UserId, except: Option<SessionId>) -> StoreFuture<Vec<SessionId>> {
        self.run(move |client| async move { delete_of_user(client, user, except).await }.boxed())
    }

    fn sweep(&self, expired_before_ms: u64, idle_since_ms: u64) -> StoreFuture<Vec<SessionId>> {
        self.run(move |client| {
            async move {
                let (expired, idle) = (checked_ms(expired_before_ms)?, checked_ms(idle_since_ms)?);
                let sql = "DELETE FROM sessions WHERE expires_ms < $1 OR seen_ms < $2 RETURNING id";
                rows::sorted_ids(&client.query(sql, &[&expired, &idle]).await?, SessionId)
            }
            .boxed()
        })
    }
}
