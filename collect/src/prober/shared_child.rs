//! The child that waits for questions: one for all probers of a collector. A machine that someone watches has one process more, and not one for
//! each part of the collector.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::{Condvar, Mutex};

use super::child::ProbeProcess;

/// A child that another prober has is waited for this long: some milliseconds are enough, but where it waits itself for what never
/// answers. Then there is another one.
const HANDOVER: Duration = Duration::from_millis(20);

/// The child of several probers; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedChild(Arc<SharedState>);

#[derive(Debug, Default)]
struct SharedState {
    slot: Mutex<ChildSlot>,
    came_back: Condvar,
}

#[derive(Debug, Default)]
struct ChildSlot {
    /// It waits for questions.
    idle: Option<ProbeProcess>,
    /// The children that probers have at the moment, or are about to start.
    lent: usize,
    /// The probers that will ask again soon.
    users: usize,
}

/// The share of one prober.
#[derive(Debug)]
pub(super) struct ChildShare {
    shared: SharedChild,
    is_user: bool,
}

impl SharedChild {
    /// Returns a share for one more prober.
    pub(super) fn share(&self) -> ChildShare {
        ChildShare { shared: self.clone(), is_user: false }
    }
}

impl ChildShare {
    /// Takes the child; none where there is none, and one is to be started. Either is given back.
    pub(super) fn take(&mut self) -> Option<ProbeProcess> {
        let SharedState { slot, came_back } = &*self.shared.0;
        let mut slot = slot.lock();
        if !std::mem::replace(&mut self.is_user, true) {
            slot.users += 1;
        }
        let until = Instant::now() + HANDOVER;
        while slot.idle.is_none() && slot.lent > 0 {
            if came_back.wait_until(&mut slot, until).timed_out() {
                break;
            }
        }
        slot.lent += 1;
        slot.idle.take()
    }

    /// Gives the child back, or none where it has ended or is left waiting.
    pub(super) fn give_back(&mut self, child: Option<ProbeProcess>) {
        let SharedState { slot, came_back } = &*self.shared.0;
        let mut slot = slot.lock();
        slot.lent = slot.lent.saturating_sub(1);
        let surplus = match child {
            Some(child) if slot.idle.is_none() && slot.users > 0 => {
                slot.idle = Some(child);
                None
            }
            surplus => surplus,
        };
        drop(slot);
        came_back.notify_one();
        if let Some(surplus) = surplus {
            surplus.end();
        }
    }

    /// Says that this prober asks nothing for a while. The child ends where no other one does.
    pub(super) fn rest(&mut self) {
        if let Some(child) = self.leave() {
            child.end();
        }
    }

    fn leave(&mut self) -> Option<ProbeProcess> {
        let mut slot = self.shared.0.slot.lock();
        if std::mem::take(&mut self.is_user) {
            slot.users = slot.users.saturating_sub(1);
        }
        if slot.users == 0 { slot.idle.take() } else { None }
    }
}

impl Drop for ChildShare {
    fn drop(&mut self) {
        // Nothing is waited for: that is what it is there for.
        if let Some(child) = self.leave() {
            drop(child.abandon());
        }
    }
}
