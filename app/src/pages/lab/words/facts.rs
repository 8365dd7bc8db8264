//! Explains a transport in plain words.

/// Of one transport.
#[derive(Debug)]
pub struct Facts {
    /// Its name where there is little room.
    pub short: &'static str,
    /// Which way it carries.
    pub direction: &'static str,
    /// The format of its messages.
    pub format: &'static str,
    /// The protocol that it uses.
    pub protocol: &'static str,
    /// Recovery after a break: by whom, and from where.
    pub comes_back: &'static str,
    /// The limits that browsers and proxies set.
    pub limits: &'static str,
    /// When it is the right one.
    pub choose: &'static str,
}
