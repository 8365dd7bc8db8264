//! Invitations.

use futures_util::FutureExt;
use store::{
    Invitation, InvitationId, InvitationStore, NewInvitation, NewUser, PAGE, SecretHash, StoreFuture, User,
    checked_ms, page,
};

use crate::{
    postgres_store::PostgresStore,
    rows::{self, INVITATION, sql_id},
    users,
};

/// The condition that its maker is an active admin: nobody comes in by the links of one who has left.
const BY_ADMIN: &str = "created_by IN (SELECT id FROM users WHERE role = 'admin' AND disabled_ms IS NULL)";

impl InvitationStore for PostgresStore {
    fn create(&self, new: NewInvitation) -> StoreFuture<Invitation> {
        self.run(move |client| {
            async move {
                new.check()?;
                let (created, expires) = (checked_ms(new.created_ms)?, checked_ms(new.expires_ms)?);
                let sql = format!(
                    "INSERT INTO invitations (secret, role, created_by, created_ms, expires_ms)
                        VALUES ($1, $2, $3, $4, $5) RETURNING {INVITATION}"
                );
                let creator = sql_id(new.created_by.0);
                let row = client
                    .query_one(&sql, &[&&new.secret.0[..], &new.role.as_str(), &creator, &created, &expires])
                    .await?;
                rows::invitation(&row)
            }
            .boxed()
        })
    }

    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<Invitation>> {
        let secret = *secret;
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {INVITATION} FROM invitations WHERE secret = $1 AND {BY_ADMIN}");
                let row = client.query_opt(&sql, &[&&secret.0[..]]).await?;
                row.map(|row| rows::invitation(&row)).transpose()
            }
            .boxed()
        })
    }

    fn open(&self, now_ms: u64) -> StoreFuture<Vec<Invitation>> {
        self.run(move |client| {
            async move {
                let sql = format!(
                    "SELECT {INVITATION} FROM invitations
                        WHERE accepted_by IS NULL AND expires_ms > $1 AND {BY_ADMIN} ORDER BY id DESC LIMIT $2"
                );
                let rows = client.query(&sql, &[&checked_ms(now_ms)?, &page(PAGE)]).await?;
                rows::all(&rows, rows::invitation)
            }
            .boxed()
        })
    }

    fn revoke(&self, id: InvitationId) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                let sql = "DELETE FROM invitations WHERE id = $1 AND accepted_by IS NULL";
                Ok(client.execute(sql, &[&sql_id(id.0)]).await? == 1)
            }
            .boxed()
        })
    }

    fn accept(&self, secret: SecretHash, new: NewUser, now_ms: u64) -> StoreFuture<Option<User>> {
        self.run(move |client| {
            async move {
                new.check()?;
                let now = checked_ms(now_ms)?;
                let transaction = client.transaction().await?;
                // The lock of the row has whoever comes second find it accepted.
                let sql = format!(
                    "SELECT {INVITATION} FROM invitations
                        WHERE secret = $1 AND accepted_by IS NULL AND expires_ms > $2 AND {BY_ADMIN} FOR UPDATE"
                );
                let Some(row) = transaction.query_opt(&sql, &[&&secret.0[..], &now]).await? else {
                    return Ok(None);
                };
                let invitation = rows::invitation(&row)?;
                let user = users::insert(&transaction, &NewUser { role: invitation.role, ..new }).await?;
                let sql = "UPDATE invitations SET accepted_by = $2 WHERE id = $1";
                transaction.execute(sql, &[&sql_id(invitation.id.0), &sql_id(user.id.0)]).await?;
                transaction.commit().await?;
                Ok(Some(user))
            }
            .boxed()
        })
    }
}
