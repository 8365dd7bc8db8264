//! In the chunk `later`, as the code is that shows notices.

use std::rc::Rc;

use app::ports::NoticePort;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::ServerNotices;

pub(crate) async fn load() -> Option<Rc<dyn NoticePort>> {
    notice_port().await.ok()
}

#[wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
fn notice_port() -> Result<Rc<dyn NoticePort>, SplitLoaderError> {
    Ok(Rc::new(ServerNotices))
}
