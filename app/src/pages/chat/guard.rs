//! Work that goes on until it is dropped.

use std::{any::Any, sync::Arc};

use send_wrapper::SendWrapper;

/// Something that ends when it is dropped.
#[derive(Clone)]
pub(super) struct Guard {
    _held: Arc<SendWrapper<Box<dyn Any>>>,
}

impl Guard {
    pub(super) fn new(held: Box<dyn Any>) -> Self {
        Self { _held: Arc::new(SendWrapper::new(held)) }
    }
}
