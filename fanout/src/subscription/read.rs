//! Reading on from a subscription's place: the topics it follows, merged in the order of the log.

use broker::TopicKind;
use common::{Cursor, Seq, Topic, frame::GapReason};
use smallvec::SmallVec;

use super::{Batch, Delivery, Progress, SubscribedTopic};
use crate::{
    log::{Log, TopicLog},
    stats::ReadStats,
};

pub(super) fn read(
    log: &Log,
    subscribed: &mut [SubscribedTopic],
    batch: Batch,
    out: &mut Vec<Delivery>,
) -> (Progress, ReadStats) {
    let mut reading = ReadStats::default();
    let mut gaps: Vec<(GapReason, Vec<Topic>)> = Vec::new();
    // On the stack: this runs for every delivery.
    let mut behind: SmallVec<[PendingTopic<'_>; 4]> = SmallVec::new();
    for one in &mut *subscribed {
        let topic = log.topic(one.topic.slot);
        if let Some(ahead) = one.ahead {
            skip_seen(log, topic, one, ahead);
        }
        if one.life != log.life() {
            one.life = log.life();
            one.position = topic.evicted_through();
            one.passed = topic.count_up_to(one.position);
            one.gap = Some(GapReason::Restarted);
        }
        if one.position < topic.evicted_through() {
            match one.topic.kind {
                TopicKind::Latest => {
                    one.position = topic.newest().previous();
                    reading.conflations += 1;
                }
                TopicKind::Log | TopicKind::Stream => {
                    one.position = topic.evicted_through();
                    one.gap.get_or_insert(GapReason::Evicted);
                }
            }
            let passed = topic.count_up_to(one.position);
            reading.dropped += passed.saturating_sub(one.passed);
            one.passed = passed;
        }
        if let Some(reason) = one.gap.take() {
            reading.gaps += 1;
            match gaps.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, topics)) => topics.push(one.topic.name.clone()),
                None => gaps.push((reason, vec![one.topic.name.clone()])),
            }
        }
        let next = topic.first_after(one.position);
        if next < topic.len() {
            reading.lag += (topic.len() - next) as u64;
            behind.push(PendingTopic { topic, next, position: &mut one.position, passed: &mut one.passed });
        }
    }
    out.extend(gaps.into_iter().map(|(reason, topics)| Delivery::Gap(reason, topics)));
    let caught_up = merge(&mut behind, batch, out, &mut reading);
    drop(behind);
    for one in subscribed {
        if let Some(mark) = &one.topic.read_mark {
            mark.advance(one.position);
        }
    }
    let progress = if caught_up { Progress::CaughtUp(log.head()) } else { Progress::More };
    (progress, reading)
}

/// Passes over entries that the client has seen on another node.
fn skip_seen(log: &Log, topic: &TopicLog, one: &mut SubscribedTopic, ahead: Cursor) {
    let seen =
        topic.first_after_number(topic.number(ahead)).checked_sub(1).and_then(|last| topic.entry(last));
    if let Some(last) = seen.filter(|last| last.place > one.position && one.life == log.life()) {
        one.position = last.place;
        one.passed = topic.count_up_to(last.place);
    }
    if !log.is_behind(ahead) {
        one.ahead = None;
    }
}

/// Reports that entries are gone that were not taken and that readers miss, or that such a loss is still to be delivered.
pub(super) fn has_lost(log: &Log, subscribed: &[SubscribedTopic]) -> bool {
    subscribed.iter().any(|one| {
        let behind = || one.position < log.topic(one.topic.slot).evicted_through();
        one.gap.is_some() || one.life != log.life() || (one.topic.kind.tells_gaps() && behind())
    })
}

/// Passes over all but the newest entry of each `Latest` topic.
pub(super) fn conflate(log: &Log, subscribed: &mut [SubscribedTopic]) -> ReadStats {
    let mut reading = ReadStats::default();
    for one in subscribed.iter_mut().filter(|one| one.topic.kind == TopicKind::Latest) {
        let topic = log.topic(one.topic.slot);
        let before_newest = topic.newest().previous();
        if one.position < before_newest {
            one.position = before_newest;
            let passed = topic.count_up_to(before_newest);
            reading.dropped += passed.saturating_sub(one.passed);
            reading.conflations += 1;
            one.passed = passed;
        }
    }
    reading
}

/// A topic with entries that the subscription has not taken yet.
struct PendingTopic<'a> {
    topic: &'a TopicLog,
    next: usize,
    position: &'a mut Seq,
    passed: &'a mut u64,
}

/// Takes the lowest number among the topics again and again; a subscription follows few, so a scan beats a heap.
fn merge(
    behind: &mut SmallVec<[PendingTopic<'_>; 4]>,
    batch: Batch,
    out: &mut Vec<Delivery>,
    reading: &mut ReadStats,
) -> bool {
    let mut bytes = 0;
    while let Some(index) = lowest(behind) {
        if reading.deliveries > 0 && (reading.deliveries >= batch.entries as u64 || bytes >= batch.bytes) {
            return false;
        }
        let one = &mut behind[index];
        let Some(entry) = one.topic.entry(one.next) else { return true };
        bytes += entry.data.len();
        reading.deliveries += 1;
        *one.position = entry.place;
        *one.passed += 1;
        out.push(Delivery::Event(entry.clone()));
        one.next += 1;
        if one.next == one.topic.len() {
            behind.swap_remove(index);
        }
    }
    true
}

fn lowest(behind: &[PendingTopic<'_>]) -> Option<usize> {
    if behind.len() == 1 {
        return Some(0);
    }
    (0..behind.len()).min_by_key(|&i| behind[i].topic.entry(behind[i].next).map(|entry| entry.place))
}
