//! A reader of one stream: an ordered push consumer that says when it lost its place, and leaves it to its owner to look before it goes on.
//!
//! async-nats has one, too. It begins anew by itself, and a stream that begins above the place, or ends below it, is then not noticed.

use std::time::Duration;

use async_nats::{
    Client, Message, StatusCode, Subscriber as Subscription,
    jetstream::{
        Context,
        consumer::{AckPolicy, DeliverPolicy, IntoConsumerConfig, push},
        message::Message as StreamedMessage,
    },
};
use futures_util::StreamExt;
use serde::Serialize;
use tokio::time::{Instant, sleep_until};

use crate::api::{self, ApiError};

/// The server says at this pace that it is there, where nothing comes.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// Silence for this long means that the consumer is gone.
const SILENCE: Duration = Duration::from_secs(3);

const LAST_CONSUMER_HEADER: &str = "Nats-Last-Consumer";
const STALLED_HEADER: &str = "Nats-Consumer-Stalled";

/// A consumer of a stream, from a number on.
#[derive(Debug)]
pub(crate) struct StreamConsumer {
    client: Client,
    context: Context,
    subscription: Subscription,
    /// The consumer's own count, which has no holes.
    count: u64,
    silent_until: Instant,
}

/// The next that a consumer says.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// A message.
    Message(Delivered),
    /// Everything that the stream held a moment ago was delivered.
    Idle,
    /// The consumer is of no use any more.
    Broken(&'static str),
}

/// A message of a stream.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) seq: u64,
    /// The time at which the stream took it in, milliseconds since 1970.
    pub(crate) unix_millis: u64,
    /// The number of messages behind it.
    pub(crate) pending: u64,
    pub(crate) message: Message,
}

#[derive(Serialize)]
struct CreateRequest<'a> {
    stream_name: &'a str,
    config: async_nats::jetstream::consumer::Config,
}

impl StreamConsumer {
    pub(crate) async fn open(
        client: &Client,
        context: &Context,
        stream: &str,
        start: u64,
    ) -> Result<Self, ApiError> {
        let inbox = client.new_inbox();
        // Before the consumer exists, so that nothing is missed.
        let subscription =
            client.subscribe(inbox.clone()).await.map_err(|error| ApiError::Other(error.to_string()))?;
        let name = inbox.replace(['.', '_'], "");
        let config = push::Config {
            deliver_subject: inbox,
            name: Some(name.clone()),
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: start.max(1) },
            ack_policy: AckPolicy::None,
            max_deliver: 1,
            flow_control: true,
            idle_heartbeat: HEARTBEAT,
            num_replicas: 1,
            memory_storage: true,
            inactive_threshold: Duration::from_secs(10),
            ..push::Config::default()
        }
        .into_consumer_config();
        let request = CreateRequest { stream_name: stream, config };
        api::ask::<serde_json::Value>(context, format!("CONSUMER.CREATE.{stream}.{name}"), &request).await?;
        Ok(Self {
            client: client.clone(),
            context: context.clone(),
            subscription,
            count: 0,
            silent_until: Instant::now() + SILENCE,
        })
    }

    /// Returns what comes next. It may be dropped at any moment.
    pub(crate) async fn next(&mut self) -> Delivery {
        loop {
            let message = tokio::select! {
                biased;
                message = self.subscription.next() => message,
                () = sleep_until(self.silent_until) => return Delivery::Broken("it fell silent"),
            };
            let Some(message) = message else { return Delivery::Broken("the connection was closed") };
            self.silent_until = Instant::now() + SILENCE;
            match message.status {
                None => return self.delivered(message),
                Some(StatusCode::IDLE_HEARTBEAT) => {
                    let header = |name| message.headers.as_ref().and_then(|headers| headers.get(name));
                    // Flow control asks for an answer: as a message of its own, or once more in a heartbeat.
                    let stalled = header(STALLED_HEADER).map(|subject| subject.as_str().into());
                    if let Some(subject) = message.reply.clone().or(stalled) {
                        let client = self.client.clone();
                        tokio::spawn(async move { client.publish(subject, "".into()).await });
                        continue;
                    }
                    let last = header(LAST_CONSUMER_HEADER).and_then(|last| last.as_str().parse().ok());
                    if last.is_some_and(|last: u64| last != self.count) {
                        return Delivery::Broken("messages were lost on the way");
                    }
                    return Delivery::Idle;
                }
                Some(_) => return Delivery::Broken("the server ended it"),
            }
        }
    }

    fn delivered(&mut self, message: Message) -> Delivery {
        let message = StreamedMessage { message, context: self.context.clone() };
        let Ok(info) = message.info() else { return Delivery::Broken("a message came that no stream sent") };
        if info.consumer_sequence != self.count + 1 {
            return Delivery::Broken("messages were lost on the way");
        }
        self.count += 1;
        let (seq, pending) = (info.stream_sequence, info.pending);
        let unix_millis = u64::try_from(info.published.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        Delivery::Message(Delivered { seq, unix_millis, pending, message: message.message })
    }
}
