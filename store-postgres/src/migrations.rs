//! The schema, a row of numbered files that run once each.

use deadpool_postgres::{Client, GenericClient};
use store::StoreError;

use crate::{fault::Worked, locks::Lock};

/// The files of `migrations/` in their order. A file that was released stays as it is; a change is a new one.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_accounts.sql"),
    include_str!("../migrations/0002_notices.sql"),
    include_str!("../migrations/0003_identities.sql"),
    include_str!("../migrations/0004_passkeys.sql"),
    include_str!("../migrations/0005_push.sql"),
    include_str!("../migrations/0006_hosts.sql"),
    include_str!("../migrations/0007_sources.sql"),
    include_str!("../migrations/0008_dashboards.sql"),
];

/// The oldest PostgreSQL that is tested.
const OLDEST: i32 = 150_000;

/// Looks at the server, and brings the store to the newest schema.
pub(crate) async fn prepare(client: &mut Client) -> Worked<()> {
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::int4, current_setting('server_encoding')",
            &[],
        )
        .await?;
    let (version, encoding): (i32, String) = (row.try_get(0)?, row.try_get(1)?);
    if version < OLDEST {
        let text =
            format!("the server is PostgreSQL {}, and 15 is the oldest that is supported", version / 10_000);
        return Err(StoreError::BadSettings(text).into());
    }
    if encoding != "UTF8" {
        let text = format!("the database has the encoding {encoding}: make it with the encoding UTF8");
        return Err(StoreError::BadSettings(text).into());
    }
    migrate(client).await
}

async fn migrate(client: &mut Client) -> Worked<()> {
    while schema(client).await? < MIGRATIONS.len() {
        let transaction = client.transaction().await?;
        Lock::Schema.take(&transaction).await?;
        // Another node may have been faster.
        let number = schema(&transaction).await?;
        let Some(sql) = MIGRATIONS.get(number) else { continue };
        if number == 0 {
            transaction.batch_execute("CREATE TABLE store_schema (number integer NOT NULL)").await?;
            transaction.batch_execute("INSERT INTO store_schema VALUES (0)").await?;
        }
        transaction.batch_execute(sql).await?;
        transaction.execute("UPDATE store_schema SET number = number + 1", &[]).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Returns the schema's number, 0 where there is none.
async fn schema(client: &impl GenericClient) -> Worked<usize> {
    // `to_regclass` would answer from what the connection knew before it waited for the lock; a query of the catalog does not.
    let sql = "SELECT EXISTS (SELECT 1 FROM pg_tables
        WHERE tablename = 'store_schema' AND schemaname = ANY (current_schemas(false)))";
    let exists = client.query_one(sql, &[]).await?;
    if !exists.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let number: i32 = client.query_one("SELECT number FROM store_schema", &[]).await?.try_get(0)?;
    let found = u32::try_from(number).unwrap_or(0);
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    if found > known { Err(StoreError::NewerSchema { found, known }.into()) } else { Ok(found as usize) }
}
