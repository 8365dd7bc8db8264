//! Notices, and who has read them.

use common::notice::{NoticeAudience, NoticeLevel, UnreadNotices};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use store::{
    CreatedNotice, NOTICES, NewNotice, Notice, NoticeFilter, NoticeId, NoticeReader, NoticeReceipt,
    NoticeStore, ReceivedNotice, StoreFuture, UserId, checked_ms, page,
};

use super::columns::{number, optional, sql, word};
use crate::{SqliteStore, error::WorkResult};

/// The columns that [`notice`] reads.
pub(super) const NOTICE: &str = "notices.id, notices.audience, notices.level, notices.title, notices.text, \
                                 notices.link, notices.sender, notices.sender_name, notices.created_ms, \
                                 notices.expires_ms, notices.key";
/// The number of these columns.
pub(super) const WIDTH: usize = 11;

/// Reads a notice from the first columns.
pub(super) fn notice(row: &Row<'_>) -> rusqlite::Result<Notice> {
    let sent = NewNotice {
        audience: word(row, 1)?,
        level: word(row, 2)?,
        title: row.get(3)?,
        text: row.get(4)?,
        link: row.get(5)?,
        sender: UserId(number(row, 6)?),
        sender_name: row.get(7)?,
        created_ms: number(row, 8)?,
        expires_ms: optional(row, 9)?,
        key: row.get(10)?,
    };
    Ok(Notice { id: NoticeId(number(row, 0)?), sent })
}

fn find(connection: &Connection, condition: &str, values: impl Params) -> WorkResult<Option<Notice>> {
    let select = format!("SELECT {NOTICE} FROM notices WHERE {condition}");
    Ok(connection.prepare_cached(&select)?.query_row(values, notice).optional()?)
}

/// Writes audiences as the JSON array that `json_each` reads. Their words have nothing that JSON escapes.
fn json(audiences: &[NoticeAudience]) -> String {
    let words: Vec<String> = audiences.iter().map(|audience| format!("\"{audience}\"")).collect();
    format!("[{}]", words.join(","))
}

impl NoticeStore for SqliteStore {
    fn create(&self, new: NewNotice) -> StoreFuture<CreatedNotice> {
        self.write(move |connection| {
            new.check()?;
            if let Some(key) = &new.key {
                let values = params![sql(new.sender.0), key];
                if let Some(notice) = find(connection, "sender = ?1 AND key = ?2", values)? {
                    return Ok(CreatedNotice { notice, is_new: false });
                }
            }
            let insert = format!(
                "INSERT INTO notices (audience, level, title, text, link, sender, sender_name, created_ms, expires_ms, key) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING {NOTICE}"
            );
            let expires_ms = new.expires_ms.map(checked_ms).transpose()?;
            let values = params![
                new.audience.to_string(),
                new.level.as_str(),
                new.title,
                new.text,
                new.link,
                sql(new.sender.0),
                new.sender_name,
                checked_ms(new.created_ms)?,
                expires_ms,
                new.key,
            ];
            let notice = connection.prepare_cached(&insert)?.query_row(values, notice)?;
            let delete = "DELETE FROM notices WHERE id <= ?1";
            connection.prepare_cached(delete)?.execute([sql(notice.id.0.saturating_sub(NOTICES))])?;
            Ok(CreatedNotice { notice, is_new: true })
        })
    }

    fn by_id(&self, id: NoticeId) -> StoreFuture<Option<Notice>> {
        self.read(move |connection| find(connection, "id = ?1", [sql(id.0)]))
    }

    fn list(&self, filter: NoticeFilter) -> StoreFuture<Vec<ReceivedNotice>> {
        self.read(move |connection| {
            let NoticeFilter { reader, sent, is_read, level, before, limit, now_ms } = filter;
            let mut select = format!(
                "SELECT {NOTICE}, read_ms FROM notices LEFT JOIN notice_reads ON notice_id = notices.id AND user_id = ?1 \
                 WHERE notices.id < ?2 AND (?3 IS NULL OR level = ?3)"
            );
            select.push_str(match sent {
                true => " AND sender = ?1 AND ?4 IS NOT NULL AND ?5 IS NOT NULL",
                false => " AND audience IN (SELECT value FROM json_each(?4)) AND (expires_ms IS NULL OR expires_ms > ?5)",
            });
            select.push_str(match is_read {
                Some(true) => " AND read_ms IS NOT NULL",
                Some(false) => " AND read_ms IS NULL",
                None => "",
            });
            select.push_str(" ORDER BY notices.id DESC LIMIT ?6");
            let mut select = connection.prepare_cached(&select)?;
            let values = params![
                sql(reader.user.0),
                before.map_or(i64::MAX, |id| sql(id.0)),
                level.map(NoticeLevel::as_str),
                json(&reader.audiences),
                sql(now_ms),
                page(limit),
            ];
            let received = |row: &Row<'_>| {
                Ok(ReceivedNotice { notice: notice(row)?, read_ms: optional(row, WIDTH)? })
            };
            let notices = select.query_map(values, received)?;
            Ok(notices.collect::<Result<_, _>>()?)
        })
    }

    fn unread(&self, reader: NoticeReader, now_ms: u64) -> StoreFuture<UnreadNotices> {
        self.read(move |connection| {
            let select = "SELECT count(*) FILTER (WHERE read_ms IS NULL AND (expires_ms IS NULL OR expires_ms > ?3)), \
                          coalesce(max(notices.id), 0) FROM notices \
                          LEFT JOIN notice_reads ON notice_id = notices.id AND user_id = ?1 \
                          WHERE audience IN (SELECT value FROM json_each(?2))";
            let values = params![sql(reader.user.0), json(&reader.audiences), sql(now_ms)];
            let counted = |row: &Row<'_>| Ok(UnreadNotices { unread: number(row, 0)?, newest: number(row, 1)? });
            Ok(connection.prepare_cached(select)?.query_row(values, counted)?)
        })
    }

    fn mark_read(
        &self,
        reader: NoticeReader,
        first: NoticeId,
        last: NoticeId,
        now_ms: u64,
    ) -> StoreFuture<u64> {
        self.write(move |connection| {
            let insert = "INSERT OR IGNORE INTO notice_reads (notice_id, user_id, read_ms) \
                          SELECT id, ?1, ?2 FROM notices WHERE id BETWEEN ?3 AND ?4 \
                          AND audience IN (SELECT value FROM json_each(?5)) AND (expires_ms IS NULL OR expires_ms > ?2)";
            let values = params![
                sql(reader.user.0),
                checked_ms(now_ms)?,
                sql(first.0),
                sql(last.0),
                json(&reader.audiences),
            ];
            Ok(connection.prepare_cached(insert)?.execute(values)? as u64)
        })
    }

    fn readers(&self, id: NoticeId) -> StoreFuture<Vec<NoticeReceipt>> {
        self.read(move |connection| {
            let select = "SELECT user_id, read_ms FROM notice_reads WHERE notice_id = ?1 \
                          ORDER BY read_ms, user_id LIMIT ?2";
            let mut select = connection.prepare_cached(select)?;
            let receipt =
                |row: &Row<'_>| Ok(NoticeReceipt { user: UserId(number(row, 0)?), read_ms: number(row, 1)? });
            let receipts = select.query_map([sql(id.0), page(store::PAGE)], receipt)?;
            Ok(receipts.collect::<Result<_, _>>()?)
        })
    }

    fn unannounced(&self, limit: usize) -> StoreFuture<Vec<Notice>> {
        self.read(move |connection| {
            let select = format!("SELECT {NOTICE} FROM notices WHERE announced = 0 ORDER BY id LIMIT ?1");
            let mut select = connection.prepare_cached(&select)?;
            let notices = select.query_map([page(limit)], notice)?;
            Ok(notices.collect::<Result<_, _>>()?)
        })
    }

    fn set_announced(&self, id: NoticeId) -> StoreFuture<bool> {
        self.write(move |connection| {
            let update = "UPDATE notices SET announced = 1 WHERE id = ?1 AND announced = 0";
            Ok(connection.prepare_cached(update)?.execute([sql(id.0)])? == 1)
        })
    }

    fn prune(&self, expired_before_ms: u64, created_before_ms: u64) -> StoreFuture<u64> {
        self.write(move |connection| {
            let delete = "DELETE FROM notices WHERE expires_ms < ?1 OR created_ms < ?2";
            let values = [sql(expired_before_ms), sql(created_before_ms)];
            Ok(connection.prepare_cached(delete)?.execute(values)? as u64)
        })
    }
}
