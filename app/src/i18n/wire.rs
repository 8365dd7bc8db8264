//! The texts of the connection: what its state means, which transport carries the page and why, and what became of it. They stand
//! apart from the others, so that only the pieces that tell of it bring them.

use common::frame::ByeReason;

use super::words;

/// Every text of the connection in one language.
#[derive(Debug)]
pub struct WireWords {
    /// The page chooses the transport.
    pub automatic: &'static str,
    /// The badge's hint where a pinned transport does not get through.
    pub barred: &'static str,
    /// Why a transport does not carry the page: its name, how often it was tried in a row (0: it had been well), what happened.
    pub blocked: fn(&str, u32, &str) -> String,
    /// Names the transport in use; follows the sentence before.
    pub using: fn(&str) -> String,
    /// Another tab has the line; follows its transport's name.
    pub shared: &'static str,
    /// Reports the transport's failure.
    pub silent: &'static str,
    /// Reports the transport's failure.
    pub cut: &'static str,
    /// Reports a close: its code.
    pub closed: fn(u16) -> String,
    /// Reports a transport that failed the last time on this network.
    pub before: &'static str,
    /// Explains why the server ended the connection, with the setting that decides it.
    pub turned_away: fn(ByeReason) -> &'static str,
    /// Another transport is used: from, to.
    pub fell_back: fn(&str, &str) -> String,
    /// From which transport to which better one.
    pub went_up: fn(&str, &str) -> String,
    /// A palette entry.
    pub use_transport: fn(&str) -> String,
    /// Explains the state.
    pub idle_hint: &'static str,
    /// Explains the state.
    pub connecting_hint: &'static str,
    /// Explains the state.
    pub live_hint: &'static str,
    /// Explains the state.
    pub delayed_hint: &'static str,
    /// Explains the state.
    pub stale_hint: &'static str,
    /// Introduces the server's own words about what it cannot do.
    pub server_says: fn(&str) -> String,
    /// Explains the state.
    pub reconnecting_hint: &'static str,
    /// Explains the state.
    pub offline_hint: &'static str,
    /// Explains the state.
    pub stopped_hint: &'static str,
    /// Why entries were lost.
    pub evicted: &'static str,
    /// Why entries were lost.
    pub restarted: &'static str,
    /// Why entries were lost.
    pub foreign: &'static str,
    /// The line is back, from a duration.
    pub resumed: fn(&str) -> String,
    /// Entries were lost: duration, reason, topics.
    pub gap: fn(&str, &str, &str) -> String,
    /// An attempt is under way.
    pub trying: &'static str,
    /// When the next attempt starts, from a duration.
    pub next_try: fn(&str) -> String,
    /// Says that there are no notifications.
    pub no_notices: &'static str,
    /// Button of a toast.
    pub dismiss: &'static str,
    /// A choice is not kept: this browser stores nothing for the site.
    pub not_kept: &'static str,
    /// A value is no longer critical: its name, and how long it was.
    pub recovered: fn(&str, &str) -> String,
    /// Why.
    pub reason: &'static str,
    /// Button.
    pub retry_now: &'static str,
    /// Button.
    pub clear: &'static str,
    /// Which attempt to reconnect.
    pub attempt: fn(u32) -> String,
    /// The server said no, with its sentence.
    pub refused: fn(&str) -> String,
    /// Name of a card's button.
    pub connect_one: fn(&str) -> String,
    /// Name of a card's button.
    pub disconnect_one: fn(&str) -> String,
}

words!(WireWords, EN, KO);

const EN: WireWords = WireWords {
    automatic: "Automatic",
    barred: "The transport that you chose does not get through. Choose Automatic, or another one.",
    blocked: |name, tries, fault| match tries {
        0 => [name, ": ", fault, "."].concat(),
        1 => [name, " blocked: ", fault, "."].concat(),
        _ => [name, " blocked after ", &tries.to_string(), " tries: ", fault, "."].concat(),
    },
    using: |name| [" Using ", name, "."].concat(),
    shared: ", in another tab",
    silent: "no word from the server in time",
    cut: "refused on the way",
    closed: |code| ["closed with code ", &code.to_string()].concat(),
    before: "it did not get through on this network before",
    turned_away: |reason| match reason {
        ByeReason::TooManyConnections => {
            "The server has too many connections. See limits.connections_per_address and limits.connections in its settings."
        }
        ByeReason::LogFull => "The server keeps as many topics as it may.",
        ByeReason::Shutdown => "The server is stopping or restarting.",
        ByeReason::Ended => "Someone ended this connection in the Lab. It comes back by itself.",
        // The page asks what it may still see, and is led to the sign-in page.
        ByeReason::Renew | ByeReason::SignedOut => "The connection is being renewed.",
    },
    fell_back: |from, to| [from, " did not get through. The page uses ", to, "."].concat(),
    went_up: |from, to| [to, " gets through again. The page uses it instead of ", from, "."].concat(),
    use_transport: |x| ["Use ", x].concat(),
    idle_hint: "The connection has not been opened yet.",
    connecting_hint: "Opening the connection.",
    live_hint: "Up to date.",
    delayed_hint: "The next numbers are late.",
    stale_hint: "Nothing has arrived for a while. Showing the last known values.",
    server_says: |why| ["The server says: ", why].concat(),
    reconnecting_hint: "The connection was lost. Showing the last known values.",
    offline_hint: "The server cannot be reached. Check your network, or whether the server runs. Showing the last known values.",
    stopped_hint: "You stopped the live updates. Connect to go on.",
    evicted: "the server keeps only the most recent entries",
    restarted: "the server has restarted",
    foreign: "the page had been talking to another server",
    resumed: |d| ["Reconnected after ", d, ". Nothing is missing."].concat(),
    gap: |d, why, topics| {
        ["Reconnected after ", d, ". Some entries are missing: ", why, " (", topics, ")."].concat()
    },
    trying: "Trying now",
    next_try: |d| ["next try in ", d].concat(),
    no_notices: "No events yet.",
    dismiss: "Dismiss",
    not_kept: "This browser stores nothing for this site, so the choice holds only until you leave the page.",
    recovered: |x, d| [x, " is no longer critical. It was for ", d, "."].concat(),
    reason: "Reason",
    retry_now: "Retry now",
    clear: "Clear",
    attempt: |n| ["Attempt ", &n.to_string()].concat(),
    refused: |m| ["The server refused a request: ", m].concat(),
    connect_one: |x| ["Connect ", x].concat(),
    disconnect_one: |x| ["Disconnect ", x].concat(),
};

const KO: WireWords = WireWords {
    automatic: "자동",
    barred: "선택한 전송 방식으로 연결되지 않습니다. 자동이나 다른 방식을 선택해 주세요.",
    blocked: |name, tries, fault| match tries {
        0 => [name, ": ", fault, "."].concat(),
        1 => [name, " 연결 막힘: ", fault, "."].concat(),
        _ => [name, " 연결 막힘(", &tries.to_string(), "회 시도): ", fault, "."].concat(),
    },
    using: |name| [" ", name, " 방식을 사용합니다."].concat(),
    shared: ", 다른 탭에서 연결",
    silent: "제때 서버의 응답이 오지 않음",
    cut: "도중에 거부됨",
    closed: |code| ["코드 ", &code.to_string(), "(으)로 닫힘"].concat(),
    before: "이 네트워크에서 전에 연결되지 않음",
    turned_away: |reason| match reason {
        ByeReason::TooManyConnections => {
            "서버에 연결이 너무 많습니다. 서버 설정의 limits.connections_per_address와 limits.connections를 확인해 주세요."
        }
        ByeReason::LogFull => "서버가 보관할 수 있는 토픽이 가득 찼습니다.",
        ByeReason::Shutdown => "서버가 종료 또는 재시작하는 중입니다.",
        ByeReason::Ended => "누군가 실험실에서 이 연결을 종료했습니다. 자동으로 다시 연결됩니다.",
        // The page asks what it may still see, and is led to the sign-in page.
        ByeReason::Renew | ByeReason::SignedOut => "연결을 새로 여는 중입니다.",
    },
    fell_back: |from, to| [from, " 방식으로 연결하지 못해 ", to, " 방식을 사용합니다."].concat(),
    went_up: |from, to| [to, " 방식이 다시 연결되어 ", from, " 방식 대신 사용합니다."].concat(),
    use_transport: |x| [x, " 사용"].concat(),
    idle_hint: "아직 연결하지 않았습니다.",
    connecting_hint: "연결하고 있습니다.",
    live_hint: "최신 값입니다.",
    delayed_hint: "다음 값이 늦어지고 있습니다.",
    stale_hint: "한동안 새 값이 없습니다. 마지막으로 받은 값을 표시합니다.",
    server_says: |why| ["서버가 알린 이유: ", why].concat(),
    reconnecting_hint: "연결이 끊겼습니다. 마지막으로 받은 값을 표시합니다.",
    offline_hint: "서버에 연결할 수 없습니다. 네트워크와 서버 상태를 확인해 주세요. 마지막으로 받은 값을 표시합니다.",
    stopped_hint: "실시간 업데이트를 멈췄습니다. 계속하려면 연결해 주세요.",
    evicted: "서버가 최근 항목만 보관합니다",
    restarted: "서버가 다시 시작되었습니다",
    foreign: "다른 서버에 연결되어 있었습니다",
    resumed: |d| [d, " 만에 다시 연결되었습니다. 빠진 값은 없습니다."].concat(),
    gap: |d, why, topics| {
        [d, " 만에 다시 연결되었습니다. 일부 값이 빠졌습니다: ", why, " (", topics, ")."].concat()
    },
    trying: "시도 중",
    next_try: |d| [d, " 후 다시 시도"].concat(),
    no_notices: "아직 알림이 없습니다.",
    dismiss: "닫기",
    not_kept: "이 브라우저가 사이트 데이터를 저장하지 않아, 선택은 페이지를 떠날 때까지만 유지됩니다.",
    recovered: |x, d| [x, " 위험 상태가 ", d, " 만에 끝났습니다."].concat(),
    reason: "사유",
    retry_now: "지금 다시 시도",
    clear: "지우기",
    attempt: |n| [&n.to_string(), "회째 시도"].concat(),
    refused: |m| ["서버가 요청을 거부했습니다: ", m].concat(),
    connect_one: |x| [x, " 연결"].concat(),
    disconnect_one: |x| [x, " 연결 해제"].concat(),
};
