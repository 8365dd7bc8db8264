//! The texts of notices on devices.

use crate::i18n::document_words;

/// Every one of them in one language.
#[derive(Debug)]
pub(in crate::door) struct DeviceWords {
    /// Heading.
    pub(in crate::door) title: &'static str,
    /// Says what they are, and what signing out leaves.
    pub(in crate::door) hint: &'static str,
    /// There are none.
    pub(in crate::door) none: &'static str,
    /// Button.
    pub(in crate::door) turn_on: &'static str,
    /// Says that scripts are needed.
    pub(in crate::door) needs_script: &'static str,
    /// Says that the address is not secure.
    pub(in crate::door) insecure: &'static str,
    /// Says that the browser cannot.
    pub(in crate::door) unsupported: &'static str,
    /// Says that the browser was told not to.
    pub(in crate::door) denied: &'static str,
    /// Says that the browser did not.
    pub(in crate::door) failed: &'static str,
    /// State.
    pub(in crate::door) is_on: &'static str,
    /// Marks the browser of the request.
    pub(in crate::door) this: &'static str,
    /// The name of a browser that tells none.
    pub(in crate::door) unnamed: &'static str,
    /// Fact.
    pub(in crate::door) service: &'static str,
    /// Fact.
    pub(in crate::door) delivered: &'static str,
    /// Fact.
    pub(in crate::door) created: &'static str,
    /// Fact.
    pub(in crate::door) failure: &'static str,
    /// Fact, where nothing was handed on.
    pub(in crate::door) never: &'static str,
    /// Button.
    pub(in crate::door) test: &'static str,
    /// Button's name, from the browser's.
    pub(in crate::door) test_of: fn(&str) -> String,
    /// The title of the message that tries a device out.
    pub(in crate::door) test_title: &'static str,
    /// Opens the question.
    pub(in crate::door) remove_ask: &'static str,
    /// Its name, from the browser's.
    pub(in crate::door) remove_ask_of: fn(&str) -> String,
    /// Says what is lost.
    pub(in crate::door) remove_loss: &'static str,
    /// Button.
    pub(in crate::door) remove: &'static str,
    /// Button's name, from the browser's.
    pub(in crate::door) remove_of: fn(&str) -> String,
}

document_words!(DeviceWords, EN, KO);

const EN: DeviceWords = DeviceWords {
    title: "Notices on your devices",
    hint: "A browser on this list shows your notices while no page is open, also after you sign out there. Remove it to stop that.",
    none: "No browser shows your notices yet.",
    turn_on: "Show notices on this device",
    needs_script: "To add this browser, allow JavaScript for this site.",
    insecure: "This browser cannot be added here: it shows notices only for sites with an HTTPS address.",
    unsupported: "This browser cannot show notices while no page is open. On an iPhone or iPad, add this site to the home screen first.",
    denied: "This browser does not allow notifications from this site. Allow them in its settings, then load this page again.",
    failed: "The browser could not reach its push service, or has none. Check its connection, then try again.",
    is_on: "This browser shows your notices.",
    this: "this browser",
    unnamed: "A browser",
    service: "Push service",
    delivered: "Last notice",
    created: "Added",
    failure: "Problem",
    never: "none yet",
    test: "Send a test",
    test_of: |name| ["Send a test to ", name].concat(),
    test_title: "This is a test from Pulseboard",
    remove_ask: "Remove…",
    remove_ask_of: |name| ["Remove… ", name].concat(),
    remove_loss: "It shows no more notices, and what waits for it is not shown there.",
    remove: "Remove device",
    remove_of: |name| ["Remove device ", name].concat(),
};

const KO: DeviceWords = DeviceWords {
    title: "기기의 알림",
    hint: "이 목록의 브라우저는 페이지가 열려 있지 않아도, 그곳에서 로그아웃한 뒤에도 알림을 표시합니다. 원하지 않으면 제거해 주세요.",
    none: "알림을 표시하는 브라우저가 없습니다.",
    turn_on: "이 기기에서 알림 표시",
    needs_script: "이 브라우저를 추가하려면 이 사이트의 JavaScript를 허용해 주세요.",
    insecure: "여기서는 이 브라우저를 추가할 수 없습니다. HTTPS 주소의 사이트에서만 알림을 표시할 수 있습니다.",
    unsupported: "이 브라우저는 페이지가 열려 있지 않을 때 알림을 표시할 수 없습니다. iPhone이나 iPad에서는 먼저 이 사이트를 홈 화면에 추가해 주세요.",
    denied: "이 브라우저에서 이 사이트의 알림이 허용되지 않았습니다. 브라우저 설정에서 허용한 다음 페이지를 새로 고쳐 주세요.",
    failed: "브라우저가 푸시 서비스에 연결하지 못했거나 푸시 서비스가 없습니다. 연결을 확인한 다음 다시 시도해 주세요.",
    is_on: "이 브라우저는 알림을 표시합니다.",
    this: "이 브라우저",
    unnamed: "브라우저",
    service: "푸시 서비스",
    delivered: "최근 알림",
    created: "추가",
    failure: "문제",
    never: "아직 없음",
    test: "테스트 보내기",
    test_of: |name| ["테스트 보내기: ", name].concat(),
    test_title: "Pulseboard의 테스트 알림입니다",
    remove_ask: "제거…",
    remove_ask_of: |name| ["제거… ", name].concat(),
    remove_loss: "더 이상 알림을 표시하지 않으며, 대기 중인 알림도 그곳에 표시되지 않습니다.",
    remove: "기기 제거",
    remove_of: |name| ["기기 제거 ", name].concat(),
};
