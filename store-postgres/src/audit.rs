//! The audit log.

use futures_util::FutureExt;
use store::{
    AuditChain, AuditEntry, AuditFilter, AuditHash, AuditStore, AuditVerdict, NewAudit, PAGE, StoreFuture,
    checked_ms, page,
};

use crate::{
    locks::Lock,
    postgres_store::PostgresStore,
    rows::{self, AUDIT, sql_id},
};

impl AuditStore for PostgresStore {
    fn append(&self, new: NewAudit) -> StoreFuture<AuditEntry> {
        self.run(move |client| {
            async move {
                new.check()?;
                let transaction = client.transaction().await?;
                Lock::Audit.take(&transaction).await?;
                let sql = format!("SELECT {AUDIT} FROM audit ORDER BY seq DESC LIMIT 1");
                let newest = transaction.query_opt(&sql, &[]).await?;
                let newest = newest.map(|row| rows::audit(&row)).transpose()?;
                let (before, hash) = newest.map_or((0, AuditHash::START), |entry| (entry.seq, entry.hash));
                let entry = AuditEntry { seq: before + 1, hash: hash.next(before + 1, &new), audit: new };
                let NewAudit { at_ms, actor, action, object, address, detail } = &entry.audit;
                let sql = format!("INSERT INTO audit ({AUDIT}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
                let (seq, at, link) = (sql_id(entry.seq), checked_ms(*at_ms)?, &entry.hash.0[..]);
                transaction
                    .execute(&sql, &[&seq, &at, actor, action, object, address, detail, &link])
                    .await?;
                transaction.commit().await?;
                Ok(entry)
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
            let (mut chain, mut newest) = (AuditChain::default(), 0);
            loop {
                // A page is one call, so that a long log is not one long answer.
                let entries = store.audit_after(newest).await?;
                let Some(last) = entries.last() else { return Ok(chain.verdict()) };
                newest = last.seq;
                entries.iter().for_each(|entry| chain.push(entry));
            }
        }
        .boxed()
    }
}

impl PostgresStore {
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
