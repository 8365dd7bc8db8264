//! Has a notice wait for the browsers of its readers.

use std::sync::Arc;

use futures_util::{FutureExt, future::BoxFuture};
use store::Notice;
use tokio::sync::Notify;

use crate::{
    accounts::AccountDirectory,
    notices::channel::{DeliveryError, NotificationChannel},
};

/// The queue of notices for browsers; cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::notices) struct PushQueue {
    pub(super) accounts: AccountDirectory,
    /// Wakes this node's task.
    pub(super) filled: Arc<Notify>,
}

impl PushQueue {
    pub(in crate::notices) fn new(accounts: AccountDirectory) -> Self {
        Self { accounts, filled: Arc::default() }
    }
}

impl NotificationChannel for PushQueue {
    fn name(&self) -> &'static str {
        "web push"
    }

    fn deliver<'a>(&'a self, notice: &'a Notice) -> BoxFuture<'a, Result<(), DeliveryError>> {
        async move {
            // The store queues a notice once, however often and on however many nodes it is asked.
            let queued = self.accounts.store().pushes().enqueue(notice.id, self.accounts.now()).await;
            match queued {
                Ok(Some(1..)) => self.filled.notify_one(),
                Ok(_) => {}
                Err(error) => return Err(DeliveryError::TryAgain(error.to_string())),
            }
            Ok(())
        }
        .boxed()
    }
}
