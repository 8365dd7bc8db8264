//! The store: a pool of connections, and the work on one.

use std::{fmt, time::Duration};

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures_util::{FutureExt, future::BoxFuture};
use store::{
    AuditStore, DashboardStore, HostStore, IdentityStore, InvitationStore, NoticeStore, PasskeyStore,
    PushStore, ServerSecretStore, SessionStore, SourceStore, Store, StoreError, StoreFuture, TokenStore,
    UserStore,
};
use tokio::sync::watch;

use crate::{address::Address, fault::Worked, migrations, tls};

/// The most connections of a node. PostgreSQL lets a hundred in by default.
const CONNECTIONS: usize = 10;
/// A call waits so long for one of the node's connections, and for the server to take a new one.
const CONNECTION_WAIT: Duration = Duration::from_secs(5);
/// A call that is not answered by then has lost its server.
const ANSWER_WAIT: Duration = Duration::from_secs(30);

/// A store on a PostgreSQL server. Clones share its connections.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Pool,
    /// Each call holds a receiver while it runs, so that [`Store::close`] can wait for the last one.
    calls: watch::Sender<()>,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("connections", &self.pool.status()).finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Connects to the server at an address such as `postgres://user:password@host/database`, and brings the store to the newest
    /// schema.
    ///
    /// The options of the address are libpq's: `sslmode` (`disable`, `prefer`, `require`, `verify-ca`, `verify-full`) and
    /// `sslrootcert`, a file with the authorities that count instead of the system's. Without `sslmode` it is `verify-full`.
    ///
    /// # Errors
    /// When the address is none, the server does not answer or lets this node not in, or the database holds something else or a store
    /// of a newer version.
    pub async fn connect(address: &str) -> Result<Self, StoreError> {
        let mut address: Address = address.parse()?;
        if address.config.get_connect_timeout().is_none() {
            address.config.connect_timeout(CONNECTION_WAIT);
        }
        let connector = tls::connector(&address)?;
        // A server that restarted is noticed before a call is given a connection to it.
        let config = ManagerConfig { recycling_method: RecyclingMethod::Verified };
        let manager = Manager::from_config(address.config, connector, config);
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(CONNECTION_WAIT))
            .recycle_timeout(Some(CONNECTION_WAIT))
            .build()
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        let store = Self { pool, calls: watch::Sender::new(()) };
        store.run(|client| migrations::prepare(client).boxed()).await?;
        Ok(store)
    }

    /// Runs work on one of the connections. Where the answer is dropped, an open transaction is rolled back.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        work: impl for<'a> FnOnce(&'a mut Client) -> BoxFuture<'a, Worked<T>> + Send + 'static,
    ) -> StoreFuture<T> {
        let store = self.clone();
        async move {
            let _call = store.calls.subscribe();
            let worked = tokio::time::timeout(ANSWER_WAIT, async {
                let mut client = store.pool.get().await?;
                work(&mut client).await
            });
            match worked.await {
                Ok(worked) => worked.map_err(StoreError::from),
                Err(_) => Err(StoreError::Unavailable(format!("no answer within {ANSWER_WAIT:?}"))),
            }
        }
        .boxed()
    }
}

impl Store for PostgresStore {
    fn users(&self) -> &dyn UserStore {
        self
    }

    fn identities(&self) -> &dyn IdentityStore {
        self
    }

    fn passkeys(&self) -> &dyn PasskeyStore {
        self
    }

    fn server_secrets(&self) -> &dyn ServerSecretStore {
        self
    }

    fn sessions(&self) -> &dyn SessionStore {
        self
    }

    fn tokens(&self) -> &dyn TokenStore {
        self
    }

    fn invitations(&self) -> &dyn InvitationStore {
        self
    }

    fn notices(&self) -> &dyn NoticeStore {
        self
    }

    fn pushes(&self) -> &dyn PushStore {
        self
    }

    fn hosts(&self) -> &dyn HostStore {
        self
    }

    fn sources(&self) -> &dyn SourceStore {
        self
    }

    fn dashboards(&self) -> &dyn DashboardStore {
        self
    }

    fn audit(&self) -> &dyn AuditStore {
        self
    }

    fn ping(&self) -> StoreFuture<()> {
        self.run(|client| async move { Ok(client.batch_execute("SELECT 1").await?) }.boxed())
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        let store = self.clone();
        async move {
            store.pool.close();
            store.calls.closed().await;
        }
        .boxed()
    }
}
