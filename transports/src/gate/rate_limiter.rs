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
    clients: Mutex<Clients>,
}

#[derive(Debug)]
struct Clients {
    buckets: HashMap<ClientKey, TokenBucket>,
    /// At so many clients those who rest are looked for. It doubles what was left, so that looking costs little.
    sweep_at: usize,
}

impl RateLimiter {
    /// `rate` a second; 0 for no limit.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        Self { rate, clients: Mutex::new(Clients { buckets: HashMap::new(), sweep_at: CLIENTS }) }
    }

    /// Returns the tokens that each client gets a second; 0 for no limit.
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Takes one token of the client at this address; false when it has none left.
    #[must_use]
    pub fn try_take(&self, address: IpAddr) -> bool {
        if self.rate == 0 {
            return true;
        }
        let mut clients = self.clients.lock();
        if clients.buckets.len() >= clients.sweep_at {
            clients.buckets.retain(|_, bucket| !bucket.is_rested());
            clients.sweep_at = CLIENTS.max(clients.buckets.len() * 2);
        }
        clients.buckets.entry(address.into()).or_insert_with(|| TokenBucket::new(self.rate)).pass()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn in_a_month_of_clients_that_do_not_come_back_it_does_not_grow() {
        let limiter = RateLimiter::new(50);
        let known = || limiter.clients.lock().buckets.len();
        // Three each second would be eight million: every quarter of an hour a crowd comes at once.
        for quarter in 0..30 * 24 * 4_u32 {
            for n in 0..100 {
                assert!(limiter.try_take(IpAddr::from((quarter * 100 + n + (1 << 24)).to_be_bytes())));
            }
            assert!(known() <= CLIENTS, "{} clients in quarter {quarter}", known());
            tokio::time::advance(Duration::from_secs(900)).await;
        }
        // A crowd that is larger than what is kept is forgotten as well.
        for n in 0..5 * CLIENTS as u32 {
            assert!(limiter.try_take(IpAddr::from((n + (1 << 30)).to_be_bytes())));
        }
        tokio::time::advance(Duration::from_secs(2)).await;
        for n in 0..5 * CLIENTS as u32 {
            let _ = limiter.try_take(IpAddr::from((n + (1 << 29)).to_be_bytes()));
        }
        assert!(known() <= 8 * CLIENTS, "{} clients", known());
    }

    #[tokio::test(start_paused = true)]
    async fn each_client_has_its_own_bucket_and_a_network_of_ipv6_is_one() {
        let limiter = RateLimiter::new(2);
        let admit = |text: &str| limiter.try_take(text.parse().expect("an address"));
        assert_eq!([(); 5].map(|()| admit("192.0.2.1")), [true, true, true, true, false]);
        assert!(admit("192.0.2.2"));
        assert_eq!(
            [1, 2, 3, 4, 5].map(|n| admit(&format!("2001:db8::{n}"))),
            [true, true, true, true, false]
        );
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!([(); 2].map(|()| admit("192.0.2.1")), [true, false]);
        assert!((0..9).all(|_| RateLimiter::new(0).try_take(IpAddr::from([192, 0, 2, 1]))));
    }
}
