//! Every promise of a store, on a real server.

mod support;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use futures_util::{FutureExt, future::BoxFuture};
use store::{
    Store, UserId,
    conformance::{self, Fixture},
};
use support::TestServer;

/// One database on a server that other cases use, too.
struct Database {
    server: Arc<TestServer>,
    name: String,
}

impl Database {
    async fn new(server: &Arc<TestServer>) -> Self {
        static DATABASES: AtomicU64 = AtomicU64::new(0);
        let name = format!("board{}", DATABASES.fetch_add(1, Relaxed));
        server.database(&name).await;
        Self { server: server.clone(), name }
    }
}

impl Fixture for Database {
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn Store>> {
        async { Arc::new(self.server.store(&self.name).await) as Arc<dyn Store> }.boxed()
    }

    fn tamper(&mut self, seq: u64) -> BoxFuture<'_, ()> {
        async move {
            let sql = format!("UPDATE audit SET detail = 'something else' WHERE seq = {seq}");
            self.server.client(&self.name).await.batch_execute(&sql).await.expect("changed");
        }
        .boxed()
    }

    fn skip_notices(&mut self, count: u64) -> BoxFuture<'_, ()> {
        async move {
            let sequence = "pg_get_serial_sequence('notices', 'id')";
            let sql = format!("SELECT setval({sequence}, (SELECT max(id) FROM notices) + {count})");
            self.server.client(&self.name).await.batch_execute(&sql).await.expect("changed");
        }
        .boxed()
    }

    fn remove_user(&mut self, user: UserId) -> BoxFuture<'_, ()> {
        async move {
            let sql = format!("DELETE FROM users WHERE id = {user}");
            let client = self.server.client(&self.name).await;
            assert_eq!(client.execute(&sql, &[]).await.expect("removed"), 1);
        }
        .boxed()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_keeps_every_promise() {
    let server = Arc::new(TestServer::start(None).await);
    conformance::run(async || Database::new(&server).await).await;
}
