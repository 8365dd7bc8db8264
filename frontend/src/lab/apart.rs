//! In the piece `lab`, as the lab's pages are.

use std::rc::Rc;

use app::ports::LabPorts;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use super::bench::Bench;

pub(crate) async fn load() -> Option<Rc<dyn LabPorts>> {
    lab_ports().await.ok()
}

#[wasm_split(lab, wasm_split_path = ::leptos::wasm_split, fallible)]
fn lab_ports() -> Result<Rc<dyn LabPorts>, SplitLoaderError> {
    Ok(Bench::new())
}
