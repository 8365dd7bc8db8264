//! Advisory locks, by which nodes decide one after the other. A transaction's end gives its locks back.

use deadpool_postgres::Transaction;

use crate::fault::Worked;

/// A lock of the whole store.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lock {
    /// The schema changes.
    Schema,
    /// A call looks at all users, and changes one.
    Team,
    /// A user is made, and the team is not looked at.
    NewUser,
    /// An entry is appended to the audit log.
    Audit,
    /// A notice is stored.
    Notices,
    /// A host is enrolled.
    Hosts,
    /// A source is made, changed or removed.
    Sources,
    /// A dashboard is made.
    Dashboards,
}

impl Lock {
    /// Waits for the lock, and for no longer than a few seconds for this one and those of rows.
    pub(crate) async fn take(self, transaction: &Transaction<'_>) -> Worked<()> {
        // The numbers are this program's among all that share the database: `PULS` and one of 1 to 7.
        let (function, number) = match self {
            Self::Schema => ("pg_advisory_xact_lock", 1),
            Self::Team => ("pg_advisory_xact_lock", 2),
            Self::NewUser => ("pg_advisory_xact_lock_shared", 2),
            Self::Audit => ("pg_advisory_xact_lock", 3),
            Self::Notices => ("pg_advisory_xact_lock", 4),
            Self::Hosts => ("pg_advisory_xact_lock", 5),
            Self::Sources => ("pg_advisory_xact_lock", 6),
            Self::Dashboards => ("pg_advisory_xact_lock", 7),
        };
        let sql = format!("SET LOCAL lock_timeout = '5s'; SELECT {function}({}, {number})", 0x5055_4c53);
        Ok(transaction.batch_execute(&sql).await?)
    }
}
