//! Messages between nodes beside the log: questions of one node to others, and calls to all.

use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use parking_lot::RwLock;

/// The name of a node, which no other node has: another one after each start.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(Arc<str>);

impl NodeId {
    /// Makes a name of a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The answer of a node to a question.
pub type ControlHandler = Arc<dyn Fn(Bytes) -> BoxFuture<'static, Bytes> + Send + Sync>;

/// The reason for which a node did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No answer came in time.
    #[error("the node {0} did not answer in time")]
    TimedOut(NodeId),
    /// There is no such node, or it cannot be reached.
    #[error("the node {0} is not there")]
    NoNode(NodeId),
    /// The node has no handler of that name.
    #[error("the node {0} knows nothing of {1}")]
    NoHandler(NodeId, String),
}

/// Messages between the nodes that share a log. Nothing is kept and nothing is sent again: what has to arrive belongs into the log.
///
/// The name of a message (`what`) is 1 to 64 of `a-z 0-9 _ -`.
pub trait Control: Send + Sync {
    /// Returns the name of this node.
    fn node(&self) -> &NodeId;

    /// Returns the nodes that are there, this one first.
    fn nodes(&self) -> Vec<NodeId>;

    /// Answers messages of this name from now on; a handler before it is replaced.
    fn handle(&self, what: &str, handler: ControlHandler);

    /// Has every node's handler called, this node's, too. Nobody waits for their answers.
    fn tell_all(&self, what: &str, payload: Bytes);

    /// Asks a node, which may be this one.
    fn ask(
        &self,
        node: &NodeId,
        what: &str,
        payload: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'static, Result<Bytes, ControlError>>;

    /// Asks every node, this one, too. It resolves once each node that is there has answered, or after `timeout` with those that have.
    fn ask_all(
        &self,
        what: &str,
        payload: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'static, Vec<(NodeId, Bytes)>>;
}

/// The handlers of a node, by name.
#[derive(Default)]
pub struct ControlHandlers(RwLock<HashMap<String, ControlHandler>>);

impl ControlHandlers {
    /// Sets the handler of a name.
    pub fn set(&self, what: &str, handler: ControlHandler) {
        self.0.write().insert(what.to_owned(), handler);
    }

    /// Drops all handlers: what they hold of the process ends with the broker.
    pub fn clear(&self) {
        self.0.write().clear();
    }

    /// Returns the handler of a name.
    #[must_use]
    pub fn get(&self, what: &str) -> Option<ControlHandler> {
        self.0.read().get(what).cloned()
    }
}

impl fmt::Debug for ControlHandlers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.read().keys()).finish()
    }
}

/// Control of a log that one process has for itself: this node is the only one.
#[derive(Debug)]
pub struct LocalControl {
    node: NodeId,
    handlers: ControlHandlers,
}

impl LocalControl {
    /// Makes it for a node.
    #[must_use]
    pub fn new(node: NodeId) -> Self {
        Self { node, handlers: ControlHandlers::default() }
    }
}

impl LocalControl {
    /// Drops all handlers.
    pub fn close(&self) {
        self.handlers.clear();
    }
}

/// The control of a node that no other has to tell from itself.
impl Default for LocalControl {
    fn default() -> Self {
        Self::new(NodeId::new("local"))
    }
}

impl Control for LocalControl {
    fn node(&self) -> &NodeId {
        &self.node
    }

    fn nodes(&self) -> Vec<NodeId> {
        vec![self.node.clone()]
    }

    fn handle(&self, what: &str, handler: ControlHandler) {
        self.handlers.set(what, handler);
    }

    fn tell_all(&self, what: &str, payload: Bytes) {
        if let Some(handler) = self.handlers.get(what) {
            tokio::spawn(handler(payload));
        }
    }

    fn ask(
        &self,
        node: &NodeId,
        what: &str,
        payload: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'static, Result<Bytes, ControlError>> {
        let node = node.clone();
        if node != self.node {
            return std::future::ready(Err(ControlError::NoNode(node))).boxed();
        }
        let Some(handler) = self.handlers.get(what) else {
            return std::future::ready(Err(ControlError::NoHandler(node, what.to_owned()))).boxed();
        };
        async move {
            tokio::time::timeout(timeout, handler(payload)).await.map_err(|_| ControlError::TimedOut(node))
        }
        .boxed()
    }

    fn ask_all(
        &self,
        what: &str,
        payload: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'static, Vec<(NodeId, Bytes)>> {
        let node = self.node.clone();
        let answer = self.ask(&node, what, payload, timeout);
        async move { answer.await.map(|answer| (node, answer)).into_iter().collect() }.boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_node_alone_answers_itself() {
        let control = LocalControl::new(NodeId::new("n1"));
        control.handle("echo", Arc::new(|payload| async { payload }.boxed()));
        control.handle("never", Arc::new(|_| std::future::pending().boxed()));
        let node = control.node().clone();
        assert_eq!(control.ask(&node, "echo", "a".into(), SECOND).await, Ok("a".into()));
        assert_eq!(control.ask_all("echo", "b".into(), SECOND).await, [(node.clone(), "b".into())]);
        assert_eq!(control.ask_all("unknown", "b".into(), SECOND).await, []);
        assert_eq!(
            control.ask(&node, "never", "a".into(), SECOND).await,
            Err(ControlError::TimedOut(node.clone()))
        );
        let other = NodeId::new("n2");
        assert_eq!(control.ask(&other, "echo", "a".into(), SECOND).await, Err(ControlError::NoNode(other)));
    }
}
