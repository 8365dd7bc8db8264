//! Notices, and who has read them.

use common::notice::{NoticeLevel, UnreadNotices};
use futures_util::FutureExt;
use store::{
    CreatedNotice, NOTICES, NewNotice, Notice, NoticeFilter, NoticeId, NoticeReader, NoticeReceipt,
    NoticeStore, PAGE, ReceivedNotice, StoreFuture, checked_ms, page,
};

use crate::{
    locks::Lock,
    postgres_store::PostgresStore,
    rows::{self, NOTICE, sql_id, sql_ms},
};

/// The number of columns of [`NOTICE`], behind which the time of reading stands.
const COLUMNS: usize = 11;

impl NoticeStore for PostgresStore {
    fn create(&self, new: NewNotice) -> StoreFuture<CreatedNotice> {
        self.run(move |client| {
            async move {
                new.check()?;
                let transaction = client.transaction().await?;
                // Numbers are given in the order in which the notices are seen.
                Lock::Notices.take(&transaction).await?;
                let sender = sql_id(new.sender.0);
                if let Some(key) = &new.key {
                    let sql = format!("SELECT {NOTICE} FROM notices WHERE sender = $1 AND key = $2");
                    if let Some(row) = transaction.query_opt(&sql, &[&sender, key]).await? {
                        return Ok(CreatedNotice { notice: rows::notice(&row)?, is_new: false });
                    }
                }
                let sql = format!(
                    "INSERT INTO notices
                        (audience, level, title, text, link, sender, sender_name, created_ms, expires_ms, key)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING {NOTICE}"
                );
                let (audience, level) = (new.audience.to_string(), new.level.as_str());
                let (created, expires) = (checked_ms(new.created_ms)?, sql_ms(new.expires_ms)?);
                let NewNotice { title, text, link, sender_name, key, .. } = &new;
                let row = transaction
                    .query_one(
                        &sql,
                        &[
                            &audience,
                            &level,
                            title,
                            text,
                            link,
                            &sender,
                            sender_name,
                            &created,
                            &expires,
                            key,
                        ],
                    )
                    .await?;
                let notice = rows::notice(&row)?;
                let oldest = sql_id(notice.id.0.saturating_sub(NOTICES));
                transaction.execute("DELETE FROM notices WHERE id <= $1", &[&oldest]).await?;
                transaction.commit().await?;
                Ok(CreatedNotice { notice, is_new: true })
            }
            .boxed()
        })
    }

    fn by_id(&self, id: NoticeId) -> StoreFuture<Option<Notice>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {NOTICE} FROM notices WHERE id = $1");
                let row = client.query_opt(&sql, &[&sql_id(id.0)]).await?;
                row.map(|row| rows::notice(&row)).transpose()
            }
            .boxed()
        })
    }

    fn list(&self, filter: NoticeFilter) -> StoreFuture<Vec<ReceivedNotice>> {
        self.run(move |client| {
            async move {
                let NoticeFilter { reader, sent, is_read, level, before, limit, now_ms } = filter;
                let sql = format!(
                    "SELECT {NOTICE}, read_ms FROM notices
                        LEFT JOIN notice_reads ON notice_id = notices.id AND user_id = $1
                        WHERE ($2::bigint IS NULL OR notices.id < $2) AND ($3::text IS NULL OR level = $3)
                            AND CASE WHEN $4 THEN sender = $1
                                ELSE audience = ANY ($5) AND (expires_ms IS NULL OR expires_ms > $6) END
                            AND ($7::boolean IS NULL OR (read_ms IS NOT NULL) = $7)
                        ORDER BY notices.id DESC LIMIT $8"
                );
                let (user, before) = (sql_id(reader.user.0), before.map(|id| sql_id(id.0)));
                let level = level.map(NoticeLevel::as_str);
                let (audiences, now) = (words(&reader), sql_id(now_ms));
                let rows = client
                    .query(&sql, &[&user, &before, &level, &sent, &audiences, &now, &is_read, &page(limit)])
                    .await?;
                rows::all(&rows, |row| {
                    Ok(ReceivedNotice { notice: rows::notice(row)?, read_ms: rows::optional(row, COLUMNS)? })
                })
            }
            .boxed()
        })
    }

    fn unread(&self, reader: NoticeReader, now_ms: u64) -> StoreFuture<UnreadNotices> {
        self.run(move |client| {
            async move {
                let sql = "SELECT count(*) FILTER (WHERE read_ms IS NULL AND (expires_ms IS NULL OR expires_ms > $3)),
                        coalesce(max(notices.id), 0) FROM notices
                        LEFT JOIN notice_reads ON notice_id = notices.id AND user_id = $1
                        WHERE audience = ANY ($2)";
                let (user, audiences, now) = (sql_id(reader.user.0), words(&reader), sql_id(now_ms));
                let row = client.query_one(sql, &[&user, &audiences, &now]).await?;
                Ok(UnreadNotices { unread: rows::number(&row, 0)?, newest: rows::number(&row, 1)? })
            }
            .boxed()
        })
    }

    fn mark_read(
        &self,
        reader: NoticeReader,
        first: NoticeId,
        last: NoticeId,
        now_ms: u64,
    ) -> StoreFuture<u64> {
        self.run(move |client| {
            async move {
                let sql = "INSERT INTO notice_reads (notice_id, user_id, read_ms)
                        SELECT id, $1, $2 FROM notices WHERE id BETWEEN $3 AND $4 AND audience = ANY ($5)
                            AND (expires_ms IS NULL OR expires_ms > $2)
                        ON CONFLICT DO NOTHING";
                let (user, now) = (sql_id(reader.user.0), checked_ms(now_ms)?);
                let audiences = words(&reader);
                let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
                    [&user, &now, &sql_id(first.0), &sql_id(last.0), &audiences];
                Ok(client.execute(sql, &values).await?)
            }
            .boxed()
        })
    }

    fn readers(&self, id: NoticeId) -> StoreFuture<Vec<NoticeReceipt>> {
        self.run(move |client| {
            async move {
                let sql = "SELECT user_id, read_ms FROM notice_reads WHERE notice_id = $1
                        ORDER BY read_ms, user_id LIMIT $2";
                rows::all(&client.query(sql, &[&sql_id(id.0), &page(PAGE)]).await?, rows::notice_receipt)
            }
            .boxed()
        })
    }

    fn unannounced(&self, limit: usize) -> StoreFuture<Vec<Notice>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {NOTICE} FROM notices WHERE NOT announced ORDER BY id LIMIT $1");
                let statement = client.prepare_cached(&sql).await?;
                rows::all(&client.query(&statement, &[&page(limit)]).await?, rows::notice)
            }
            .boxed()
        })
    }

    fn set_announced(&self, id: NoticeId) -> StoreFuture<bool> {
        self.run(move |client| {
            async move {
                let sql = "UPDATE notices SET announced = true WHERE id = $1 AND NOT announced";
                Ok(client.execute(sql, &[&sql_id(id.0)]).await? == 1)
            }
            .boxed()
        })
    }

    fn prune(&self, expired_before_ms: u64, created_before_ms: u64) -> StoreFuture<u64> {
        self.run(move |client| {
            async move {
                let sql = "DELETE FROM notices WHERE expires_ms < $1 OR created_ms < $2";
                Ok(client.execute(sql, &[&sql_id(expired_before_ms), &sql_id(created_before_ms)]).await?)
            }
            .boxed()
        })
    }
}

/// The audiences of a reader, as the column has them.
fn words(reader: &NoticeReader) -> Vec<String> {
    reader.audiences.iter().map(ToString::to_string).collect()
}
