//! The texts of dashboards.

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct DashboardWords {
    /// Says what the list is for.
    pub(in crate::door) hint: &'static str,
    /// Link to Explore, where cards are made.
    pub(in crate::door) to_explore: &'static str,
    /// There is none.
    pub(in crate::door) none: &'static str,
    /// Heading and button.
    pub(in crate::door) new: &'static str,
    /// Field.
    pub(in crate::door) name: &'static str,
    /// Button.
    pub(in crate::door) create: &'static str,
    /// Heading and button.
    pub(in crate::door) import: &'static str,
    /// Explains the import.
    pub(in crate::door) import_hint: &'static str,
    /// Field.
    pub(in crate::door) file: &'static str,
    /// Field.
    pub(in crate::door) json: &'static str,
    /// Field.
    pub(in crate::door) other_name: &'static str,
    /// Explains the field.
    pub(in crate::door) other_name_hint: &'static str,
    /// Fact: when it was changed last.
    pub(in crate::door) changed: &'static str,
    /// Fact: whoever changed it last.
    pub(in crate::door) changed_by: &'static str,
    /// Link that saves a file.
    pub(in crate::door) export: &'static str,
    /// Button that removes a dashboard or a card.
    pub(in crate::door) remove: &'static str,
    /// Says what is lost with a dashboard.
    pub(in crate::door) remove_hint: &'static str,
    /// Says what is lost with a card.
    pub(in crate::door) remove_card_hint: &'static str,
    /// A dashboard was removed.
    pub(in crate::door) removed: &'static str,
    /// Heading: dashboards one after the other on a screen of their own.
    pub(in crate::door) wall: &'static str,
    /// Explains it.
    pub(in crate::door) wall_hint: &'static str,
    /// Names the choice of dashboards.
    pub(in crate::door) wall_of: &'static str,
    /// Field.
    pub(in crate::door) wall_seconds: &'static str,
    /// Button.
    pub(in crate::door) wall_show: &'static str,
    /// A wall without dashboards.
    pub(in crate::door) wall_none: &'static str,
    /// Link that ends it.
    pub(in crate::door) wall_exit: &'static str,
    /// Link: the dashboard fills the screen.
    pub(in crate::door) full: &'static str,
    /// Link that begins to change a dashboard.
    pub(in crate::door) edit: &'static str,
    /// Link that ends it.
    pub(in crate::door) edited: &'static str,
    /// Link to the list.
    pub(in crate::door) all: &'static str,
    /// Link: every card shows the time that it was saved with.
    pub(in crate::door) as_saved: &'static str,
    /// A dashboard without cards.
    pub(in crate::door) empty: &'static str,
    /// Some series are left out.
    pub(in crate::door) hidden: fn(usize) -> String,
    /// The values of a card could not be read.
    pub(in crate::door) failed: &'static str,
    /// A card whose series are of several metrics and that has no title.
    pub(in crate::door) untitled: &'static str,
    /// Link of a card to Explore.
    pub(in crate::door) explore: &'static str,
    /// Heading of a row, by its number.
    pub(in crate::door) row: fn(usize) -> String,
    /// Button that gives another name.
    pub(in crate::door) rename: &'static str,
    /// Field: the title of a card.
    pub(in crate::door) title: &'static str,
    /// Explains the field.
    pub(in crate::door) title_hint: &'static str,
    /// Button that moves a card towards the first.
    pub(in crate::door) earlier: &'static str,
    /// Button that moves a card towards the last.
    pub(in crate::door) later: &'static str,
    /// Explains the two buttons.
    pub(in crate::door) order_hint: &'static str,
    /// Heading of the form in Explore.
    pub(in crate::door) save: &'static str,
    /// Explains the form.
    pub(in crate::door) save_hint: &'static str,
    /// Field.
    pub(in crate::door) board: &'static str,
    /// Choice of the field.
    pub(in crate::door) new_board: &'static str,
    /// Field.
    pub(in crate::door) new_name: &'static str,
    /// Explains the field.
    pub(in crate::door) new_name_hint: &'static str,
    /// Button.
    pub(in crate::door) save_button: &'static str,
}

document_words!(DashboardWords, EN, KO);

const EN: DashboardWords = DashboardWords {
    hint: "Views that the team shares: cards in rows, each a view of Explore that ends now.",
    to_explore: "Make a card in Explore",
    none: "There is no dashboard yet.",
    new: "New dashboard",
    name: "Name",
    create: "Create",
    import: "Import",
    import_hint: "Takes what Export has saved, of this server or of another one: as a file, or pasted.",
    file: "File",
    json: "JSON",
    other_name: "Another name",
    other_name_hint: "Where the name in the file is taken.",
    changed: "Changed",
    changed_by: "By",
    export: "Export",
    remove: "Remove",
    remove_hint: "The dashboard is lost for everyone. What was measured stays.",
    remove_card_hint: "The card is lost for everyone. What was measured stays.",
    removed: "Removed.",
    wall: "On a wall",
    wall_hint: "Shows one dashboard after the other on the whole page, with nothing else around them. Without a choice, all of them.",
    wall_of: "Dashboards",
    wall_seconds: "Seconds for each",
    wall_show: "Show",
    wall_none: "There is no dashboard to show. As soon as there is one, it is shown here.",
    wall_exit: "Exit",
    full: "Full screen",
    edit: "Edit",
    edited: "Done",
    all: "All dashboards",
    as_saved: "As saved",
    empty: "This dashboard has no cards yet. Choose series in Explore, and save them to it.",
    hidden: |count| match count {
        1 => "1 series is not shown: it is not there, or not for you.".into(),
        count => [&count.to_string(), " series are not shown: they are not there, or not for you."].concat(),
    },
    failed: "The numbers of this card cannot be read now. The server's log says why.",
    untitled: "Several metrics",
    explore: "Explore",
    row: |number| ["Row ", &number.to_string()].concat(),
    rename: "Rename",
    title: "Title",
    title_hint: "Left empty, the metrics name the card.",
    earlier: "Move earlier",
    later: "Move later",
    order_hint: "A card without a title is named by its metrics. One that is moved beyond the end of its row goes into the next one, or into a row of its own.",
    save: "Save to a dashboard",
    save_hint: "The card shows these series up to now. A time that has ended is saved as the nearest length.",
    board: "Dashboard",
    new_board: "A new one",
    new_name: "Name of a new one",
    new_name_hint: "Only for a new one.",
    save_button: "Save",
};

const KO: DashboardWords = DashboardWords {
    hint: "팀이 함께 보는 화면입니다. 여러 줄의 카드로 이루어지며, 카드마다 지금까지의 탐색 화면 하나를 보여 줍니다.",
    to_explore: "탐색에서 카드 만들기",
    none: "아직 대시보드가 없습니다.",
    new: "새 대시보드",
    name: "이름",
    create: "만들기",
    import: "가져오기",
    import_hint: "이 서버나 다른 서버에서 내보낸 내용을 파일로 선택하거나 붙여 넣으세요.",
    file: "파일",
    json: "JSON 내용",
    other_name: "다른 이름",
    other_name_hint: "파일에 있는 이름이 이미 사용 중일 때 입력하세요.",
    changed: "변경",
    changed_by: "변경한 사람",
    export: "내보내기",
    remove: "삭제",
    remove_hint: "모든 사람에게서 대시보드가 사라집니다. 측정된 값은 남습니다.",
    remove_card_hint: "모든 사람에게서 카드가 사라집니다. 측정된 값은 남습니다.",
    removed: "삭제했습니다.",
    wall: "벽면 화면",
    wall_hint: "다른 요소 없이 페이지 전체에 대시보드를 차례로 보여 줍니다. 선택하지 않으면 모두 보여 줍니다.",
    wall_of: "보여 줄 대시보드",
    wall_seconds: "하나당 시간(초)",
    wall_show: "보기",
    wall_none: "보여 줄 대시보드가 없습니다. 생기는 대로 여기에 표시됩니다.",
    wall_exit: "나가기",
    full: "전체 화면",
    edit: "편집",
    edited: "완료",
    all: "모든 대시보드",
    as_saved: "저장된 대로",
    empty: "이 대시보드에는 아직 카드가 없습니다. 탐색에서 시계열을 골라 저장하세요.",
    hidden: |count| ["시계열 ", &count.to_string(), "개는 없거나 볼 권한이 없어 표시하지 않습니다."].concat(),
    failed: "지금은 이 카드의 값을 읽을 수 없습니다. 이유는 서버 로그에 있습니다.",
    untitled: "여러 지표",
    explore: "탐색에서 보기",
    row: |number| [&number.to_string(), "번째 줄"].concat(),
    rename: "이름 바꾸기",
    title: "제목",
    title_hint: "비워 두면 지표 이름이 제목이 됩니다.",
    earlier: "앞으로 옮기기",
    later: "뒤로 옮기기",
    order_hint: "제목이 없는 카드는 지표 이름으로 표시합니다. 카드가 줄의 끝을 넘어가면 이웃한 줄로, 자리가 없으면 새 줄로 옮겨집니다.",
    save: "대시보드에 저장",
    save_hint: "카드는 이 시계열을 지금까지의 기간으로 보여 줍니다. 이미 끝난 기간은 가장 가까운 길이로 저장됩니다.",
    board: "대시보드",
    new_board: "새로 만들기",
    new_name: "새 대시보드 이름",
    new_name_hint: "새로 만들 때만 입력하세요.",
    save_button: "저장",
};
