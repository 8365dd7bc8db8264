//! The suite that every broker passes, on the log in memory.

use std::{future::ready, sync::Arc};

use broker::{
    Broker,
    conformance::{self, Fixture, policies},
    local::MemoryBroker,
};
use common::Epoch;
use futures_util::{FutureExt, future::BoxFuture};

/// A log that ends with its broker.
struct Memory;

impl Fixture for Memory {
    fn open(&mut self) -> BoxFuture<'_, Arc<dyn Broker>> {
        let broker = MemoryBroker::new(Epoch(7), policies(), 1 << 30);
        ready(Arc::new(broker) as Arc<dyn Broker>).boxed()
    }

    fn crash(&mut self, _: Arc<dyn Broker>) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }

    fn lose(&mut self) -> BoxFuture<'_, bool> {
        ready(false).boxed()
    }

    fn outlives_its_broker(&self) -> bool {
        false
    }

    fn has_nodes(&self) -> bool {
        false
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_in_memory() {
    conformance::run(async || Memory).await;
}
