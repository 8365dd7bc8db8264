//! A sentence for each reason for which a dashboard is not kept.

use crate::{door::dashboards::DashboardFault, i18n::Language};

impl DashboardFault {
    /// Returns the sentence that says it to people.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::En => en(self),
            Language::Ko => ko(self),
        }
    }
}

fn en(fault: &DashboardFault) -> String {
    match fault {
        DashboardFault::NoImport => "Choose a file, or paste its text.".to_owned(),
        DashboardFault::BadImport { reason } => ["This is no export of a dashboard: ", reason, "."].concat(),
        DashboardFault::LongImport { most } => {
            ["The file is too long: a form of at most ", &most.to_string(), " KiB is taken."].concat()
        }
        DashboardFault::View(problem) => problem.sentence(Language::En),
        DashboardFault::NoCard => "There is no such card.".to_owned(),
        DashboardFault::BadAct => "A card is moved, renamed or removed.".to_owned(),
        DashboardFault::Cards { count, most } => bound("The dashboard has ", *count, " cards", *most),
        DashboardFault::RowCards { count, most } => bound("A row has ", *count, " cards", *most),
        DashboardFault::LongTitle { count, most } => {
            bound("A card's title has ", *count, " characters", *most)
        }
        DashboardFault::BadTitle => "A card's title has a control character.".to_owned(),
        DashboardFault::Series { count, most } => bound("A card has ", *count, " series", *most),
        DashboardFault::SeriesTwice => "A card has a series twice.".to_owned(),
        DashboardFault::Aggregate => "A card's aggregate is min, average, max or last.".to_owned(),
    }
}

fn bound(what: &str, count: usize, of: &str, most: usize) -> String {
    [what, &count.to_string(), of, ", and at most ", &most.to_string(), " are kept."].concat()
}

fn ko(fault: &DashboardFault) -> String {
    match fault {
        DashboardFault::NoImport => "파일을 선택하거나 내용을 붙여 넣어 주세요.".to_owned(),
        DashboardFault::BadImport { reason } => {
            ["대시보드를 내보낸 내용이 아닙니다. 서버가 알린 이유: ", reason].concat()
        }
        DashboardFault::LongImport { most } => {
            ["파일이 너무 큽니다. 양식은 ", &most.to_string(), "KiB까지 보낼 수 있습니다."].concat()
        }
        DashboardFault::View(problem) => problem.sentence(Language::Ko),
        DashboardFault::NoCard => "그런 카드가 없습니다.".to_owned(),
        DashboardFault::BadAct => "카드는 옮기거나, 이름을 바꾸거나, 삭제할 수만 있습니다.".to_owned(),
        DashboardFault::Cards { count, most } => limit("대시보드의 카드", *count, *most, "개"),
        DashboardFault::RowCards { count, most } => limit("한 줄의 카드", *count, *most, "개"),
        DashboardFault::LongTitle { count, most } => limit("카드 제목", *count, *most, "자"),
        DashboardFault::BadTitle => "카드 제목에 제어 문자를 쓸 수 없습니다.".to_owned(),
        DashboardFault::Series { count, most } => limit("한 카드의 시계열", *count, *most, "개"),
        DashboardFault::SeriesTwice => "한 카드에 같은 시계열이 두 번 있습니다.".to_owned(),
        DashboardFault::Aggregate => "카드의 집계는 min, average, max, last 중 하나입니다.".to_owned(),
    }
}

/// Counters differ, so each figure has its own behind it.
fn limit(what: &str, count: usize, most: usize, counter: &str) -> String {
    let (count, most) = (count.to_string(), most.to_string());
    [what, ": ", &count, counter, ". 최대 ", &most, counter, "까지 저장할 수 있습니다."].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::explore_problem::ExploreProblem;

    #[test]
    fn each_reader_is_told_in_their_language() {
        for fault in [
            DashboardFault::NoImport,
            DashboardFault::LongImport { most: 128 },
            DashboardFault::View(ExploreProblem::NoneAsked),
            DashboardFault::NoCard,
            DashboardFault::BadAct,
            DashboardFault::Cards { count: 25, most: 24 },
            DashboardFault::RowCards { count: 5, most: 4 },
            DashboardFault::LongTitle { count: 121, most: 120 },
            DashboardFault::BadTitle,
            DashboardFault::Series { count: 21, most: 20 },
            DashboardFault::SeriesTwice,
            DashboardFault::Aggregate,
        ] {
            let [en, ko] = [Language::En, Language::Ko].map(|language| fault.sentence(language));
            assert!(en.is_ascii() && en.ends_with('.'), "{en}");
            assert!(ko.contains(|one: char| ('가'..='힣').contains(&one)) && ko.ends_with('.'), "{ko}");
        }
    }
}
