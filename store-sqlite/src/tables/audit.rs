//! The audit log.

use rusqlite::{Connection, OptionalExtension, Row, params};
use store::{
    AUDIT_PRUNED, AuditChain, AuditCheckpoint, AuditEntry, AuditFilter, AuditHash, AuditStore, AuditVerdict,
    NewAudit, StoreFuture, checked_ms, page,
};

use super::columns::{number, sql};
use crate::{SqliteStore, error::WorkResult};

/// The columns that [`entry`] reads.
const ENTRY: &str = "seq, at_ms, actor, action, object, address, detail, hash";

fn entry(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        seq: number(row, 0)?,
        audit: NewAudit {
            at_ms: number(row, 1)?,
            actor: row.get(2)?,
            action: row.get(3)?,
            object: row.get(4)?,
            address: row.get(5)?,
            detail: row.get(6)?,
        },
        hash: AuditHash(row.get(7)?),
    })
}

/// Reads the number and the hash of the newest entry.
fn newest(connection: &Connection) -> WorkResult<(u64, AuditHash)> {
    let select = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    let newest = connection
        .prepare_cached(select)?
        .query_row([], |row| Ok((number(row, 0)?, AuditHash(row.get(1)?))))
        .optional()?;
    Ok(newest.unwrap_or((0, AuditHash::START)))
}

fn append(connection: &Connection, new: NewAudit) -> WorkResult<AuditEntry> {
    let (before, hash) = newest(connection)?;
    let seq = before + 1;
    let hash = hash.next(seq, &new);
    let insert = format!("INSERT INTO audit ({ENTRY}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    connection.prepare_cached(&insert)?.execute(params![
        sql(seq),
        checked_ms(new.at_ms)?,
        new.actor,
        new.action,
        new.object,
        new.address,
        new.detail,
        hash.0,
    ])?;
    Ok(AuditEntry { seq, audit: new, hash })
}

impl AuditStore for SqliteStore {
    fn append(&self, new: NewAudit) -> StoreFuture<AuditEntry> {
        self.write(move |connection| {
            new.check_appended()?;
            append(connection, new)
        })
    }

    fn prune(&self, before_ms: u64, now_ms: u64) -> StoreFuture<u64> {
        self.write(move |connection| {
            let oldest = "SELECT seq FROM audit ORDER BY seq LIMIT 1";
            let Some(oldest) = connection.query_row(oldest, [], |row| number(row, 0)).optional()? else {
                return Ok(0);
            };
            let kept = "SELECT seq FROM audit WHERE at_ms >= ?1 ORDER BY seq LIMIT 1";
            let kept = connection
                .prepare_cached(kept)?
                .query_row([checked_ms(before_ms)?], |row| number(row, 0))
                .optional()?;
            let end = kept.unwrap_or(u64::MAX).min(oldest.saturating_add(AUDIT_PRUNED));
            let last = "SELECT seq, hash FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT 1";
            let last = connection
                .prepare_cached(last)?
                .query_row([sql(end)], |row| Ok((number(row, 0)?, AuditHash(row.get(1)?))))
                .optional()?;
            let Some((through, hash)) = last else { return Ok(0) };
            append(connection, AuditCheckpoint { through, hash }.entry(now_ms))?;
            let gone = connection.execute("DELETE FROM audit WHERE seq <= ?1", [sql(through)])?;
            Ok(gone as u64)
        })
    }

    fn list(&self, filter: AuditFilter) -> StoreFuture<Vec<AuditEntry>> {
        self.read(move |connection| {
            // Each combination is a statement of its own, so that each finds its index.
            let mut select = format!("SELECT {ENTRY} FROM audit WHERE seq < ?1");
            select.push_str(if filter.actor.is_some() { " AND actor = ?3" } else { " AND ?3 IS NULL" });
            select.push_str(if filter.action.is_some() { " AND action = ?4" } else { " AND ?4 IS NULL" });
            select.push_str(" ORDER BY seq DESC LIMIT ?2");
            let mut select = connection.prepare_cached(&select)?;
            let before = filter.before.map_or(i64::MAX, sql);
            let values = params![before, page(filter.limit), filter.actor, filter.action];
            let entries = select.query_map(values, entry)?;
            Ok(entries.collect::<Result<_, _>>()?)
        })
    }

    fn verify(&self) -> StoreFuture<AuditVerdict> {
        self.read(|connection| {
            // One transaction reads one state of the store, whatever is appended or pruned meanwhile.
            let state = connection.unchecked_transaction()?;
            let newest = format!("SELECT {ENTRY} FROM audit WHERE action = ?1 ORDER BY seq DESC LIMIT 1");
            let checkpoint = state.query_row(&newest, [AuditCheckpoint::ACTION], entry).optional()?;
            let checkpoint = checkpoint.and_then(|entry| AuditCheckpoint::read(&entry.audit));
            let mut chain = AuditChain::after(checkpoint.unwrap_or(AuditCheckpoint::START));
            let mut select = state.prepare(&format!("SELECT {ENTRY} FROM audit ORDER BY seq"))?;
            for entry in select.query_map([], entry)? {
                chain.push(&entry?);
            }
            Ok(chain.verdict())
        })
    }
}
