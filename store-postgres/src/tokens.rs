//! Tokens.

use futures_util::FutureExt;
use store::{
    NewToken, PAGE, SecretHash, StoreFuture, Token, TokenId, TokenStore, User, UserId, checked_ms,
    join_scopes, page,
};

use crate::{
    postgres_store::PostgresStore,
    rows::{self, TOKEN, USER, sql_id, sql_ms},
};

/// The number of columns of [`TOKEN`], behind which the user's begin.
const COLUMNS: usize = 7;

impl TokenStore for PostgresStore {
    fn create(&self, new: NewToken) -> StoreFuture<Token> {
        self.run(move |client| {
            async move {
                new.check()?;
                let (created, expires) = (checked_ms(new.created_ms)?, sql_ms(new.expires_ms)?);
                let scopes = join_scopes(&new.scopes);
                let sql = format!(
                    "INSERT INTO tokens (user_id, name, secret, scopes, created_ms, expires_ms)
                        VALUES ($1, $2, $3, $4, $5, $6) RETURNING {TOKEN}"
                );
                let user = sql_id(new.user.0);
                let row = client
                    .query_one(&sql, &[&user, &new.name, &&new.secret.0[..], &scopes, &created, &expires])
                    .await?;
                rows::token(&row)
            }
            .boxed()
        })
    }

    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<(Token, User)>> {
        let secret = *secret;
        self.run(move |client| {
            async move {
                let sql = format!(
                    "SELECT {TOKEN}, {USER} FROM tokens JOIN users ON users.id = tokens.user_id WHERE secret = $1"
                );
                let statement = client.prepare_cached(&sql).await?;
                let row = client.query_opt(&statement, &[&&secret.0[..]]).await?;
                row.map(|row| Ok((rows::token(&row)?, rows::user(&row, COLUMNS)?))).transpose()
            }
            .boxed()
        })
    }

    fn touch(&self, id: TokenId, used_ms: u64) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                // Of NULL and a number the number is the greatest.
                let sql = "UPDATE tokens SET last_used_ms = greatest(last_used_ms, $2) WHERE id = $1";
                let statement = client.prepare_cached(sql).await?;
                Ok(client.execute(&statement, &[&sql_id(id.0), &checked_ms(used_ms)?]).await? == 1)
            }
            .boxed()
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Token>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {TOKEN} FROM tokens WHERE user_id = $1 ORDER BY id DESC LIMIT $2");
                rows::all(&client.query(&sql, &[&sql_id(user.0), &page(PAGE)]).await?, rows::token)
            }
            .boxed()
        })
    }

    fn all(&self, after: Option<TokenId>, limit: usize) -> StoreFuture<Vec<Token>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {TOKEN} FROM tokens WHERE id > $1 ORDER BY id LIMIT $2");
                let after = after.map_or(0, |id| sql_id(id.0));
                rows::all(&client.query(&sql, &[&after, &page(limit)]).await?, rows::token)
            }
            .boxed()
        })
    }

    fn revoke(&self, id: TokenId) -> StoreFuture<bool> {
        self.run(move |client| {
            async move { Ok(client.execute("DELETE FROM tokens WHERE id = $1", &[&sql_id(id.0)]).await? == 1) }
                .boxed()
        })
    }

    fn revoke_of_user(&self, user: UserId) -> StoreFuture<Vec<TokenId>> {
        self.run(move |client| {
            async move {
                let sql = "DELETE FROM tokens WHERE user_id = $1 RETURNING id";
                rows::sorted_ids(&client.query(sql, &[&sql_id(user.0)]).await?, TokenId)
            }
            .boxed()
        })
    }
}
