//! The texts of the chat. Most stand apart from the page's others, so that only the chat's piece brings them.

use crate::i18n::words;

/// Every other text of the chat in one language.
#[derive(Debug)]
pub struct ChatWords {
    /// The rooms, for screen readers.
    pub rooms: &'static str,
    /// Button that asks for a room's name.
    pub other_room: &'static str,
    /// Field.
    pub room_name: &'static str,
    /// Explains the rule for a room's name.
    pub room_hint: &'static str,
    /// Button.
    pub enter: &'static str,
    /// Field.
    pub your_name: &'static str,
    /// Explains the use of the name.
    pub name_hint: &'static str,
    /// Button.
    pub join: &'static str,
    /// Button.
    pub cancel: &'static str,
    /// The list, for screen readers.
    pub messages: &'static str,
    /// Nothing has been said.
    pub empty: &'static str,
    /// The line at the first unread message.
    pub new: &'static str,
    /// Messages of a stretch of time are gone.
    pub gap: &'static str,
    /// Button.
    pub to_newest: &'static str,
    /// The day of a message.
    pub today: &'static str,
    /// The day of a message.
    pub yesterday: &'static str,
    /// Field, for screen readers.
    pub message: &'static str,
    /// Button.
    pub send: &'static str,
    /// Explains the keys of the field.
    pub keys: &'static str,
    /// State of a message.
    pub sending: &'static str,
    /// Button of a message that was refused.
    pub discard: &'static str,
    /// Link: the way to the server is at fault.
    pub doctor: &'static str,
    /// Without a connection.
    pub offline: &'static str,
    /// More than two people type.
    pub many_typing: &'static str,
    /// A text is too long by so many characters.
    pub too_many: fn(usize) -> String,
    /// In the field, from the room's name.
    pub say_in: fn(&str) -> String,
    /// A message was refused, with what that means.
    pub failed: fn(&str) -> String,
    /// The page itself does not take a message: so many wait already.
    pub too_many_unsent: fn(u64) -> String,
    /// One person types.
    pub one_types: fn(&str) -> String,
    /// Two people type.
    pub two_type: fn(&str, &str) -> String,
    /// The number of people in the room.
    pub people: fn(usize) -> String,
    /// Name of the button that changes the reader's name.
    pub named: fn(&str) -> String,
    /// For screen readers: how many messages have come, and from whom the last one is.
    pub heard: fn(usize, &str) -> String,
    /// A palette entry, from a room's name.
    pub go_to: fn(&str) -> String,
}

words!(ChatWords, EN, KO);

const EN: ChatWords = ChatWords {
    rooms: "Rooms",
    other_room: "Go to another room",
    room_name: "Room name",
    room_hint: "Small letters a to z, digits, dots, hyphens and underscores. New names create a room.",
    enter: "Open",
    your_name: "Your name",
    name_hint: "Shown next to your messages; stored in this browser.",
    join: "Join",
    cancel: "Cancel",
    messages: "Messages",
    empty: "Nobody has written anything here yet. The first message can be yours.",
    new: "New",
    gap: "Some messages are missing here: the server no longer keeps them.",
    to_newest: "Jump to latest",
    today: "Today",
    yesterday: "Yesterday",
    message: "Message",
    send: "Send",
    keys: "Enter sends, Shift+Enter starts a new line",
    sending: "Sending",
    discard: "Discard",
    doctor: "Open the Doctor",
    offline: "No connection. Messages wait here and are sent when it is back.",
    many_typing: "Several people are typing",
    too_many: |n| match n {
        1 => "1 character too many".into(),
        n => [&n.to_string(), " characters too many"].concat(),
    },
    say_in: |room| ["Write to #", room].concat(),
    failed: |why| ["Not sent. The server refused it: ", why].concat(),
    too_many_unsent: |n| ["Not sent. ", &n.to_string(), " messages are already waiting to be sent."].concat(),
    one_types: |name| [name, " is typing"].concat(),
    two_type: |one, other| [one, " and ", other, " are typing"].concat(),
    people: |n| if n == 1 { "1 person here".into() } else { [&n.to_string(), " people here"].concat() },
    named: |name| ["Your name: ", name, ". Change it"].concat(),
    heard: |n, name| match n {
        1 => ["New message from ", name].concat(),
        n => [&n.to_string(), " new messages, the last from ", name].concat(),
    },
    go_to: |room| ["Chat: #", room].concat(),
};

const KO: ChatWords = ChatWords {
    rooms: "채팅방",
    other_room: "다른 방으로 가기",
    room_name: "방 이름",
    room_hint: "영문 소문자, 숫자, 점, 하이픈, 밑줄을 쓸 수 있습니다. 없는 방은 새로 만들어집니다.",
    enter: "들어가기",
    your_name: "내 이름",
    name_hint: "내가 쓴 글 옆에 보이며, 이 브라우저에 저장됩니다.",
    join: "참여",
    cancel: "취소",
    messages: "메시지",
    empty: "아직 아무도 글을 쓰지 않았습니다. 첫 메시지를 남겨 보세요.",
    new: "새 메시지",
    gap: "여기 있던 메시지 일부가 서버에 더 이상 남아 있지 않습니다.",
    to_newest: "최신 메시지로",
    today: "오늘",
    yesterday: "어제",
    message: "메시지",
    send: "보내기",
    keys: "Enter로 보내기, Shift+Enter로 줄 바꿈",
    sending: "보내는 중",
    discard: "버리기",
    doctor: "진단 열기",
    offline: "연결이 끊겼습니다. 메시지는 여기서 기다렸다가 연결되면 전송됩니다.",
    many_typing: "여러 사람이 입력하고 있습니다",
    too_many: |n| [&n.to_string(), "자 초과"].concat(),
    say_in: |room| ["#", room, "에 메시지 쓰기"].concat(),
    failed: |why| ["보내지 못함: ", why].concat(),
    too_many_unsent: |n| {
        ["보내지 못함: 메시지 ", &n.to_string(), "개가 이미 전송을 기다리고 있습니다."].concat()
    },
    one_types: |name| [name, "님이 입력하고 있습니다"].concat(),
    two_type: |one, other| [one, "님과 ", other, "님이 입력하고 있습니다"].concat(),
    people: |n| [&n.to_string(), "명이 있습니다"].concat(),
    named: |name| ["내 이름: ", name, ". 바꾸기"].concat(),
    heard: |n, name| match n {
        1 => [name, "님의 새 메시지"].concat(),
        n => ["새 메시지 ", &n.to_string(), "개, 마지막은 ", name, "님"].concat(),
    },
    go_to: |room| ["채팅: #", room].concat(),
};
