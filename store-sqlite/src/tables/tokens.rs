//! Tokens.

use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use store::{
    NewToken, SecretHash, StoreFuture, Token, TokenId, TokenStore, User, UserId, checked_ms, join_scopes,
    page, split_scopes,
};

use super::{
    columns::{number, optional, sql},
    users::{USER, user},
};
use crate::{SqliteStore, error::WorkResult};

/// The columns that [`token`] reads.
const TOKEN: &str = "tokens.id, tokens.user_id, tokens.name, tokens.scopes, tokens.created_ms, tokens.expires_ms, \
                     tokens.last_used_ms";
/// The number of these columns.
const WIDTH: usize = 7;

fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    Ok(Token {
        id: TokenId(number(row, 0)?),
        user: UserId(number(row, 1)?),
        name: row.get(2)?,
        scopes: split_scopes(&row.get::<_, String>(3)?),
        created_ms: number(row, 4)?,
        expires_ms: optional(row, 5)?,
        last_used_ms: optional(row, 6)?,
    })
}

fn select(connection: &Connection, condition: &str, values: impl Params) -> WorkResult<Vec<Token>> {
    let select = format!("SELECT {TOKEN} FROM tokens WHERE {condition}");
    let mut select = connection.prepare_cached(&select)?;
    let tokens = select.query_map(values, token)?;
    Ok(tokens.collect::<Result<_, _>>()?)
}

/// Deletes tokens and returns their numbers in order.
fn delete(connection: &Connection, condition: &str, value: i64) -> WorkResult<Vec<TokenId>> {
    let delete = format!("DELETE FROM tokens WHERE {condition} RETURNING id");
    let mut delete = connection.prepare_cached(&delete)?;
    let ids = delete.query_map([value], |row| number(row, 0).map(TokenId))?;
    let mut ids: Vec<_> = ids.collect::<Result<_, _>>()?;
    ids.sort_unstable();
    Ok(ids)
}

impl TokenStore for SqliteStore {
    fn create(&self, new: NewToken) -> StoreFuture<Token> {
        self.write(move |connection| {
            new.check()?;
            let insert = format!(
                "INSERT INTO tokens (user_id, name, secret, scopes, created_ms, expires_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING {TOKEN}"
            );
            let expires_ms = new.expires_ms.map(checked_ms).transpose()?;
            let (scopes, created_ms) = (join_scopes(&new.scopes), checked_ms(new.created_ms)?);
            let values = params![sql(new.user.0), new.name, new.secret.0, scopes, created_ms, expires_ms];
            Ok(connection.prepare_cached(&insert)?.query_row(values, token)?)
        })
    }

    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<(Token, User)>> {
        let secret = *secret;
        self.read(move |connection| {
            let select = format!(
                "SELECT {TOKEN}, {USER} FROM tokens JOIN users ON users.id = tokens.user_id WHERE secret = ?1"
            );
            let mut select = connection.prepare_cached(&select)?;
            Ok(select.query_row([secret.0], |row| Ok((token(row)?, user(row, WIDTH)?))).optional()?)
        })
    }

    fn touch(&self, id: TokenId, used_ms: u64) -> StoreFuture<bool> {
        self.write(move |connection| {
            let update = "UPDATE tokens SET last_used_ms = max(coalesce(last_used_ms, 0), ?2) WHERE id = ?1";
            Ok(connection.prepare_cached(update)?.execute([sql(id.0), checked_ms(used_ms)?])? == 1)
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Token>> {
        let values = [sql(user.0), page(store::PAGE)];
        self.read(move |connection| select(connection, "user_id = ?1 ORDER BY id DESC LIMIT ?2", values))
    }

    fn all(&self, after: Option<TokenId>, limit: usize) -> StoreFuture<Vec<Token>> {
        let values = [after.map_or(0, |id| sql(id.0)), page(limit)];
        self.read(move |connection| select(connection, "id > ?1 ORDER BY id LIMIT ?2", values))
    }

    fn revoke(&self, id: TokenId) -> StoreFuture<bool> {
        self.write(move |connection| Ok(!delete(connection, "id = ?1", sql(id.0))?.is_empty()))
    }

    fn revoke_of_user(&self, user: UserId) -> StoreFuture<Vec<TokenId>> {
        self.write(move |connection| delete(connection, "user_id = ?1", sql(user.0)))
    }
}
