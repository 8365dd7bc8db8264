//! Invitations.

use rusqlite::{OptionalExtension, Row, params};
use store::{
    Invitation, InvitationId, InvitationStore, NewInvitation, NewUser, SecretHash, StoreFuture, User, UserId,
    checked_ms, page,
};

use super::{
    columns::{number, optional, sql, word},
    users::insert,
};
use crate::SqliteStore;

/// The columns that [`invitation`] reads.
const INVITATION: &str = "id, role, created_by, created_ms, expires_ms, accepted_by";

/// The condition that its maker is an active admin: nobody comes in by the links of one who has left.
const BY_ADMIN: &str = "created_by IN (SELECT id FROM users WHERE role = 'admin' AND disabled_ms IS NULL)";

fn invitation(row: &Row<'_>) -> rusqlite::Result<Invitation> {
    Ok(Invitation {
        id: InvitationId(number(row, 0)?),
        role: word(row, 1)?,
        created_by: UserId(number(row, 2)?),
        created_ms: number(row, 3)?,
        expires_ms: number(row, 4)?,
        accepted_by: optional(row, 5)?.map(UserId),
    })
}

impl InvitationStore for SqliteStore {
    fn create(&self, new: NewInvitation) -> StoreFuture<Invitation> {
        self.write(move |connection| {
            new.check()?;
            let insert = format!(
                "INSERT INTO invitations (secret, role, created_by, created_ms, expires_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5) RETURNING {INVITATION}"
            );
            let (created_ms, expires_ms) = (checked_ms(new.created_ms)?, checked_ms(new.expires_ms)?);
            let values =
                params![new.secret.0, new.role.as_str(), sql(new.created_by.0), created_ms, expires_ms];
            Ok(connection.prepare_cached(&insert)?.query_row(values, invitation)?)
        })
    }

    fn by_secret(&self, secret: &SecretHash) -> StoreFuture<Option<Invitation>> {
        let secret = *secret;
        self.read(move |connection| {
            let select = format!("SELECT {INVITATION} FROM invitations WHERE secret = ?1 AND {BY_ADMIN}");
            Ok(connection.prepare_cached(&select)?.query_row([secret.0], invitation).optional()?)
        })
    }

    fn open(&self, now_ms: u64) -> StoreFuture<Vec<Invitation>> {
        self.read(move |connection| {
            let select = format!(
                "SELECT {INVITATION} FROM invitations \
                 WHERE accepted_by IS NULL AND expires_ms > ?1 AND {BY_ADMIN} ORDER BY id DESC LIMIT ?2"
            );
            let mut select = connection.prepare_cached(&select)?;
            let open = select.query_map([sql(now_ms), page(store::PAGE)], invitation)?;
            Ok(open.collect::<Result<_, _>>()?)
        })
    }

    fn revoke(&self, id: InvitationId) -> StoreFuture<bool> {
        self.write(move |connection| {
            let delete = "DELETE FROM invitations WHERE id = ?1 AND accepted_by IS NULL";
            Ok(connection.prepare_cached(delete)?.execute([sql(id.0)])? == 1)
        })
    }

    fn accept(&self, secret: SecretHash, new: NewUser, now_ms: u64) -> StoreFuture<Option<User>> {
        self.write(move |connection| {
            new.check()?;
            let select = format!(
                "SELECT {INVITATION} FROM invitations \
                 WHERE secret = ?1 AND accepted_by IS NULL AND expires_ms > ?2 AND {BY_ADMIN}"
            );
            let mut select = connection.prepare_cached(&select)?;
            let found = select.query_row(params![secret.0, sql(now_ms)], invitation).optional()?;
            let Some(found) = found else { return Ok(None) };
            let user = insert(connection, &NewUser { role: found.role, ..new })?;
            let update = "UPDATE invitations SET accepted_by = ?2 WHERE id = ?1";
            connection.prepare_cached(update)?.execute([sql(found.id.0), sql(user.id.0)])?;
            Ok(Some(user))
        })
    }
}
