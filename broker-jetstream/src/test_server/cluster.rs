//! Three servers as a cluster.

use std::time::Duration;

use super::{ServerOptions, TestServer, free_port, some_attempt};

/// The time for which new servers may look for a leader. Those of 2.10 choose it within two seconds, or, where two have not heard of the
/// third when they begin, of two only or not within a minute: then others are started.
const PATIENCE: Duration = Duration::from_secs(15);

/// A cluster of three servers.
#[derive(Debug)]
pub struct TestCluster {
    /// The servers; their names are `n0`, `n1` and `n2`.
    pub servers: Vec<TestServer>,
}

impl TestCluster {
    /// Starts a cluster of a version, and waits until it has a leader. Its servers tell clients of no others, so that a relay cannot be
    /// passed by.
    ///
    /// # Panics
    /// When the binary is missing, or a server does not start.
    #[must_use]
    pub fn start(version: &str) -> Self {
        some_attempt(|| {
            let cluster = Self::launch(version, 3)?;
            cluster.servers.iter().all(TestServer::is_one_of_three).then_some(cluster)
        })
    }

    /// Starts two servers of three, and waits until they have a leader. They have not heard of the third, which `respawn` starts.
    ///
    /// # Panics
    /// When the binary is missing, or a server does not start.
    #[must_use]
    pub fn start_two(version: &str) -> Self {
        some_attempt(|| Self::launch(version, 2))
    }

    /// Starts the first servers of one; none where they do not become a cluster, or someone took one of their ports before they did.
    fn launch(version: &str, first: usize) -> Option<Self> {
        let ports: Vec<u16> = (0..3).map(|_| free_port()).collect();
        let routes: Vec<String> = ports.iter().map(|port| format!("nats-route://127.0.0.1:{port}")).collect();
        let mut servers: Vec<_> = ports
            .iter()
            .enumerate()
            .map(|(number, port)| {
                let lines = format!(
                    "server_name: n{number}\ncluster {{ name: test, listen: 127.0.0.1:{port}, no_advertise: true, routes: [{}] }}\n",
                    routes.join(", ")
                );
                TestServer::prepare(version, &ServerOptions { lines, ..ServerOptions::default() })
            })
            .collect();
        servers[..first].iter_mut().for_each(TestServer::respawn);
        servers[..first].iter_mut().all(|server| server.becomes_ready(PATIENCE)).then_some(Self { servers })
    }

    /// The addresses for clients.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        self.servers.iter().map(TestServer::url).collect()
    }

    /// The server with a name.
    ///
    /// # Panics
    /// When no server has it.
    pub fn named(&mut self, name: &str) -> &mut TestServer {
        let number: usize = name.trim_start_matches('n').parse().expect("servers are called n0, n1, n2");
        &mut self.servers[number]
    }
}
