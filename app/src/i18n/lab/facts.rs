//! What a transport is, in plain words.

/// Of one transport.
#[derive(Debug)]
pub struct Facts {
    /// Its name where there is little room.
    pub short: &'static str,
    /// Which way it carries.
    pub direction: &'static str,
    /// What it carries.
    pub format: &'static str,
    /// What it is made of.
    pub protocol: &'static str,
    /// Who brings it back after a break, and from where.
    pub comes_back: &'static str,
    /// What browsers and proxies do to it.
    pub limits: &'static str,
    /// When it is the right one.
    pub choose: &'static str,
}
