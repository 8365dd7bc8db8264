//! Raises the number of sockets that the system lets this process have.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit as far as it may be raised: the usual 1,024 would end long before `limits.connections` does.
pub(crate) fn raise(wanted: usize) {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let limit = getrlimit(Resource::Nofile).current;
    let too_few = limit.is_some_and(|limit| limit < wanted as u64);
    if let Err(error) = raised {
        tracing::warn!(%error, ?limit, "the limit on open files stays as it is");
    } else if too_few {
        tracing::warn!(?limit, wanted, "fewer open files than limits.connections: the rest will wait");
    }
}
