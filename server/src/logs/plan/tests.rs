use proptest::prelude::*;

use super::*;

fn runs(times: &[u64]) -> Runs {
    let mut runs = Runs::default();
    times.iter().for_each(|at| runs.add(*at));
    runs
}

/// All lines of sources in their one order: the time, the source, and the number in the source.
fn merged(sources: &[Vec<u64>]) -> Vec<(u64, usize, usize)> {
    let mut all = Vec::new();
    for (source, times) in sources.iter().enumerate() {
        let mut sorted = times.clone();
        sorted.sort_unstable();
        all.extend(sorted.iter().enumerate().map(|(number, at)| (*at, source, number)));
    }
    all.sort_unstable();
    all
}

/// The lines that shares stand for, read as a source does.
fn read(sources: &[Vec<u64>], shares: &[Share], until: u64) -> Vec<(u64, usize, usize)> {
    let mut all = Vec::new();
    for (source, (times, share)) in sources.iter().zip(shares).enumerate() {
        let mut sorted = times.clone();
        sorted.sort_unstable();
        let lines = sorted.iter().enumerate().filter(|(_, at)| (share.start.at..=until).contains(at));
        let (mut skip, mut keep) = (share.start.skip, share.keep);
        let lines = lines.filter(|(_, at)| {
            if **at == share.start.at && skip > 0 {
                skip -= 1;
                return false;
            }
            match &mut keep {
                Some((time, left)) if **at == *time => {
                    let is_kept = *left > 0;
                    *left = left.saturating_sub(1);
                    is_kept
                }
                _ => true,
            }
        });
        let most = share.lines.unwrap_or(u64::MAX);
        all.extend(
            lines.map(|(number, at)| (*at, source, number)).take(usize::try_from(most).unwrap_or(usize::MAX)),
        );
    }
    all.sort_unstable();
    all
}

#[test]
fn late_lines_stand_where_their_time_is() {
    assert_eq!(runs(&[5, 7, 6, 7, 5]), runs(&[5, 5, 6, 7, 7]));
    let mut older = Runs::default();
    [7, 6, 7, 5, 8].iter().for_each(|at| older.add_older(*at));
    assert_eq!(older, runs(&[5, 6, 7, 7, 8]));
}

#[test]
fn who_wants_few_keeps_few_and_whole_times() {
    let mut runs = Runs::default();
    for at in 0..100_000 {
        runs.add(at);
        runs.keep(10);
    }
    assert!(runs.lines() >= 10 && runs.lines() <= SPARE as u64 + 1, "{}", runs.lines());
    runs.add(5);
    assert_eq!(runs.runs[0].at, 100_000 - runs.lines(), "an old line does not come back alone");
    runs.forget_through(99_998);
    assert_eq!((runs.lines(), runs.runs[0].at), (1, 99_999));
}

proptest! {
    #[test]
    fn pages_backwards_have_every_line_once(
        sources in proptest::collection::vec(proptest::collection::vec(1_u64..6, 0..12), 1..4),
        page in 1_u64..5,
    ) {
        let all = merged(&sources);
        let found: Vec<Runs> = sources.iter().map(|times| runs(times)).collect();
        let mut told: Vec<(u64, usize, usize)> = Vec::new();
        let mut until: Option<LogMark> = None;
        loop {
            let shares = newest(&within(&found, until), None, until, page);
            let lines = read(&sources, &shares, until.map_or(u64::MAX, |mark| mark.at));
            if lines.is_empty() {
                break;
            }
            prop_assert!(lines.len() as u64 <= page);
            told.splice(0..0, lines);
            let at = told[0].0;
            let seen = told.iter().take_while(|line| line.0 == at).count();
            until = Some(LogMark { at, seen: u32::try_from(seen).unwrap() });
        }
        prop_assert_eq!(told, all);
    }

    #[test]
    fn whoever_goes_on_from_any_line_gets_all_others(
        sources in proptest::collection::vec(proptest::collection::vec(1_u64..6, 0..12), 1..4),
        border in 0_usize..36,
    ) {
        let all = merged(&sources);
        let border = border.min(all.len());
        let found: Vec<Runs> = sources.iter().map(|times| runs(times)).collect();
        let seen = |has: &[(u64, usize, usize)], at: u64| LogMark {
            at, seen: u32::try_from(has.iter().filter(|line| line.0 == at).count()).unwrap(),
        };
        if let Some(last) = all[..border].last() {
            let since = seen(&all[..border], last.0);
            let mut later = found.clone();
            later.iter_mut().for_each(|runs| runs.forget_through(last.0 - 1));
            let shares = newest(&later, Some(since), None, u64::MAX);
            let from: Vec<_> = read(&sources, &shares, u64::MAX);
            prop_assert_eq!(&from[..], &all[border..]);
        }
        if let Some(first) = all[border..].first() {
            let until = seen(&all[border..], first.0);
            let shares = up_to(&within(&found, Some(until)), None, until);
            prop_assert_eq!(&read(&sources, &shares, until.at)[..], &all[..border]);
        }
    }
}

fn within(found: &[Runs], until: Option<LogMark>) -> Vec<Runs> {
    let until = until.map_or(u64::MAX, |mark| mark.at);
    let cut = |runs: &Runs| {
        let times = runs.runs.iter().filter(|run| run.at <= until);
        let times: Vec<u64> =
            times.flat_map(|run| std::iter::repeat_n(run.at, usize::try_from(run.lines).unwrap())).collect();
        self::runs(&times)
    };
    found.iter().map(cut).collect()
}
