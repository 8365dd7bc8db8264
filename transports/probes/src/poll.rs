//! Both polls: a question after the other on one connection, each from where the last answer ended.

use std::{collections::VecDeque, net::SocketAddr};

use common::frame::{ServerFrame, Verdict};
use futures_util::future::BoxFuture;
use serde_json::value::RawValue;
use transports::catalog::Entry;

use crate::http::{self, Answer, Question};
use crate::probe::{Ask, Connection, Probe, Refused, Seen};

pub struct Polling;
pub struct LongPolling;

impl Probe for Polling {
    fn entry(&self) -> &'static Entry {
        &transports::polling::ENTRY
    }

    fn holds_a_connection(&self) -> bool {
        false
    }

    fn connect(&self, to: SocketAddr, ask: Ask) -> BoxFuture<'_, Result<Box<dyn Connection>, Refused>> {
        Box::pin(connect(self.entry().path, to, ask))
    }
}

impl Probe for LongPolling {
    fn entry(&self) -> &'static Entry {
        &transports::long_polling::ENTRY
    }

    fn connect(&self, to: SocketAddr, mut ask: Ask) -> BoxFuture<'_, Result<Box<dyn Connection>, Refused>> {
        if ask.more.is_empty() {
            ask.more = "&wait=1";
        }
        Box::pin(connect(self.entry().path, to, ask))
    }
}

struct Poll {
    path: &'static str,
    to: SocketAddr,
    ask: Ask,
    heard: VecDeque<ServerFrame>,
    /// Asked as soon as the last answer was there: whoever polls always has a question open.
    asked: Option<Question>,
    welcomed: bool,
}

/// The first answer decides whether there is a connection at all.
async fn connect(path: &'static str, to: SocketAddr, ask: Ask) -> Result<Box<dyn Connection>, Refused> {
    let question = http::question(http::dial(to).await?, to, path, &ask).await;
    let mut poll = Poll { path, to, ask, heard: VecDeque::new(), asked: None, welcomed: false };
    poll.receive(question.answer().await?).await?;
    Ok(Box::new(poll))
}

impl Poll {
    async fn receive(&mut self, answer: Answer) -> Result<(), Refused> {
        let status = answer.status;
        let moved = answer.cursor().map(ToOwned::to_owned);
        let (line, body) = answer.whole().await?;
        let frames = match status {
            204 => {
                let cursor = moved.expect("an answer without a body says its place");
                let cursor = cursor.parse().expect("a cursor");
                // Nothing to say is said to those alone who are resumed.
                let welcome =
                    ServerFrame::Welcome { verdict: Verdict::Resumed, head: cursor, heartbeat_ms: 0 };
                vec![welcome, ServerFrame::Heartbeat { cursor }]
            }
            200 | 429 | 503 if body.starts_with('[') => {
                let all: Vec<Box<RawValue>> = serde_json::from_str(&body).expect("an array");
                all.iter().map(|one| ServerFrame::from_json(one.get()).expect("frames")).collect()
            }
            _ => return Err(Refused { status, body }),
        };
        let mut over = false;
        for frame in frames {
            match &frame {
                ServerFrame::Welcome { verdict, .. } if self.welcomed => {
                    assert_ne!(*verdict, Verdict::New, "every later question has a cursor");
                    continue;
                }
                ServerFrame::Welcome { .. } => self.welcomed = true,
                ServerFrame::Event(event) => self.ask.since = Some(event.cursor.to_string()),
                ServerFrame::Heartbeat { cursor } => self.ask.since = Some(cursor.to_string()),
                ServerFrame::Bye { .. } => over = true,
                _ => {}
            }
            self.heard.push_back(frame);
        }
        self.ask.snapshot.clear();
        if !over {
            self.asked = Some(http::question(line, self.to, self.path, &self.ask).await);
        }
        Ok(())
    }
}

impl Connection for Poll {
    fn see(&mut self) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            loop {
                if let Some(frame) = self.heard.pop_front() {
                    return Seen::Frame(frame);
                }
                let Some(asked) = self.asked.take() else { return Seen::End(None) };
                let Ok(answer) = asked.answer().await else { return Seen::End(None) };
                match self.receive(answer).await {
                    Ok(()) => {}
                    // Its rights may have been taken away meanwhile.
                    Err(Refused { status: 0 | 401, .. }) => return Seen::End(None),
                    Err(refused) => panic!("accepted once, and then refused: {refused:?}"),
                }
            }
        })
    }

    fn send_raw(&mut self, _: Vec<u8>) -> BoxFuture<'_, ()> {
        unreachable!("one way")
    }
}
