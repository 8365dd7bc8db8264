//! Rows that stay where they are while someone points at them.

use common::sample::{Process, Processes};

/// A row, and whether its program is no longer among those that are told.
pub(super) type HeldRow = (Process, bool);

/// The rows of `kept`, in their order, with the numbers of now. What is not told any more keeps its last numbers and says so; what is
/// new waits.
pub(super) fn hold(kept: &[Process], now: &Processes) -> Vec<HeldRow> {
    let told = || now.by_cpu.iter().chain(&now.by_memory);
    let row = |old: &Process| match told().find(|new| new.pid == old.pid && new.name == old.name) {
        Some(new) => (new.clone(), false),
        None => (old.clone(), true),
    };
    kept.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(pid: u32, cpu: f64) -> Process {
        Process { pid, name: pid.to_string(), cpu, ..Process::default() }
    }

    #[test]
    fn rows_keep_their_place_take_the_new_numbers_and_say_when_they_are_gone() {
        let kept = [process(1, 90.0), process(2, 50.0), process(3, 10.0)];
        let by_cpu = vec![process(4, 99.0), process(2, 80.0)];
        let by_memory = vec![process(1, 5.0)];
        let now = Processes { by_cpu, by_memory, ..Processes::default() };
        let rows: Vec<_> =
            hold(&kept, &now).into_iter().map(|(row, gone)| (row.pid, row.cpu, gone)).collect();
        assert_eq!(rows, [(1, 5.0, false), (2, 80.0, false), (3, 10.0, true)]);
    }

    #[test]
    fn a_number_that_was_given_again_is_another_program() {
        let now = Processes {
            by_cpu: vec![Process { name: "other".into(), ..process(1, 7.0) }],
            ..Processes::default()
        };
        assert_eq!(hold(&[process(1, 90.0)], &now), [(process(1, 90.0), true)]);
    }
}
