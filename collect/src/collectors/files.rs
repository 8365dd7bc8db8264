//! Measures the open files of the whole machine.

use common::{
    Percent,
    metric::{LocalizedText, Metric, Unit},
    panel::{Panel, PanelLine, PanelView},
};

use super::{BackgroundReports, Collector, Readings, small_file::SmallFile};

/// Open files in percent of the kernel's limit, from which on no program can open one.
const PERCENT: Metric = Metric::gauge(
    "files.percent",
    Unit::Percent,
    LocalizedText::new("Open files, of the limit", "열린 파일, 한도 대비"),
)
.judged(80.0, 90.0);
const OPEN: Metric = Metric::gauge("files.open", Unit::Count, LocalizedText::new("Open files", "열린 파일"));

/// Files, sockets and pipes that programs hold open, from `/proc/sys/fs/file-nr` (Documentation/admin-guide/sysctl/fs.rst). In a
/// container, too, these are the machine's. Many systems set no limit but the largest number: of that the share is 0.
pub(super) struct OpenFiles(SmallFile);

impl Collector for OpenFiles {
    const METRICS: &'static [Metric] = &[PERCENT, OPEN];
    const PANELS: &'static [Panel] = &[Panel {
        hint: LocalizedText::new(
            "Share of the kernel's limit, and the number of open files",
            "커널 한도 대비 비율과 열린 파일 수",
        ),
        ..Panel::new(
            PanelView::Fact,
            "open-files",
            36,
            OPEN.name,
            &[PanelLine::of(&PERCENT, 0), PanelLine::of(&OPEN, 0)],
        )
    }];

    fn new(_: &BackgroundReports) -> Result<Self, sysinfo::Error> {
        Ok(Self(SmallFile::new("/proc/sys/fs/file-nr")))
    }

    fn collect(&mut self, into: &mut Readings) {
        if !into.in_full() {
            return;
        }
        if let Some((open, limit)) = self.0.read().and_then(parse) {
            into.set(&OPEN, open as f64);
            into.set(&PERCENT, Percent::of(open as f64, limit as f64).map(Percent::get));
        }
    }
}

/// The files in use and the limit. The second number, of those that are allocated and not in use, is 0 since Linux 2.6.
fn parse(text: &str) -> Option<(u64, u64)> {
    let mut numbers = text.split_ascii_whitespace().map(str::parse::<u64>);
    let mut next = || numbers.next()?.ok();
    let (allocated, free, limit) = (next()?, next()?, next()?);
    Some((allocated.saturating_sub(free), limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collectors::Detail;

    fn values(text: &str) -> [Option<f64>; 2] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file-nr");
        std::fs::write(&path, text).expect("written");
        let mut readings = Readings::new(1, Detail::Full);
        OpenFiles(SmallFile::new(path)).collect(&mut readings);
        let sample = readings.into_sample();
        [OPEN.id, PERCENT.id].map(|id| sample.value(id))
    }

    #[test]
    fn recorded_files_are_read() {
        assert_eq!(values("262\t0\t2466177\n"), [Some(262.0), Some(0.01)]);
        let no_limit = values("9312\t0\t9223372036854775807\n");
        assert_eq!(no_limit, [Some(9312.0), Some(0.0)]);
        assert_eq!(values("950 50 1000"), [Some(900.0), Some(90.0)]);
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        for text in ["", "262", "262\t0", "a b c", "-1 0 5", "1 0 99999999999999999999"] {
            assert_eq!(values(text), [None, None], "{text:?}");
        }
        assert_eq!(values("5 0 0"), [Some(5.0), None], "no limit to take a share of");
        assert_eq!(values("5 9 10"), [Some(0.0), Some(0.0)], "two numbers of two moments");
    }
}
