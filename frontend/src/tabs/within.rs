//! In one piece with the rest of the page.

use std::{
    future::ready,
    rc::{Rc, Weak},
};

use crate::feed::{Feed, TabPeers};

pub(crate) fn load(feed: &Weak<Feed>) -> impl Future<Output = Option<Rc<dyn TabPeers>>> + use<> {
    ready(super::make(feed))
}
