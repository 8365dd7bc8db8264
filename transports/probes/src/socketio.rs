//! Socket.IO from its documents and docs/protocol.md, on both carriers: packets by hand.

mod carriers;
mod packets;

use std::{collections::VecDeque, net::SocketAddr};

use common::frame::ServerFrame;
use futures_util::future::BoxFuture;
use transports::catalog::Entry;

use self::carriers::{Carrier, PollingCarrier, WebSocketCarrier};
use crate::probe::{Ask, Connection, Probe, Refused, Seen};

/// On a WebSocket from the beginning.
pub struct SocketIo;
/// On long-polling to the end.
pub struct SocketIoPolling;

struct Client<C> {
    carrier: C,
    heard: VecDeque<ServerFrame>,
}

impl Probe for SocketIo {
    fn entry(&self) -> &'static Entry {
        &transports::socketio::ENTRY
    }

    fn connect(&self, to: SocketAddr, ask: Ask) -> BoxFuture<'_, Result<Box<dyn Connection>, Refused>> {
        Box::pin(async move { join(WebSocketCarrier::open(to, &ask).await?, &ask).await })
    }
}

impl Probe for SocketIoPolling {
    fn entry(&self) -> &'static Entry {
        &transports::socketio::ENTRY
    }

    fn connect(&self, to: SocketAddr, ask: Ask) -> BoxFuture<'_, Result<Box<dyn Connection>, Refused>> {
        Box::pin(async move { join(PollingCarrier::open(to, &ask).await?, &ask).await })
    }
}

async fn join<C: Carrier>(mut carrier: C, ask: &Ask) -> Result<Box<dyn Connection>, Refused> {
    carrier.send(&format!("40{}", packets::auth(ask))).await;
    let mut packets = carrier.receive().await.map_err(|_| carriers::ended())?;
    let first = packets.pop_front().expect("a packet");
    if let Some(error) = first.strip_prefix("44") {
        return Err(packets::refused(error));
    }
    assert!(first.starts_with("40{\"sid\":\""), "{first}");
    let mut client = Client { carrier, heard: VecDeque::new() };
    client.receive(packets).await;
    Ok(Box::new(client))
}

impl<C: Carrier> Client<C> {
    async fn receive(&mut self, packets: VecDeque<String>) {
        for packet in packets {
            match packet.as_str() {
                "2" => self.carrier.send("3").await,
                "6" => {}
                event => self.heard.push_back(packets::frame(event)),
            }
        }
    }
}

impl<C: Carrier> Connection for Client<C> {
    fn see(&mut self) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            loop {
                if let Some(frame) = self.heard.pop_front() {
                    return Seen::Frame(frame);
                }
                match self.carrier.receive().await {
                    Ok(packets) => self.receive(packets).await,
                    Err(code) => return Seen::End(code),
                }
            }
        })
    }

    fn send_raw(&mut self, _: Vec<u8>) -> BoxFuture<'_, ()> {
        unreachable!("the cases of the way up speak WebSocket; transports/tests/socketio has Socket.IO's own")
    }
}
