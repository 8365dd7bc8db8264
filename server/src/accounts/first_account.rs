//! The link that makes the first account. It is printed at the start and holds until there is an account, or the server stops.

use parking_lot::Mutex;

use super::secrets::{self, NoRandom};

/// The link of this start.
#[derive(Debug)]
pub(crate) struct FirstAccount(Mutex<LinkState>);

#[derive(PartialEq, Eq)]
enum LinkState {
    /// There is an account.
    Closed,
    /// There is none, and nobody was given the link.
    Open,
    /// There is none, and this is what stands in the link.
    Given(String),
}

impl std::fmt::Debug for LinkState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Closed => "Closed",
            Self::Open => "Open",
            Self::Given(_) => "Given",
        })
    }
}

impl FirstAccount {
    pub(super) fn new(is_open: bool) -> Self {
        Self(Mutex::new(if is_open { LinkState::Open } else { LinkState::Closed }))
    }

    pub(super) fn close(&self) {
        *self.0.lock() = LinkState::Closed;
    }

    pub(crate) fn is_open(&self) -> bool {
        *self.0.lock() != LinkState::Closed
    }

    /// Returns what stands in the link; none where there is an account.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn link(&self) -> Result<Option<String>, NoRandom> {
        let mut state = self.0.lock();
        if *state == LinkState::Open {
            *state = LinkState::Given(secrets::make("")?);
        }
        Ok(match &*state {
            LinkState::Given(link) => Some(link.clone()),
            _ => None,
        })
    }

    /// True of what stands in the link of this start.
    pub(super) fn is(&self, given: &str) -> bool {
        match &*self.0.lock() {
            LinkState::Given(link) => secrets::are_equal(link, given),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_until_there_is_an_account() {
        let first = FirstAccount::new(true);
        assert!(first.is_open() && !first.is(""));
        let link = first.link().expect("random").expect("there is no account");
        assert!(first.is(&link) && !first.is(&link[1..]) && !first.is(""));
        assert_eq!(first.link().expect("kept"), Some(link.clone()), "it stays the same");
        assert!(!format!("{first:?}").contains(&link), "it is in no log");
        first.close();
        assert!(!first.is_open() && !first.is(&link));
        assert_eq!(first.link().expect("nothing to make"), None);
    }
}
