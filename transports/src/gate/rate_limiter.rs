//! A rate limit for each client.

use std::{collections::HashMap, net::IpAddr};

use parking_lot::Mutex;

use super::{ClientKey, token_bucket::TokenBucket};

/// The number of clients that are remembered before those with full buckets are removed.
const CLIENTS: usize = 1024;

/// A bucket for each client: `rate` a second, bursts of twice as many. Clients who rest are forgotten.
#[derive(Debug)]
pub struct RateLimiter {
    rate: u32,
    clients: Mutex<HashMap<ClientKey, TokenBucket>>,
}

impl RateLimiter {
    /// `rate` a second; 0 for no limit.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        Self { rate, clients: Mutex::default() }
    }

    /// How often a second each client may do it; 0 for no limit.
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Takes one token of the client at this address; false when it has none left.
    #[must_use]
    pub fn admit(&self, address: IpAddr) -> bool {
        if self.rate == 0 {
            return true;
        }
        let mut clients = self.clients.lock();
        if clients.len() >= CLIENTS {
            clients.retain(|_, bucket| !bucket.is_rested());
        }
        clients.entry(address.into()).or_insert_with(|| TokenBucket::new(self.rate)).pass()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_client_has_its_own_bucket_and_a_network_of_ipv6_is_one() {
        let limiter = RateLimiter::new(2);
        let admit = |text: &str| limiter.admit(text.parse().expect("an address"));
        assert_eq!([(); 5].map(|()| admit("192.0.2.1")), [true, true, true, true, false]);
        assert!(admit("192.0.2.2"));
        assert_eq!(
            [1, 2, 3, 4, 5].map(|n| admit(&format!("2001:db8::{n}"))),
            [true, true, true, true, false]
        );
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!([(); 2].map(|()| admit("192.0.2.1")), [true, false]);
        assert!((0..9).all(|_| RateLimiter::new(0).admit(IpAddr::from([192, 0, 2, 1]))));
    }
}
