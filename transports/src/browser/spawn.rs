//! Tasks of the page.

use std::pin::Pin;

use wasm_bindgen_futures::spawn_local;

/// Runs a task to its end, from the browser's next turn on.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    start(Box::pin(task));
}

/// All tasks are of one type here: the code that runs them is in the page once, not once for each.
fn start(task: Pin<Box<dyn Future<Output = ()>>>) {
    spawn_local(task);
}
