//! Sessions.

use futures_util::FutureExt;
use store::{
    NewSession, PAGE, SecretHash, Session, SessionId, SessionStore, StoreFuture, User, UserId, checked_ms,
    page,
};

use crate::{
    postgres_store::PostgresStore,
    rows::{self, SESSION, USER, sql_id},
};

/// The number of columns of [`SESSION`], behind which the user's begin.
const COLUMNS: usize = 7;

impl SessionStore for PostgresStore {
    fn create(&self, new: NewSession) -> StoreFuture<Session> {
        self.run(move |client| {
            async move {
                new.check()?;
                let (created, expires) = (checked_ms(new.created_ms)?, checked_ms(new.expires_ms)?);
                let sql = format!(
                    "INSERT INTO sessions (user_id, secret, created_ms, expires_ms, seen_ms, address, agent)
                        VALUES ($1, $2, $3, $4, $3, $5, $6) RETURNING {SESSION}"
                );
                let user = sql_id(new.user.0);
                let row = client
                    .query_one(
                        &sql,
                        &[&user, &&new.secret.0[..], &created, &expires, &new.address, &new.agent],
                    )
                    .await?;
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
        self.run(move |client| {
            async move {
                // No session has the number 0.
                let except = except.map_or(0, |id| sql_id(id.0));
                let sql = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING id";
                rows::sorted_ids(&client.query(sql, &[&sql_id(user.0), &except]).await?, SessionId)
            }
            .boxed()
        })
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
