//! Cases about people and nodes: presence and control.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::FutureExt;

use super::fixture::{Fixture, Node, topic, until};
use crate::Member;

const LONG: Duration = Duration::from_secs(600);
const SHORT: Duration = Duration::from_millis(300);

fn member(id: &str, data: &str) -> Member {
    Member { id: id.to_owned(), data: Bytes::copy_from_slice(data.as_bytes()) }
}

pub(super) async fn members_come_change_and_go(fixture: &mut dyn Fixture) {
    let node = Node::open(fixture).await;
    let (presence, room) = (node.broker.presence(), topic("log/room"));
    assert!(presence.list(&room).is_empty() && presence.topics().is_empty());
    presence.add(&room, member("ada", "1"), LONG);
    presence.add(&room, member("bob", "2"), LONG);
    presence.add(&room, member("ada", "3"), LONG);
    let mut listed = presence.list(&room);
    listed.sort_by(|one, two| one.id.cmp(&two.id));
    assert_eq!(listed, [member("ada", "3"), member("bob", "2")]);
    assert_eq!(presence.topics(), std::slice::from_ref(&room));
    assert!(presence.refresh(&room, "bob", LONG));
    assert!(!presence.refresh(&room, "eve", LONG));
    assert!(presence.remove(&room, "bob"));
    assert!(!presence.remove(&room, "bob"));
    assert_eq!(presence.list(&room), [member("ada", "3")]);
    presence.add(&room, member("cyd", ""), SHORT);
    until(async || {
        node.broker.sweep();
        presence.list(&room) == [member("ada", "3")]
    })
    .await;
    assert!(!presence.refresh(&room, "cyd", LONG), "its time was up");
}

pub(super) async fn nodes_see_each_others_members(fixture: &mut dyn Fixture) {
    if !fixture.has_nodes() {
        return;
    }
    let room = topic("log/room");
    let one = Node::open(fixture).await;
    one.broker.presence().add(&room, member("ada", "1"), LONG);
    let two = Node::open(fixture).await;
    let seen_by = async |node: &Node, expected: &[Member]| {
        node.recorder.wait_for(|_| node.broker.presence().list(&room) == expected).await;
    };
    seen_by(&two, &[member("ada", "1")]).await;
    two.broker.presence().add(&room, member("ada", "2"), LONG);
    seen_by(&one, &[member("ada", "1"), member("ada", "2")]).await;
    one.broker.presence().add(&room, member("ada", "1b"), LONG);
    seen_by(&two, &[member("ada", "2"), member("ada", "1b")]).await;
    one.broker.presence().remove(&room, "ada");
    seen_by(&two, &[member("ada", "2")]).await;
    two.broker.close();
    seen_by(&one, &[]).await;
}

pub(super) async fn a_node_asks_others(fixture: &mut dyn Fixture) {
    let one = Node::open(fixture).await;
    let mut nodes = vec![&one];
    let two = if fixture.has_nodes() { Some(Node::open(fixture).await) } else { None };
    nodes.extend(&two);
    for node in &nodes {
        let control = node.broker.control();
        let name = control.node().clone();
        control.handle(
            "whoami",
            Arc::new(move |_| {
                let name = name.clone();
                async move { Bytes::copy_from_slice(name.as_str().as_bytes()) }.boxed()
            }),
        );
        until(async || control.nodes().len() == nodes.len()).await;
    }
    let control = one.broker.control();
    let mut answers = control.ask_all("whoami", Bytes::new(), LONG).await;
    answers.sort();
    let mut expected: Vec<_> = nodes
        .iter()
        .map(|node| node.broker.control().node().clone())
        .map(|name| (name.clone(), Bytes::copy_from_slice(name.as_str().as_bytes())))
        .collect();
    expected.sort();
    assert_eq!(answers, expected);
    for (name, answer) in expected {
        assert_eq!(control.ask(&name, "whoami", Bytes::new(), LONG).await, Ok(answer));
        let unknown = control.ask(&name, "unknown", Bytes::new(), LONG).await;
        assert!(unknown.is_err_and(|error| matches!(error, crate::ControlError::NoHandler(..))));
    }
}
