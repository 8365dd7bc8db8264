//! Rows of sessions that go: with their user's password, with their user, or by themselves.

use rusqlite::{Connection, Params};
use store::{SessionId, UserId};

use super::columns::{number, sql};
use crate::error::WorkResult;

/// Deletes sessions and returns their numbers in order.
pub(super) fn delete(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> WorkResult<Vec<SessionId>> {
    let delete = format!("DELETE FROM sessions WHERE {condition} RETURNING id");
    let mut delete = connection.prepare_cached(&delete)?;
    let ids = delete.query_map(values, |row| number(row, 0).map(SessionId))?;
    let mut ids: Vec<_> = ids.collect::<Result<_, _>>()?;
    ids.sort_unstable();
    Ok(ids)
}

/// Deletes the sessions of a user, all but one where it is named.
pub(super) fn delete_of_user(
    connection: &Connection,
    user: UserId,
    except: Option<SessionId>,
) -> WorkResult<Vec<SessionId>> {
    // No row has the number 0.
    let values = [sql(user.0), except.map_or(0, |id| sql(id.0))];
    delete(connection, "user_id = ?1 AND id <> ?2", values)
}
