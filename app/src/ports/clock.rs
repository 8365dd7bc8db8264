//! The browser's clock.

use std::any::Any;

/// Tells the time, and the pace of a page that is shown.
pub trait ClockPort {
    /// Milliseconds since 1970, by the browser's clock.
    fn now(&self) -> f64;
    /// Returns the offset of the reader's clock from UTC at that moment (milliseconds since 1970), minutes: 540 in
    /// Seoul.
    fn zone_minutes(&self, at_ms: f64) -> i32;
    /// Runs `tick` about once a second while the page is shown, until the guard is dropped.
    fn every_second(&self, tick: Box<dyn Fn()>) -> Box<dyn Any>;
    /// Returns true if the page is visible.
    fn is_shown(&self) -> bool;
}
