//! Slows guessing down. Wrong answers are counted for an account from an address, and for an address; an account alone is never locked
//! for addresses from which its owner has signed in, so that no stranger can lock anyone out.

use std::{collections::HashMap, net::IpAddr, time::Duration};

use parking_lot::Mutex;
use tokio::time::Instant;
use transports::gate::ClientKey;

/// Wrong answers for one account from one address that cost nothing.
const FREE_AT_ACCOUNT: u32 = 5;
/// Wrong answers from one address, whatever the account, that cost nothing.
const FREE_AT_ADDRESS: u32 = 20;
/// Wrong answers for one account from anywhere that cost nothing to those who come from a new address.
const FREE_OF_ACCOUNT: u32 = 50;
/// The first wait; each further wrong answer doubles it.
const FIRST: Duration = Duration::from_secs(5);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// A count without a wrong answer for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(60 * 60);
/// The most counts that are kept. With more, the smallest go, and of these the oldest: nobody has a large one forgotten by making many.
const MOST: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    AccountHere(Box<str>, ClientKey),
    Address(ClientKey),
    Account(Box<str>),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    wrong: u32,
    last: Instant,
}

/// Counts wrong answers.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<Counted, Count>>);

impl Counted {
    fn all(account: &str, address: IpAddr) -> [Self; 3] {
        let address = ClientKey::from(address);
        [Self::AccountHere(account.into(), address), Self::Address(address), Self::Account(account.into())]
    }

    fn free(&self) -> u32 {
        match self {
            Self::AccountHere(..) => FREE_AT_ACCOUNT,
            Self::Address(_) => FREE_AT_ADDRESS,
            Self::Account(_) => FREE_OF_ACCOUNT,
        }
    }
}

impl Throttle {
    /// Returns how long the next try for this account from this address has to wait; none if it may be made now. `is_known` says that its
    /// owner has signed in from there before.
    pub(crate) fn wait(&self, account: &str, address: IpAddr, is_known: bool) -> Option<Duration> {
        let counts = self.0.lock();
        let now = Instant::now();
        let waits = Counted::all(account, address).into_iter().filter_map(|counted| {
            if is_known && matches!(counted, Counted::Account(_)) {
                return None;
            }
            let count = counts.get(&counted)?;
            let over = (count.wrong + 1).checked_sub(counted.free()).filter(|over| *over > 0)?;
            let wait = FIRST.saturating_mul(1 << (over - 1).min(16)).min(LONGEST);
            (count.last + wait).checked_duration_since(now).filter(|left| !left.is_zero())
        });
        waits.max()
    }

    /// Counts a wrong answer.
    pub(crate) fn count_wrong(&self, account: &str, address: IpAddr) {
        let mut counts = self.0.lock();
        let now = Instant::now();
        if counts.len() + 3 > MOST {
            counts.retain(|_, count| now.duration_since(count.last) < FORGOTTEN);
        }
        if counts.len() + 3 > MOST {
            let mut all: Vec<_> = counts.values().map(|count| (count.wrong, count.last)).collect();
            let middle = all.len() / 2;
            let (_, median, _) = all.select_nth_unstable(middle);
            let median = *median;
            counts.retain(|_, count| (count.wrong, count.last) > median);
        }
        for counted in Counted::all(account, address) {
            let count = counts.entry(counted).or_insert(Count { wrong: 0, last: now });
            if now.duration_since(count.last) >= FORGOTTEN {
                count.wrong = 0;
            }
            *count = Count { wrong: count.wrong.saturating_add(1), last: now };
        }
    }

    /// Takes back what was counted just now, and forgets the wrong answers for the account from the address: it was the owner.
    pub(crate) fn count_right(&self, account: &str, address: IpAddr) {
        let mut counts = self.0.lock();
        for counted in Counted::all(account, address) {
            if matches!(counted, Counted::AccountHere(..)) {
                counts.remove(&counted);
            } else if let Some(count) = counts.get_mut(&counted) {
                count.wrong = count.wrong.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn there(n: u8) -> IpAddr {
        IpAddr::from([198, 51, 100, n])
    }

    #[tokio::test(start_paused = true)]
    async fn guessing_at_an_account_gets_slower_and_is_forgotten() {
        let throttle = Throttle::default();
        for _ in 0..4 {
            throttle.count_wrong("kim", HERE);
            assert_eq!(throttle.wait("kim", HERE, false), None);
        }
        let mut waits = Vec::new();
        for _ in 0..12 {
            throttle.count_wrong("kim", HERE);
            waits.extend(throttle.wait("kim", HERE, false).map(|wait| wait.as_secs()));
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]);
        assert_eq!(throttle.wait("lee", HERE, false), None, "another account from there");
        assert_eq!(throttle.wait("kim", there(1), false), None, "the account from elsewhere");
        tokio::time::advance(Duration::from_secs(900)).await;
        assert_eq!(throttle.wait("kim", HERE, false), None);
        tokio::time::advance(FORGOTTEN).await;
        throttle.count_wrong("kim", HERE);
        assert_eq!(throttle.wait("kim", HERE, false), None, "it was long ago");
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_cannot_try_many_accounts() {
        let throttle = Throttle::default();
        for n in 0..20 {
            throttle.count_wrong(&format!("name-{n}"), HERE);
        }
        assert!(throttle.wait("kim", HERE, false).is_some());
        assert_eq!(throttle.wait("kim", there(1), false), None);
    }

    #[tokio::test(start_paused = true)]
    async fn strangers_from_many_addresses_do_not_lock_the_owner_out() {
        let throttle = Throttle::default();
        for n in 0..60 {
            throttle.count_wrong("kim", there(n));
        }
        assert!(throttle.wait("kim", there(99), false).is_some(), "a new address waits");
        assert_eq!(throttle.wait("kim", HERE, true), None, "the owner's does not");
        throttle.count_wrong("kim", HERE);
        throttle.count_right("kim", HERE);
        assert_eq!(throttle.wait("kim", HERE, true), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_team_behind_one_address_signs_in_as_often_as_it_likes() {
        let throttle = Throttle::default();
        for n in 0..100 {
            let name = format!("name-{}", n % 10);
            assert_eq!(throttle.wait(&name, HERE, false), None, "{n}");
            throttle.count_wrong(&name, HERE);
            throttle.count_right(&name, HERE);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_counts_are_bounded() {
        let throttle = Throttle::default();
        for n in 0..30_000_u32 {
            throttle.count_wrong(&n.to_string(), IpAddr::from(n.to_be_bytes()));
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert!(throttle.0.lock().len() <= MOST);
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_count_is_not_forgotten_for_many_small_ones() {
        let throttle = Throttle::default();
        for n in 0..60 {
            throttle.count_wrong("kim", there(n));
        }
        for n in 0..50_000_u32 {
            throttle.count_wrong(&n.to_string(), IpAddr::from(n.to_be_bytes()));
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        let count = Counted::Account("kim".into());
        assert_eq!(throttle.0.lock().get(&count).map(|count| count.wrong), Some(60));
    }
}
