//! The answer of a store.

use futures_util::future::BoxFuture;

use crate::error::StoreError;

/// The answer of a store. Where it is dropped before it is ready, the change is made whole or not at all.
pub type StoreFuture<T> = BoxFuture<'static, Result<T, StoreError>>;
