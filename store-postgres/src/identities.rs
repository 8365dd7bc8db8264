//! Identities.

use deadpool_postgres::{GenericClient, Transaction};
use futures_util::FutureExt;
use store::{Identity, IdentityStore, NewUser, StoreError, StoreFuture, User, UserId, checked_ms};
use tokio_postgres::Row;

use crate::{
    fault::Worked,
    postgres_store::PostgresStore,
    rows::{self, USER, sql_id},
    users,
};

fn identity(row: &Row) -> Worked<Identity> {
    Ok(Identity { issuer: row.try_get(0)?, subject: row.try_get(1)? })
}

async fn owner(client: &impl GenericClient, identity: &Identity) -> Worked<Option<UserId>> {
    let sql = "SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2";
    let row = client.query_opt(sql, &[&identity.issuer, &identity.subject]).await?;
    row.map(|row| rows::number(&row, 0).map(UserId)).transpose()
}

/// Adds an identity; false where there is one like it, even if that was not there a moment ago.
async fn add(transaction: &Transaction<'_>, identity: &Identity, user: UserId, now_ms: u64) -> Worked<bool> {
    let sql = "INSERT INTO identities (issuer, subject, user_id, created_ms) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING";
    let (user, now) = (sql_id(user.0), checked_ms(now_ms)?);
    Ok(transaction.execute(sql, &[&identity.issuer, &identity.subject, &user, &now]).await? == 1)
}

impl IdentityStore for PostgresStore {
    fn user(&self, identity: &Identity) -> StoreFuture<Option<User>> {
        let Identity { issuer, subject } = identity.clone();
        self.run(move |client| {
            async move {
                // PostgreSQL takes no NUL, so no identity has one.
                if [&issuer, &subject].into_iter().any(|text| text.contains('\0')) {
                    return Ok(None);
                }
                let sql = format!(
                    "SELECT {USER} FROM identities JOIN users ON users.id = identities.user_id
                        WHERE issuer = $1 AND subject = $2"
                );
                let row = client.query_opt(&sql, &[&issuer, &subject]).await?;
                row.map(|row| rows::user(&row, 0)).transpose()
            }
            .boxed()
        })
    }

    fn create_user(&self, identity: Identity, new: NewUser) -> StoreFuture<User> {
        self.run(move |client| {
            async move {
                identity.check()?;
                new.check()?;
                let transaction = client.transaction().await?;
                if owner(&transaction, &identity).await?.is_some() {
                    return Err(StoreError::IdentityTaken.into());
                }
                let user = users::insert(&transaction, &new).await?;
                if !add(&transaction, &identity, user.id, new.created_ms).await? {
                    return Err(StoreError::IdentityTaken.into());
                }
                transaction.commit().await?;
                Ok(user)
            }
            .boxed()
        })
    }

    fn bind(&self, identity: Identity, user: UserId, now_ms: u64) -> StoreFuture<()> {
        self.run(move |client| {
            async move {
                identity.check()?;
                let transaction = client.transaction().await?;
                if !add(&transaction, &identity, user, now_ms).await?
                    && owner(&transaction, &identity).await? != Some(user)
                {
                    return Err(StoreError::IdentityTaken.into());
                }
                Ok(transaction.commit().await?)
            }
            .boxed()
        })
    }

    fn unbind(&self, user: UserId) -> StoreFuture<Vec<Identity>> {
        self.run(move |client| {
            async move {
                let sql = "DELETE FROM identities WHERE user_id = $1 RETURNING issuer, subject";
                let mut gone = rows::all(&client.query(sql, &[&sql_id(user.0)]).await?, identity)?;
                // PostgreSQL gives changed rows in any order.
                gone.sort_by(|one, other| (&one.issuer, &one.subject).cmp(&(&other.issuer, &other.subject)));
                Ok(gone)
            }
            .boxed()
        })
    }

    fn of_user(&self, user: UserId) -> StoreFuture<Vec<Identity>> {
        self.run(move |client| {
            async move {
                let sql = "SELECT issuer, subject FROM identities WHERE user_id = $1";
                let mut all = rows::all(&client.query(sql, &[&sql_id(user.0)]).await?, identity)?;
                // By bytes, whatever the database's locale.
                all.sort_by(|one, other| (&one.issuer, &one.subject).cmp(&(&other.issuer, &other.subject)));
                Ok(all)
            }
            .boxed()
        })
    }
}
