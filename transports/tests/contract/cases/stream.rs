//! Finite streams.

use std::time::Duration;

use common::{
    Cursor, Topic,
    frame::{GapReason, ServerFrame, Verdict},
    stream::{StreamEndReason, StreamEntry},
};
use transport_probes::{Ask, Connection, Probe};

use super::{resume::expect_gap, slow::noise};
use crate::world::{STREAM_BYTES, World};

const TOPIC: &str = "stream/a";
/// More than the sockets' buffers on both ends hold, and many times what is kept.
const FLOOD: u64 = 1_000;

/// A writer as the server has one.
struct Writer<'a> {
    world: &'a World,
    total: u64,
}

impl<'a> Writer<'a> {
    fn begin(world: &'a World) -> Self {
        let writer = Self { world, total: 0 };
        writer.publish(&StreamEntry::Begin { title: "a".into(), at_ms: 0 });
        writer
    }

    fn publish(&self, entry: &StreamEntry<String>) -> Cursor {
        self.world.publish(TOPIC, &serde_json::to_string(entry).expect("JSON"))
    }

    fn item(&mut self, text: &str) -> Cursor {
        let first = self.total;
        self.total += 1;
        self.publish(&StreamEntry::Items { first, items: vec![text.to_owned()] })
    }

    fn end(self, reason: StreamEndReason, error: Option<&str>) {
        let error = error.map(str::to_owned);
        self.publish(&StreamEntry::End { reason, error, total: self.total });
    }
}

/// A reader that has come so far.
struct Reader {
    client: Box<dyn Connection>,
    began: bool,
    total: u64,
    /// Items that it was not given, as their numbers say.
    skipped: u64,
    gaps: u64,
}

impl Reader {
    async fn connect(world: &World, probe: &dyn Probe) -> Self {
        let mut client = probe.connect(world.address, Ask::topics(&[TOPIC])).await.expect("connected");
        assert_eq!(client.verdict().await, Verdict::New);
        Self { client, began: false, total: 0, skipped: 0, gaps: 0 }
    }

    /// Reads on to the end of the stream.
    async fn read_to_end(&mut self) -> (StreamEndReason, Option<String>) {
        loop {
            match self.client.frame().await {
                ServerFrame::Event(event) => match StreamEntry::<String>::from_json(event.data.get()) {
                    Some(StreamEntry::Begin { .. }) => {
                        assert!(!self.began && self.total == 0, "once, and first");
                        self.began = true;
                    }
                    Some(StreamEntry::Items { first, items }) => {
                        assert!(first >= self.total, "in order, and none twice");
                        self.skipped += first - self.total;
                        self.total = first + items.len() as u64;
                    }
                    Some(StreamEntry::End { reason, error, total }) => {
                        self.skipped += total - self.total;
                        self.total = total;
                        return (reason, error);
                    }
                    None => panic!("{} is no entry of a stream", event.data.get()),
                },
                ServerFrame::Gap { reason, topics } => {
                    assert_eq!((reason, topics.len()), (GapReason::Evicted, 1));
                    self.gaps += 1;
                }
                ServerFrame::Heartbeat { .. } => {}
                other => panic!("not {other:?}"),
            }
        }
    }
}

pub async fn a_stream_is_told_from_its_beginning_whenever_its_reader_comes(probe: &dyn Probe) {
    let ends = [
        (StreamEndReason::Complete, None),
        (StreamEndReason::Failed, Some("the disk is full")),
        (StreamEndReason::Cancelled, None),
    ];
    for (reason, error) in ends {
        let world = World::start().await;
        let mut writer = Writer::begin(&world);
        writer.item("before anyone reads");
        let mut early = Reader::connect(&world, probe).await;
        for n in 0..50 {
            writer.item(&n.to_string());
        }
        let mut midway = Reader::connect(&world, probe).await;
        writer.item("the last one");
        writer.end(reason, error);
        let mut late = Reader::connect(&world, probe).await;
        for reader in [&mut early, &mut midway, &mut late] {
            assert_eq!(reader.read_to_end().await, (reason, error.map(str::to_owned)));
            assert_eq!((reader.began, reader.total, reader.skipped, reader.gaps), (true, 52, 0, 0));
        }
    }
}

pub async fn a_stream_goes_on_wherever_its_reader_was_cut(probe: &dyn Probe) {
    let world = World::start().await;
    let mut writer = Writer::begin(&world);
    let mut ask = Ask::topics(&[TOPIC]);
    let mut seen = Vec::new();
    for life in 0..12_usize {
        for n in 0..4 {
            writer.item(&(life * 4 + n).to_string());
        }
        let mut client = probe.connect(world.address, ask.clone()).await.expect("connected");
        client.verdict().await;
        for _ in 0..(life % 6).min(1 + (life + 1) * 4 - seen.len()) {
            let event = client.event().await;
            seen.push(event.data.get().to_owned());
            ask = ask.since(event.cursor);
        }
    }
    writer.end(StreamEndReason::Complete, None);
    let mut client = probe.connect(world.address, ask).await.expect("connected");
    client.verdict().await;
    while seen.len() < 1 + 48 + 1 {
        seen.push(client.event().await.data.get().to_owned());
    }
    let places = seen.iter().filter_map(|text| match StreamEntry::<String>::from_json(text) {
        Some(StreamEntry::Items { first, .. }) => Some(first),
        _ => None,
    });
    assert_eq!(places.collect::<Vec<_>>(), (0..48).collect::<Vec<_>>());
}

pub async fn a_stream_that_has_gone_is_told_so_and_the_rest_goes_on(probe: &dyn Probe) {
    let world = World::start().await;
    let writer = Writer::begin(&world);
    let cursor = world.hub.head();
    writer.end(StreamEndReason::Complete, None);
    let topic: Topic = TOPIC.parse().expect("a topic");
    world.hub.forget_stream(&topic).await.expect("forgotten");
    world.publish("log/a", "1");
    let unheard_of = Ask::topics(&["stream/unheard-of", "log/a"]);
    for (ask, of) in [
        (Ask::topics(&[TOPIC, "log/a"]), TOPIC),
        (Ask::topics(&[TOPIC, "log/a"]).since(cursor), TOPIC),
        (unheard_of, "stream/unheard-of"),
    ] {
        let mut client = probe.connect(world.address, ask).await.expect("connected");
        client.verdict().await;
        expect_gap(&client.frame().await, GapReason::Gone, &[of]);
        let n = world.publish("log/a", "2");
        while client.event().await.cursor != n {}
    }
}

pub async fn a_writer_that_waits_loses_nothing_to_a_reader_who_lags(probe: &dyn Probe) {
    let world = World::start().await;
    let mut writer = Writer::begin(&world);
    let mut reader = Reader::connect(&world, probe).await;
    let topic = TOPIC.parse().expect("a topic");
    let readers = world.hub.stream_readers(&topic).expect("it has begun");
    let filling = noise();
    let reading = async {
        // It begins when its writer has had time to get as far as it may.
        tokio::time::sleep(Duration::from_millis(200)).await;
        reader.read_to_end().await
    };
    let writing = async {
        for _ in 0..FLOOD {
            readers.read_to(STREAM_BYTES / 2).await;
            writer.item(&filling);
        }
        writer.end(StreamEndReason::Complete, None);
    };
    let (end, ()) = tokio::join!(reading, writing);
    assert_eq!(end, (StreamEndReason::Complete, None));
    assert_eq!((reader.total, reader.skipped, reader.gaps), (FLOOD, 0, 0));
}

pub async fn a_reader_who_is_slower_than_another_is_told_what_it_misses(probe: &dyn Probe) {
    let world = World::start().await;
    let mut writer = Writer::begin(&world);
    let mut stalled = Reader::connect(&world, probe).await;
    let mut fast = Reader::connect(&world, probe).await;
    let topic = TOPIC.parse().expect("a topic");
    let readers = world.hub.stream_readers(&topic).expect("it has begun");
    let filling = noise();
    let writing = async {
        for _ in 0..FLOOD {
            readers.read_to(STREAM_BYTES / 2).await;
            writer.item(&filling);
        }
        writer.end(StreamEndReason::Complete, None);
    };
    let (end, ()) = tokio::join!(fast.read_to_end(), writing);
    assert_eq!(end, (StreamEndReason::Complete, None));
    assert_eq!((fast.total, fast.skipped, fast.gaps), (FLOOD, 0, 0), "nobody slower holds it up");
    assert_eq!(stalled.read_to_end().await, (StreamEndReason::Complete, None));
    assert_eq!(stalled.total, FLOOD);
    assert!(stalled.skipped > 0 && stalled.gaps > 0, "it did stall, and was told of {} gaps", stalled.gaps);
}
