//! Measures what a container uses of its limits.

mod limits;

use common::{
    metric::{Label, LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};

use self::limits::GroupFiles;
use super::{BackgroundReports, Collector, Readings};

/// Memory, time on the cores or processes in percent of a limit, which is named as the kernel names its file.
const PERCENT: Metric = Metric::gauge(
    "cgroup.percent",
    Unit::Percent,
    LocalizedText::new("Used of the limit", "한도 대비 사용량"),
)
.by(&[Label { id: "limit", name: LocalizedText::new("Limit", "한도") }]);

/// The limits of the container that this process runs in: `memory.max`, `cpu.max` and `pids.max`, by these names for version 1, too.
///
/// They are the limits of the control group at the root of what `/sys/fs/cgroup` shows (Documentation/admin-guide/cgroup-v2.rst,
/// cgroup-v1/memory.rst, scheduler/sched-bwc.rst). In a container that is its own group; on a machine it is the root, which has no limits,
/// and none are told. A container that is shown the whole machine's tree (`--cgroupns=host`) has none either.
/// Memory is told without the page cache that could be had at once, as engines tell it.
pub(super) struct ContainerLimits(GroupFiles);

impl Collector for ContainerLimits {
    const METRICS: &'static [Metric] = &[PERCENT];
    const PANELS: &'static [Panel] = &[Panel::new(
        PanelView::Values,
        "container-limits",
        72,
        LocalizedText::new("Container limits", "컨테이너 한도"),
        &[PanelLine::of(&PERCENT, 0)],
    )];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(GroupFiles::below("/sys/fs/cgroup".as_ref())))
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        into.set_labelled(&PERCENT, "memory.max", self.0.memory());
        into.set_labelled(&PERCENT, "cpu.max", self.0.cpu(std::time::Instant::now));
        into.set_labelled(&PERCENT, "pids.max", self.0.pids());
    }
}
