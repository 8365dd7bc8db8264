//! Users, and their second factors.

use common::role::Role;
use deadpool_postgres::{GenericClient, Transaction};
use futures_util::FutureExt;
use store::{
    NewUser, PasswordHash, SecretHash, SessionId, StoreError, StoreFuture, TotpSecret, User, UserId,
    UserStore, checked_codes, checked_ms, checked_password, checked_totp, page,
};

use crate::{
    fault::Worked,
    locks::Lock,
    postgres_store::PostgresStore,
    rows::{self, USER, sql_id, sql_ms},
    sessions::delete_of_user,
};

impl UserStore for PostgresStore {
    fn create(&self, new: NewUser) -> StoreFuture<User> {
        self.run(move |client| {
            async move {
                new.check()?;
                let transaction = client.transaction().await?;
                let user = insert(&transaction, &new).await?;
                transaction.commit().await?;
                Ok(user)
            }
            .boxed()
        })
    }

    fn create_first(&self, new: NewUser) -> StoreFuture<Option<User>> {
        self.run(move |client| {
            async move {
                new.check()?;
                let transaction = client.transaction().await?;
                Lock::Team.take(&transaction).await?;
                if exists(&transaction).await? {
                    return Ok(None);
                }
                let user = insert(&transaction, &new).await?;
                transaction.commit().await?;
                Ok(Some(user))
            }
            .boxed()
        })
    }

    fn any(&self) -> StoreFuture<bool> {
        self.run(|client| async move { exists(client).await }.boxed())
    }

    fn by_id(&self, id: UserId) -> StoreFuture<Option<User>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {USER} FROM users WHERE id = $1");
                let row = client.query_opt(&sql, &[&sql_id(id.0)]).await?;
                row.map(|row| rows::user(&row, 0)).transpose()
            }
            .boxed()
        })
    }

    fn by_name_key(&self, name_key: &str) -> StoreFuture<Option<User>> {
        let name_key = name_key.to_owned();
        self.run(move |client| {
            async move {
                // PostgreSQL takes no NUL, so no name has one.
                if name_key.contains('\0') {
                    return Ok(None);
                }
                let sql = format!("SELECT {USER} FROM users WHERE name_key = $1");
                let row = client.query_opt(&sql, &[&name_key]).await?;
                row.map(|row| rows::user(&row, 0)).transpose()
            }
            .boxed()
        })
    }

    fn list(&self, after: Option<UserId>, limit: usize) -> StoreFuture<Vec<User>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {USER} FROM users WHERE id > $1 ORDER BY id LIMIT $2");
                let after = after.map_or(0, |id| sql_id(id.0));
                rows::all(&client.query(&sql, &[&after, &page(limit)]).await?, |row| rows::user(row, 0))
            }
            .boxed()
        })
    }

    fn set_password(
        &self,
        id: UserId,
        hash: PasswordHash,
        except: Option<SessionId>,
    ) -> StoreFuture<Vec<SessionId>> {
        self.run(move |client| {
            async move {
                checked_password(&hash)?;
                let transaction = client.transaction().await?;
                let sql = "UPDATE users SET password = $2 WHERE id = $1";
                found(transaction.execute(sql, &[&sql_id(id.0), &hash.0]).await?)?;
                // After that, so that it finds the sessions of whoever held the row until now.
                let ended = delete_of_user(&transaction, id, except).await?;
                transaction.commit().await?;
                Ok(ended)
            }
            .boxed()
        })
    }

    fn set_role(&self, id: UserId, role: Role) -> StoreFuture<()> {
        self.run(move |client| {
            async move {
                let transaction = client.transaction().await?;
                Lock::Team.take(&transaction).await?;
                if role != Role::Admin {
                    keep_an_admin(&transaction, id).await?;
                }
                let sql = "UPDATE users SET role = $2 WHERE id = $1";
                found(transaction.execute(sql, &[&sql_id(id.0), &role.as_str()]).await?)?;
                Ok(transaction.commit().await?)
            }
            .boxed()
        })
    }

    fn set_disabled(&self, id: UserId, disabled_ms: Option<u64>) -> StoreFuture<()> {
        self.run(move |client| {
            async move {
                let disabled = sql_ms(disabled_ms)?;
                let transaction = client.transaction().await?;
                Lock::Team.take(&transaction).await?;
                if disabled.is_some() {
                    keep_an_admin(&transaction, id).await?;
                }
                let sql = "UPDATE users SET disabled_ms = $2 WHERE id = $1";
                found(transaction.execute(sql, &[&sql_id(id.0), &disabled]).await?)?;
                if disabled.is_some() {
                    delete_of_user(&transaction, id, None).await?;
                }
                Ok(transaction.commit().await?)
            }
            .boxed()
        })
    }

    fn set_totp(&self, id: UserId, secret: Option<TotpSecret>) -> StoreFuture<()> {
        self.run(move |client| {
            async move {
                secret.as_ref().map_or(Ok(()), checked_totp)?;
                let key = secret.map(|secret| secret.0);
                let transaction = client.transaction().await?;
                let sql = "UPDATE users SET totp = $2, totp_step = NULL WHERE id = $1";
                found(transaction.execute(sql, &[&sql_id(id.0), &key]).await?)?;
                if key.is_none() {
                    let sql = "DELETE FROM recovery_codes WHERE user_id = $1";
                    transaction.execute(sql, &[&sql_id(id.0)]).await?;
                }
                Ok(transaction.commit().await?)
            }
            .boxed()
        })
    }

    fn turn_totp_on(
        &self,
        id: UserId,
        secret: TotpSecret,
        step: u64,
        codes: Vec<SecretHash>,
    ) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                checked_totp(&secret)?;
                checked_codes(&codes)?;
                let transaction = client.transaction().await?;
                let sql =
                    "SELECT totp IS NOT NULL AND totp_step IS NOT NULL FROM users WHERE id = $1 FOR UPDATE";
                let row = transaction.query_opt(sql, &[&sql_id(id.0)]).await?.ok_or(StoreError::NotFound)?;
                if row.try_get(0)? {
                    return Ok(false);
                }
                let sql = "UPDATE users SET totp = $2, totp_step = $3 WHERE id = $1";
                transaction.execute(sql, &[&sql_id(id.0), &secret.0, &checked_ms(step)?]).await?;
                replace_codes(&transaction, id, &codes).await?;
                transaction.commit().await?;
                Ok(true)
            }
            .boxed()
        })
    }

    fn take_totp_step(&self, id: UserId, step: u64) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                let sql = "UPDATE users SET totp_step = $2
                    WHERE id = $1 AND totp IS NOT NULL AND (totp_step IS NULL OR totp_step < $2)";
                Ok(client.execute(sql, &[&sql_id(id.0), &checked_ms(step)?]).await? == 1)
            }
            .boxed()
        })
    }

    fn set_recovery_codes(&self, id: UserId, codes: Vec<SecretHash>) -> StoreFuture<()> {
        self.run(move |client| {
            async move {
                checked_codes(&codes)?;
                let transaction = client.transaction().await?;
                // The lock of the row has two calls at once replace one after the other.
                let sql = "SELECT 1 FROM users WHERE id = $1 FOR UPDATE";
                found(transaction.execute(sql, &[&sql_id(id.0)]).await?)?;
                replace_codes(&transaction, id, &codes).await?;
                Ok(transaction.commit().await?)
            }
            .boxed()
        })
    }

    fn take_recovery_code(&self, id: UserId, code: SecretHash) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                let sql = "DELETE FROM recovery_codes WHERE user_id = $1 AND code = $2";
                Ok(client.execute(sql, &[&sql_id(id.0), &&code.0[..]]).await? == 1)
            }
            .boxed()
        })
    }

    fn recovery_codes_left(&self, id: UserId) -> StoreFuture<usize> {
        self.run(move |client| {
            async move {
                let sql = "SELECT count(*) FROM recovery_codes WHERE user_id = $1";
                let row = client.query_one(sql, &[&sql_id(id.0)]).await?;
                Ok(usize::try_from(rows::number(&row, 0)?).unwrap_or(usize::MAX))
            }
            .boxed()
        })
    }
}

/// Makes a user, so that whoever looks at the whole team sees it or comes before it.
pub(crate) async fn insert(transaction: &Transaction<'_>, new: &NewUser) -> Worked<User> {
    Lock::NewUser.take(transaction).await?;
    let sql = format!(
        "INSERT INTO users (name, name_key, role, created_ms, password) VALUES ($1, $2, $3, $4, $5) RETURNING {USER}"
    );
    let password = new.password.as_ref().map(|hash| &hash.0);
    let created = checked_ms(new.created_ms)?;
    let row = transaction
        .query_one(&sql, &[&new.name, &new.name_key, &new.role.as_str(), &created, &password])
        .await?;
    rows::user(&row, 0)
}

/// Replaces the recovery codes of a user, whose row the caller has locked.
async fn replace_codes(transaction: &Transaction<'_>, id: UserId, codes: &[SecretHash]) -> Worked<()> {
    let codes: Vec<&[u8]> = codes.iter().map(|code| &code.0[..]).collect();
    transaction.execute("DELETE FROM recovery_codes WHERE user_id = $1", &[&sql_id(id.0)]).await?;
    let sql = "INSERT INTO recovery_codes (user_id, code)
        SELECT $1, code FROM unnest($2::bytea[]) AS code ON CONFLICT DO NOTHING";
    transaction.execute(sql, &[&sql_id(id.0), &codes]).await?;
    Ok(())
}

/// Refuses a change that takes the last active admin away. The caller has the team's lock.
async fn keep_an_admin(transaction: &Transaction<'_>, id: UserId) -> Worked<()> {
    let sql = "SELECT id FROM users WHERE role = 'admin' AND disabled_ms IS NULL LIMIT 2";
    let active = rows::sorted_ids(&transaction.query(sql, &[]).await?, UserId)?;
    if active == [id] { Err(StoreError::LastAdmin.into()) } else { Ok(()) }
}

async fn exists(client: &impl GenericClient) -> Worked<bool> {
    Ok(client.query_one("SELECT EXISTS (SELECT 1 FROM users)", &[]).await?.try_get(0)?)
}

fn found(rows: u64) -> Worked<()> {
    if rows == 0 { Err(StoreError::NotFound.into()) } else { Ok(()) }
}
