//! The cause of an end: asked for, out of memory, or by itself, as far as an engine's events can tell.

use crate::version::Product;

/// The cause of a container's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndCause {
    /// Someone asked the engine for it: a stop, a kill or a restart.
    Requested,
    /// The memory limit ended it.
    OutOfMemory,
    /// Nobody asked for it: it was done, or it failed, as the exit code says.
    Itself,
    /// The engine does not tell. Podman writes the same events for a wanted stop and for a crash; and a SIGKILL that nobody asked Docker for
    /// comes from the host: from its people, or from the memory limit, which Docker misses when the container is gone at once.
    Untold,
}

/// The signals by which containers are ended on request; others, such as SIGHUP, are messages to the program.
const ENDING: [u8; 4] = [2, 3, 9, 15];

/// Follows the events of one container from its start to its end, and judges the end.
#[derive(Debug, Clone, Copy, Default)]
pub struct EndJudge {
    is_requested: bool,
    is_out_of_memory: bool,
}

impl EndJudge {
    /// A life begins: requests before it do not count.
    pub fn on_start(&mut self) {
        *self = Self::default();
    }

    /// A signal was sent by the engine's API. Podman does not say which; most are sent to end it.
    pub fn on_kill(&mut self, signal: Option<u8>) {
        self.is_requested |= signal.is_none_or(|signal| ENDING.contains(&signal));
    }

    /// A stop was told before the end.
    pub fn on_stop(&mut self) {
        self.is_requested = true;
    }

    /// The memory limit ended a process. Where that was a child, the container goes on.
    pub fn on_out_of_memory(&mut self) {
        self.is_out_of_memory = true;
    }

    /// Judges an end. `was_killed` says that the code is that of SIGKILL, which is what the memory limit sends.
    #[must_use]
    pub fn on_end(&self, product: Product, was_killed: bool) -> EndCause {
        match product {
            _ if self.is_out_of_memory && was_killed => EndCause::OutOfMemory,
            _ if self.is_requested => EndCause::Requested,
            Product::Docker if !was_killed => EndCause::Itself,
            Product::Docker | Product::Podman => EndCause::Untold,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EndCause, EndJudge};
    use crate::version::Product::{Docker, Podman};

    #[test]
    fn docker_tells_a_wanted_stop_from_a_crash_and_podman_does_not() {
        let nobody = EndJudge::default();
        assert_eq!(
            (nobody.on_end(Docker, false), nobody.on_end(Podman, false)),
            (EndCause::Itself, EndCause::Untold)
        );
        let mut stopped = nobody;
        stopped.on_kill(Some(15));
        assert_eq!(stopped.on_end(Docker, true), EndCause::Requested);
        stopped.on_start();
        assert_eq!(stopped.on_end(Docker, false), EndCause::Itself, "a request ends with the life");
        assert_eq!(stopped.on_end(Docker, true), EndCause::Untold, "someone else killed it");
        let mut reloaded = nobody;
        reloaded.on_kill(Some(1));
        assert_eq!(reloaded.on_end(Docker, false), EndCause::Itself, "SIGHUP is a message");
        let mut by_podman = nobody;
        by_podman.on_kill(None);
        assert_eq!(by_podman.on_end(Podman, true), EndCause::Requested);
    }

    #[test]
    fn a_child_that_ran_out_of_memory_does_not_end_the_container() {
        let mut judge = EndJudge::default();
        judge.on_out_of_memory();
        assert_eq!(judge.on_end(Docker, true), EndCause::OutOfMemory);
        assert_eq!(judge.on_end(Docker, false), EndCause::Itself);
    }
}
