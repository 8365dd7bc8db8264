//! Rows, as the contract has them.

use store::{
    AuditEntry, AuditHash, Invitation, InvitationId, NewAudit, NewNotice, Notice, NoticeId, NoticeReceipt,
    Passkey, PasskeyId, PasswordHash, Session, SessionId, StoreError, Token, TokenId, TotpSecret, User,
    UserId, checked_ms, split_scopes,
};
use tokio_postgres::{Row, types::FromSql};

use crate::fault::{Fault, Worked, damaged};

/// The columns of [`user`].
pub(crate) const USER: &str = "users.id, users.name, users.role, users.created_ms, users.disabled_ms, users.password, users.totp, users.totp_step";
/// The columns of [`session`].
pub(crate) const SESSION: &str = "sessions.id, sessions.user_id, sessions.created_ms, sessions.expires_ms, sessions.seen_ms, sessions.address, sessions.agent";
/// The columns of [`token`].
pub(crate) const TOKEN: &str = "tokens.id, tokens.user_id, tokens.name, tokens.scopes, tokens.created_ms, tokens.expires_ms, tokens.last_used_ms";
/// The columns of [`invitation`].
pub(crate) const INVITATION: &str = "id, role, created_by, created_ms, expires_ms, accepted_by";
/// The columns of [`passkey`].
pub(crate) const PASSKEY: &str = "passkeys.id, passkeys.user_id, passkeys.name, passkeys.domain, passkeys.credential, passkeys.created_ms, passkeys.last_used_ms";
/// The columns of [`audit`].
pub(crate) const AUDIT: &str = "seq, at_ms, actor, action, object, address, detail, hash";

/// The columns of [`notice`].
pub(crate) const NOTICE: &str = "notices.id, notices.audience, notices.level, notices.title, notices.text, notices.link, notices.sender, notices.sender_name, notices.created_ms, notices.expires_ms, notices.key";

/// Returns a number of a row as PostgreSQL keeps it. None is as large as what does not fit.
pub(crate) fn sql_id(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// Returns a time that may be absent as PostgreSQL keeps it.
pub(crate) fn sql_ms(ms: Option<u64>) -> Result<Option<i64>, StoreError> {
    ms.map(checked_ms).transpose()
}

/// Reads a user from the columns that begin at `at`.
pub(crate) fn user(row: &Row, at: usize) -> Worked<User> {
    Ok(User {
        id: UserId(number(row, at)?),
        name: value(row, at + 1)?,
        role: role(row, at + 2)?,
        created_ms: number(row, at + 3)?,
        disabled_ms: optional(row, at + 4)?,
        password: value::<Option<String>>(row, at + 5)?.map(PasswordHash),
        totp: value::<Option<Vec<u8>>>(row, at + 6)?.map(TotpSecret),
        totp_step: optional(row, at + 7)?,
    })
}

/// Reads a session from the first columns.
pub(crate) fn session(row: &Row) -> Worked<Session> {
    Ok(Session {
        id: SessionId(number(row, 0)?),
        user: UserId(number(row, 1)?),
        created_ms: number(row, 2)?,
        expires_ms: number(row, 3)?,
        seen_ms: number(row, 4)?,
        address: value(row, 5)?,
        agent: value(row, 6)?,
    })
}

/// Reads a token from the first columns.
pub(crate) fn token(row: &Row) -> Worked<Token> {
    Ok(Token {
        id: TokenId(number(row, 0)?),
        user: UserId(number(row, 1)?),
        name: value(row, 2)?,
        scopes: split_scopes(&value::<String>(row, 3)?),
        created_ms: number(row, 4)?,
        expires_ms: optional(row, 5)?,
        last_used_ms: optional(row, 6)?,
    })
}

/// Reads an invitation.
pub(crate) fn invitation(row: &Row) -> Worked<Invitation> {
    Ok(Invitation {
        id: InvitationId(number(row, 0)?),
        role: role(row, 1)?,
        created_by: UserId(number(row, 2)?),
        created_ms: number(row, 3)?,
        expires_ms: number(row, 4)?,
        accepted_by: optional(row, 5)?.map(UserId),
    })
}

/// Reads a passkey from the first columns.
pub(crate) fn passkey(row: &Row) -> Worked<Passkey> {
    Ok(Passkey {
        id: PasskeyId(number(row, 0)?),
        user: UserId(number(row, 1)?),
        name: value(row, 2)?,
        domain: value(row, 3)?,
        credential: value(row, 4)?,
        created_ms: number(row, 5)?,
        last_used_ms: optional(row, 6)?,
    })
}

/// Reads an entry of the audit log.
pub(crate) fn audit(row: &Row) -> Worked<AuditEntry> {
    let audit = NewAudit {
        at_ms: number(row, 1)?,
        actor: value(row, 2)?,
        action: value(row, 3)?,
        object: value(row, 4)?,
        address: value(row, 5)?,
        detail: value(row, 6)?,
    };
    let hash = AuditHash(value::<Vec<u8>>(row, 7)?.try_into().map_err(|_| damaged("hash"))?);
    Ok(AuditEntry { seq: number(row, 0)?, audit, hash })
}

/// Reads a notice from the first columns.
pub(crate) fn notice(row: &Row) -> Worked<Notice> {
    let sent = NewNotice {
        audience: value::<&str>(row, 1)?.parse().map_err(|_| damaged("audience"))?,
        level: value::<&str>(row, 2)?.parse().map_err(|_| damaged("level"))?,
        title: value(row, 3)?,
        text: value(row, 4)?,
        link: value(row, 5)?,
        sender: UserId(number(row, 6)?),
        sender_name: value(row, 7)?,
        created_ms: number(row, 8)?,
        expires_ms: optional(row, 9)?,
        key: value(row, 10)?,
    };
    Ok(Notice { id: NoticeId(number(row, 0)?), sent })
}

/// Reads a receipt of a notice.
pub(crate) fn notice_receipt(row: &Row) -> Worked<NoticeReceipt> {
    Ok(NoticeReceipt { user: UserId(number(row, 0)?), read_ms: number(row, 1)? })
}

/// Reads rows of one kind.
pub(crate) fn all<T>(rows: &[Row], read: impl Fn(&Row) -> Worked<T>) -> Worked<Vec<T>> {
    rows.iter().map(read).collect()
}

/// Reads the numbers in the first column, and sorts them: PostgreSQL gives changed rows in any order.
pub(crate) fn sorted_ids<T: Ord>(rows: &[Row], id: impl Fn(u64) -> T) -> Worked<Vec<T>> {
    let mut ids = all(rows, |row| Ok(id(number(row, 0)?)))?;
    ids.sort();
    Ok(ids)
}

/// Reads a number that is not negative.
pub(crate) fn number(row: &Row, at: usize) -> Worked<u64> {
    u64::try_from(value::<i64>(row, at)?).map_err(|_| damaged("number"))
}

/// Reads a number that may be missing.
pub(crate) fn optional(row: &Row, at: usize) -> Worked<Option<u64>> {
    let number = value::<Option<i64>>(row, at)?;
    number.map(|number| u64::try_from(number).map_err(|_| damaged("number"))).transpose()
}

fn role(row: &Row, at: usize) -> Worked<common::role::Role> {
    value::<&str>(row, at)?.parse().map_err(|_| damaged("role"))
}

/// Reads a value of any other kind.
pub(crate) fn value<'a, T: FromSql<'a>>(row: &'a Row, at: usize) -> Worked<T> {
    row.try_get(at).map_err(Fault::from)
}
