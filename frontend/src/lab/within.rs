//! In one piece with the rest of the page.

use std::{future::ready, rc::Rc};

use app::ports::LabPorts;

use super::bench::Bench;

pub(crate) fn load() -> impl Future<Output = Option<Rc<dyn LabPorts>>> {
    let ports: Rc<dyn LabPorts> = Bench::new();
    ready(Some(ports))
}
