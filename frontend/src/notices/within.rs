//! In one piece with the rest of the page.

use std::{future::ready, rc::Rc};

use app::ports::NoticePort;

use super::ServerNotices;

pub(crate) fn load() -> impl Future<Output = Option<Rc<dyn NoticePort>>> {
    let port: Rc<dyn NoticePort> = Rc::new(ServerNotices);
    ready(Some(port))
}
