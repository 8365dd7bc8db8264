//! Measures graphics cards.

mod amdgpu;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};

use self::amdgpu::GpuReading;
pub(crate) use self::amdgpu::{GpuProbe, GpuReport};
use super::{BackgroundReports, Collector, Readings, background::LatestReport, readings::MOST_NAMED};

/// Busy share of one card.
const BUSY: Metric = of_card("gpu.busy", Unit::Percent, LocalizedText::new("GPU", "GPU"));
/// Memory of the card itself that is in use.
const MEMORY_USED: Metric =
    of_card("gpu.memory.used", Unit::Bytes, LocalizedText::new("GPU memory in use", "사용 중인 GPU 메모리"));
/// Memory of the card itself.
const MEMORY_TOTAL: Metric =
    of_card("gpu.memory.total", Unit::Bytes, LocalizedText::new("GPU memory", "GPU 메모리"));

const fn of_card(id: &'static str, unit: Unit, name: LocalizedText) -> Metric {
    const BY_CARD: &[Label] = &[Label { id: "card", name: LocalizedText::new("Card", "그래픽 카드") }];
    Metric::gauge(id, unit, name).by(BY_CARD)
}

/// Each card by the place of its device, `pci/0000:03:00.0`, where its driver is amdgpu (Documentation/gpu/amdgpu/thermal.rst,
/// driver-misc.rst).
///
/// Its temperatures and its fan stand among the others, below the same place. [`GpuProbe`] asks in a part of
/// its own. Cards of NVIDIA are not told: NVML is a library to load at run time, which a static binary cannot.
pub(super) struct GraphicsCards(LatestReport<GpuReport>);

impl Collector for GraphicsCards {
    const METRICS: &'static [Metric] = &[BUSY, MEMORY_USED, MEMORY_TOTAL];
    const PANELS: &'static [Panel] = &[
        Panel::new(
            PanelView::Values,
            "gpu",
            62,
            LocalizedText::new("Graphics cards", "그래픽 카드"),
            &[PanelLine::of(&BUSY, 0)],
        ),
        Panel::new(
            PanelView::Values,
            "gpu-memory",
            64,
            MEMORY_USED.name,
            &[PanelLine::of(&MEMORY_USED, 1), PanelLine::of(&MEMORY_TOTAL, 1)],
        ),
    ];

    fn new(apart: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(apart.gpus.clone()))
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        let Some((report, silent)) = self.0.find() else { return };
        into.left_out(&BUSY, report.0.len().saturating_sub(MOST_NAMED));
        for GpuReading { id, name, busy, memory, no_answer } in report.0.iter().take(MOST_NAMED) {
            into.name(id, name);
            if let Some(since) = no_answer.or(silent) {
                into.no_answer(&BUSY, Some(id), since);
                continue;
            }
            into.set_labelled(&BUSY, id, *busy);
            if let Some((used, total)) = memory {
                into.set_labelled(&MEMORY_USED, id, *used as f64);
                into.set_labelled(&MEMORY_TOTAL, id, *total as f64);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use broker::{Clock, SystemClock};

    use super::*;
    use crate::collectors::Detail;

    #[test]
    fn a_card_without_memory_of_its_own_has_none_and_a_silent_one_says_since_when() {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let apart = BackgroundReports::new(Duration::from_secs(2), &clock);
        let card = |id: &str, no_answer| GpuReading {
            id: id.to_owned(),
            name: "amdgpu".to_owned(),
            busy: Some(17.0),
            memory: None,
            no_answer,
        };
        apart.gpus.put(GpuReport(vec![card("pci/0000:03:00.0", None), card("pci/0000:04:00.0", Some(7))]));
        let mut readings = Readings::new(1, Detail::Full);
        GraphicsCards::new(&apart).expect("a collector").collect(&mut readings);
        let sample = readings.into_sample();
        assert_eq!(sample.values.get_labelled("gpu.busy", "pci/0000:03:00.0"), Some(17.0));
        assert_eq!(sample.values.len(), 1);
        assert_eq!(sample.no_answer.get_labelled("gpu.busy", "pci/0000:04:00.0"), Some(7.0));
    }
}
