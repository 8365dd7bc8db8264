//! The audit log.

use deadpool_postgres::Transaction;
use futures_util::FutureExt;
use store::{
    AUDIT_PRUNED, AuditChain, AuditCheckpoint, AuditEntry, AuditFilter, AuditHash, AuditStore, AuditVerdict,
    NewAudit, PAGE, StoreFuture, checked_ms, page,
};

use crate::{
    fault::Worked,
    locks::Lock,
    postgres_store::PostgresStore,
    rows::{self, AUDIT, sql_id},
};

impl AuditStore for PostgresStore {
    fn append(&self, new: NewAudit) -> StoreFuture<AuditEntry> {
        self.run(move |client| {
            async move {
                new.check_appended()?;
                let transaction = client.transaction().await?;
                Lock::Audit.take(&transaction).await?;
                let entry = append(&transaction, new).await?;
                transaction.commit().await?;
                Ok(entry)
            }
            .boxed()
        })
    }

    fn prune(&self, before_ms: u64, now_ms: u64) -> StoreFuture<u64> {
        self.run(move |client| {
            async move {
                let transaction = client.transaction().await?;
                Lock::Audit.take(&transaction).await?;
                let end = transaction
                    .query_one(
                        "SELECT least((SELECT min(seq) FROM audit WHERE at_ms >= $1), (SELECT min(seq) FROM audit) + $2)",
                        &[&checked_ms(before_ms)?, &sql_id(AUDIT_PRUNED)],
                    )
                    .await?;
                let sql = format!("SELECT {AUDIT} FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT 1");
                let last = transaction.query_opt(&sql, &[&end.try_get::<_, Option<i64>>(0)?]).await?;
                let Some(last) = last.map(|row| rows::audit(&row)).transpose()? else { return Ok(0) };
                let checkpoint = AuditCheckpoint { through: last.seq, hash: last.hash };
                append(&transaction, checkpoint.entry(now_ms)).await?;
                let gone = transaction
                    .execute("DELETE FROM audit WHERE seq <= $1", &[&sql_id(checkpoint.through)])
                    .await?;
                transaction.commit().await?;
                Ok(gone)
            }
            .boxed()
        })
    }

    fn list(&self, filter: AuditFilter) -> StoreFuture<Vec<AuditEntry>> {
        self.run(move |client| {
            async move {
                let AuditFilter { before, limit, actor, action } = filter;
                // PostgreSQL takes no NUL, so no entry has one.
                if [&actor, &action].into_iter().flatten().any(|text| text.contains('\0')) {
                    return Ok(Vec::new());
                }
                let sql = format!(
                    "SELECT {AUDIT} FROM audit
                        WHERE ($1::bigint IS NULL OR seq < $1) AND ($2::text IS NULL OR actor = $2)
                            AND ($3::text IS NULL OR action = $3)
                        ORDER BY seq DESC LIMIT $4"
                );
                let rows = client.query(&sql, &[&before.map(sql_id), &actor, &action, &page(limit)]).await?;
                rows::all(&rows, rows::audit)
            }
            .boxed()
        })
    }

    fn verify(&self) -> StoreFuture<AuditVerdict> {
        let store = self.clone();
        async move {
            loop {
                let checkpoint = store.checkpoint().await?;
                let verdict = store.verify_after(checkpoint).await?;
                // A log that was pruned while its pages were read is read again.
                if verdict.broken_at.is_none() || store.checkpoint().await? == checkpoint {
                    return Ok(verdict);
                }
            }
        }
        .boxed()
    }
}

/// Appends an entry within a transaction that holds the lock.
async fn append(transaction: &Transaction<'_>, new: NewAudit) -> Worked<AuditEntry> {
    let sql = format!("SELECT {AUDIT} FROM audit ORDER BY seq DESC LIMIT 1");
    let newest = transaction.query_opt(&sql, &[]).await?;
    let newest = newest.map(|row| rows::audit(&row)).transpose()?;
    let (before, hash) = newest.map_or((0, AuditHash::START), |entry| (entry.seq, entry.hash));
    let entry = AuditEntry { seq: before + 1, hash: hash.next(before + 1, &new), audit: new };
    let NewAudit { at_ms, actor, action, object, address, detail } = &entry.audit;
    let sql = format!("INSERT INTO audit ({AUDIT}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    let (seq, at, link) = (sql_id(entry.seq), checked_ms(*at_ms)?, &entry.hash.0[..]);
    transaction.execute(&sql, &[&seq, &at, actor, action, object, address, detail, &link]).await?;
    Ok(entry)
}

impl PostgresStore {
    /// Reads the newest checkpoint.
    fn checkpoint(&self) -> StoreFuture<AuditCheckpoint> {
        self.run(|client| {
            async move {
                let sql = format!("SELECT {AUDIT} FROM audit WHERE action = $1 ORDER BY seq DESC LIMIT 1");
                let newest = client.query_opt(&sql, &[&AuditCheckpoint::ACTION]).await?;
                let newest = newest.map(|row| rows::audit(&row)).transpose()?;
                let checkpoint = newest.and_then(|entry| AuditCheckpoint::read(&entry.audit));
                Ok(checkpoint.unwrap_or(AuditCheckpoint::START))
            }
            .boxed()
        })
    }

    /// Checks the entries that are left. A page is one call, so that a long log is not one long answer.
    fn verify_after(&self, checkpoint: AuditCheckpoint) -> StoreFuture<AuditVerdict> {
        let store = self.clone();
        async move {
            // From the very first that there is: what should be gone, and is there, breaks the chain, too.
            let (mut chain, mut newest) = (AuditChain::after(checkpoint), 0);
            loop {
                let entries = store.audit_after(newest).await?;
                let Some(last) = entries.last() else { return Ok(chain.verdict()) };
                newest = last.seq;
                entries.iter().for_each(|entry| chain.push(entry));
            }
        }
        .boxed()
    }

    /// Reads a page of entries behind one, the oldest first.
    fn audit_after(&self, seq: u64) -> StoreFuture<Vec<AuditEntry>> {
        self.run(move |client| {
            async move {
                let sql = format!("SELECT {AUDIT} FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2");
                rows::all(&client.query(&sql, &[&sql_id(seq), &page(PAGE)]).await?, rows::audit)
            }
            .boxed()
        })
    }
}
