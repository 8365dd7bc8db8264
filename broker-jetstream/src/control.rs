//! Questions from node to node, as plain messages of NATS.

use std::{collections::HashSet, sync::Arc, time::Duration};

use async_nats::{HeaderMap, Message, Request, RequestErrorKind};
use broker::{Control, ControlError, ControlHandler, ControlHandlers, NodeId};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future::BoxFuture};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout_at},
};

use crate::{connection::Connection, presence::PresenceTable};

/// Names the node that answers, and says that it has no such handler.
const NODE_HEADER: &str = "Pulseboard-Node";
const UNKNOWN_HEADER: &str = "Pulseboard-Unknown";
/// Questions that a node answers at once; more are left unanswered.
const AT_ONCE: usize = 256;

/// Control over NATS. Nodes are those that presence has heard of.
#[derive(Debug, Clone)]
pub(crate) struct JetStreamControl {
    connection: Connection,
    prefix: String,
    node: NodeId,
    handlers: Arc<ControlHandlers>,
    presence: Arc<PresenceTable>,
    runtime: tokio::runtime::Handle,
}

impl JetStreamControl {
    /// Drops all handlers.
    pub(crate) fn close(&self) {
        self.handlers.clear();
    }

    pub(crate) fn new(
        connection: Connection,
        prefix: &str,
        node: NodeId,
        presence: Arc<PresenceTable>,
    ) -> Self {
        Self {
            connection,
            prefix: prefix.to_owned(),
            node,
            handlers: Arc::default(),
            presence,
            runtime: tokio::runtime::Handle::current(),
        }
    }

    fn to_all(&self, what: &str) -> String {
        format!("{}.nodes.{what}", self.prefix)
    }

    fn to_one(&self, node: &NodeId, what: &str) -> String {
        format!("{}.node.{node}.{what}", self.prefix)
    }

    /// Answers questions until the connection is closed.
    pub(crate) async fn serve(self) -> Result<(), async_nats::SubscribeError> {
        let client = &self.connection.client;
        let to_all = client.subscribe(self.to_all("*")).await?;
        let to_one = client.subscribe(self.to_one(&self.node, "*")).await?;
        let mut questions = futures_util::stream::select(to_all, to_one);
        let room = Arc::new(Semaphore::new(AT_ONCE));
        while let Some(question) = questions.next().await {
            // A question of its own to all it has answered already.
            let asker = question.headers.as_ref().and_then(|headers| headers.get(NODE_HEADER));
            if asker.is_some_and(|asker| asker.as_str() == self.node.as_str()) {
                continue;
            }
            let Ok(permit) = Arc::clone(&room).try_acquire_owned() else { continue };
            let control = self.clone();
            tokio::spawn(async move {
                control.answer(question).await;
                drop(permit);
            });
        }
        Ok(())
    }

    async fn answer(&self, question: Message) {
        let what = question.subject.rsplit('.').next().unwrap_or_default();
        let mut headers = HeaderMap::new();
        headers.insert(NODE_HEADER, self.node.as_str());
        let answer = match self.handlers.get(what) {
            Some(handler) => handler(question.payload).await,
            None => {
                headers.insert(UNKNOWN_HEADER, "1");
                Bytes::new()
            }
        };
        if let Some(inbox) = question.reply
            && let Err(error) = self.connection.client.publish_with_headers(inbox, headers, answer).await
        {
            tracing::debug!(%error, what, "a question of another node was not answered");
        }
    }

    async fn collect(self, what: String, payload: Bytes, timeout: Duration) -> Vec<(NodeId, Bytes)> {
        let deadline = Instant::now() + timeout;
        let mut answers = Vec::new();
        // This node answers without the servers: a node that is cut off still knows its own.
        if let Some(handler) = self.handlers.get(&what)
            && let Ok(answer) = timeout_at(deadline, handler(payload.clone())).await
        {
            answers.push((self.node.clone(), answer));
        }
        let mut missing: HashSet<NodeId> = self.presence.others().into_iter().collect();
        if missing.is_empty() {
            return answers;
        }
        let mut heard = HashSet::from([self.node.clone()]);
        let client = &self.connection.client;
        let inbox = client.new_inbox();
        let Ok(mut inbound) = client.subscribe(inbox.clone()).await else { return answers };
        let mut asker = HeaderMap::new();
        asker.insert(NODE_HEADER, self.node.as_str());
        let asked = client.publish_with_reply_and_headers(self.to_all(&what), inbox, asker, payload).await;
        if asked.is_err() {
            return answers;
        }
        while !missing.is_empty()
            && let Ok(Some(answer)) = timeout_at(deadline, inbound.next()).await
        {
            let Some(headers) = answer.headers else { continue };
            let Some(node) = headers.get(NODE_HEADER).map(|node| NodeId::new(node.as_str())) else {
                continue;
            };
            missing.remove(&node);
            if !heard.insert(node.clone()) {
                continue;
            }
            if headers.get(UNKNOWN_HEADER).is_none() {
                answers.push((node, answer.payload));
            }
        }
        answers
    }
}

impl Control for JetStreamControl {
    fn node(&self) -> &NodeId {
        &self.node
    }

    fn nodes(&self) -> Vec<NodeId> {
        std::iter::once(self.node.clone()).chain(self.presence.others()).collect()
    }

    fn handle(&self, what: &str, handler: ControlHandler) {
        self.handlers.set(what, handler);
    }

    fn tell_all(&self, what: &str, payload: Bytes) {
        let (client, subject) = (self.connection.client.clone(), self.to_all(what));
        self.runtime.spawn(async move { client.publish(subject, payload).await });
    }

    fn ask(
        &self,
        node: &NodeId,
        what: &str,
        payload: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'static, Result<Bytes, ControlError>> {
        let (client, subject) = (self.connection.client.clone(), self.to_one(node, what));
        let (node, what) = (node.clone(), what.to_owned());
        async move {
            let request = Request::new().payload(payload).timeout(Some(timeout));
            match client.send_request(subject, request).await {
                Ok(answer)
                    if answer.headers.as_ref().is_some_and(|all| all.get(UNKNOWN_HEADER).is_some()) =>
                {
                    Err(ControlError::NoHandler(node, what))
                }
                Ok(answer) => Ok(answer.payload),
                Err(error) if error.kind() == RequestErrorKind::TimedOut => Err(ControlError::TimedOut(node)),
                Err(_) => Err(ControlError::NoNode(node)),
            }
        }
        .boxed()
    }

    fn ask_all(
        &self,
        what: &str,
        payload: Bytes,
        timeout: Duration,
    ) -> BoxFuture<'static, Vec<(NodeId, Bytes)>> {
        self.clone().collect(what.to_owned(), payload, timeout).boxed()
    }
}
