//! The texts of one's own account, in Korean.

use super::text::AccountWords;
use crate::door::done::AccountDone;

pub(super) const KO: AccountWords = AccountWords {
    done: |done| match done {
        AccountDone::PasswordChanged { ended } => {
            ["비밀번호를 변경했습니다. ", &ended_sessions(ended)].concat()
        }
        AccountDone::SessionEnded => "세션을 종료했습니다.".into(),
        AccountDone::OtherSessionsEnded { ended } => ended_sessions(ended),
        AccountDone::SecondFactorOn => "2단계 인증을 켰습니다.".into(),
        AccountDone::SecondFactorOff => {
            "2단계 인증을 껐습니다. 이제 비밀번호만으로 로그인할 수 있습니다.".into()
        }
        AccountDone::PasskeyAdded => "패스키를 추가했습니다. 이제 이 패스키로 로그인할 수 있습니다.".into(),
        AccountDone::PasskeyRemoved => "패스키를 제거했습니다.".into(),
        AccountDone::DeviceAdded => "기기를 추가했습니다. 이제 이 기기에 알림이 표시됩니다.".into(),
        AccountDone::DeviceRemoved => "기기를 제거했습니다.".into(),
        AccountDone::DeviceTested => {
            "테스트를 보냈습니다. 기기가 켜져 있는데도 표시되지 않으면 기기의 알림 설정을 확인해 주세요."
                .into()
        }
        AccountDone::TokenCreated => "토큰을 만들었습니다. 지금 복사해 주세요.".into(),
        AccountDone::TokenRevoked => "토큰을 폐기했습니다.".into(),
        AccountDone::PreferencesKept => "언어와 테마를 저장했습니다.".into(),
    },

    // Password.
    password: "비밀번호",
    password_ends: "변경하면 다른 모든 곳에서 로그아웃됩니다. API 토큰은 계속 사용할 수 있습니다.",
    at_provider: "외부 제공자로 로그인하는 계정입니다. 비밀번호와 2단계 인증은 그곳에서 관리됩니다.",
    current_password: "현재 비밀번호",
    new_password: "새 비밀번호",
    new_password_again: "새 비밀번호 확인",
    change_password: "비밀번호 변경",

    // Second factor.
    second_factor: "2단계 인증",
    factor_off: "꺼짐. 2단계 인증을 켜면 로그인할 때 휴대전화 앱의 코드도 필요하므로, 비밀번호가 유출되어도 로그인할 수 없습니다.",
    factor_start: "2단계 인증 설정",
    factor_scan: "인증 앱으로 그림을 스캔한 다음, 앱에 표시된 코드를 입력해 주세요.",
    qr: "아래 키가 담긴 QR 코드",
    secret: "키",
    secret_hint: "스캔할 수 없는 앱에는 직접 입력하거나 복사해 주세요.",
    open_app: "이 기기의 앱에서 열기",
    first_code: "앱에 표시된 코드",
    first_code_hint: "6자리 숫자입니다. 코드가 확인되면 2단계 인증이 켜집니다.",
    factor_confirm: "켜기",
    factor_cancel: "설정 취소",
    factor_on: "켜짐. 로그인할 때 인증 앱의 코드가 필요합니다.",
    codes_left: |left| match left {
        0 => "남은 복구 코드가 없습니다. 2단계 인증을 껐다가 다시 켜면 새 코드를 받을 수 있습니다.".into(),
        left => ["복구 코드가 ", &left.to_string(), "개 남았습니다."].concat(),
    },
    new_codes: "복구 코드를 저장해 주세요",
    new_codes_hint: "휴대전화를 잃어버렸을 때 코드마다 한 번씩 로그인할 수 있습니다. 다시 표시되지 않으니 안전한 곳에 보관해 주세요.",
    factor_off_ask: "끄기…",
    factor_off_loss: "비밀번호만으로 로그인할 수 있게 되며, 복구 코드는 더 이상 사용할 수 없습니다.",
    factor_off_button: "2단계 인증 끄기",

    // Passkeys.
    passkeys: "패스키",
    passkeys_hint: "패스키를 사용하면 기기의 지문, 얼굴 또는 PIN으로 로그인하며, 비밀번호와 코드를 묻지 않습니다.",
    no_passkeys: "패스키가 없습니다.",
    passkeys_elsewhere: "여기서는 추가할 수 없습니다. 패스키는 도메인에 속하는데, 이 페이지는 IP 주소로 열렸습니다.",
    passkey_domain: "사이트",
    add_passkey: "패스키 추가",
    passkey_name: "이름",
    passkey_name_hint: "보관할 기기를 적어 주세요. 예: 내 휴대전화",
    passkey_password: "패스키로 로그인할 수 있게 되므로, 방금 로그인한 경우가 아니면 비밀번호를 확인합니다.",
    passkey_sign_in: "패스키로 로그인할 수 있게 됩니다. 로그인한 지 10분이 지났으니 먼저 다시 로그인해 주세요.",
    passkey_start: "계속",
    passkey_starting: "이제 브라우저가 패스키를 보관할 곳과 지문, 얼굴 또는 PIN을 묻습니다.",
    passkey_needs: "이 브라우저에서는 만들 수 없습니다. 패스키에는 JavaScript와 HTTPS 주소가 필요합니다.",
    passkey_make: "패스키 만들기",
    passkey_failed: "브라우저가 패스키를 만들지 못했습니다. 취소되었거나, 시간이 초과되었거나, 이 기기에 이미 계정의 패스키가 있습니다. 다시 시도해 주세요.",
    remove_passkey_ask: "제거…",
    remove_passkey_loss: "더 이상 이 패스키로 로그인할 수 없습니다. 이 페이지에서 지울 수 없으니 기기에서도 삭제해 주세요.",
    remove_passkey: "패스키 제거",
    remove_passkey_ask_of: |name| ["제거… ", name].concat(),
    remove_passkey_of: |name| ["패스키 제거 ", name].concat(),

    // Sessions.
    sessions: "세션",
    sessions_hint: "이 계정으로 로그인한 브라우저입니다. 모르는 세션이 있으면 종료한 다음 비밀번호를 변경해 주세요.",
    this_session: "이 브라우저",
    address: "주소",
    last_seen: "최근 접속",
    begun: "로그인",
    end_session: "종료",
    end_session_of: |program, address| ["세션 종료: ", program, ", ", address].concat(),
    end_others_ask: "다른 모든 곳에서 로그아웃…",
    end_others_loss: |others| {
        [
            "다른 세션 ",
            &others.to_string(),
            "개가 바로 종료되고, 열려 있는 페이지는 더 이상 갱신되지 않습니다.",
        ]
        .concat()
    },
    end_others: "다른 모든 곳에서 로그아웃",

    // Tokens.
    tokens: "API 토큰",
    tokens_hint: "프로그램에서 사용합니다. 토큰은 아래 허용된 작업만, 그리고 계정의 역할이 허용하는 범위에서만 할 수 있습니다.",
    no_tokens: "API 토큰이 없습니다.",
    new_token: |name| ["새 토큰: ", name].concat(),
    token_secret: "토큰",
    shown_once: "다시 표시되지 않으니 지금 복사해 주세요.",
    expired: "만료됨",
    scopes: "권한 범위",
    last_used: "최근 사용",
    expires: "만료",
    created: "생성",
    revoke: "폐기…",
    revoke_of: |name| ["폐기… ", name].concat(),
    revoke_loss: "이 토큰을 사용하는 프로그램의 요청은 바로 거부됩니다. 되돌릴 수 없습니다.",
    revoke_token: "토큰 폐기",
    revoke_token_of: |name| ["토큰 폐기 ", name].concat(),
    create_token: "토큰 만들기",
    token_name: "이름",
    token_name_hint: "용도를 적어 주세요. 예: 백업 스크립트",
    token_may: "허용할 작업",
    topics_hint: "토픽: 모두는 *, 일부는 custom/*와 같이 적고 공백으로 구분합니다. 비워 두면 허용하지 않습니다.",
    may_read: "토픽 읽기",
    may_publish: "토픽에 게시",
    may_send: "토픽에 메시지 보내기",
    may_connections: "연결 조회, 추적, 종료",
    may_notify: "알림을 보내고 누가 읽었는지 보기",
    may_agent: "호스트의 측정값 보고",
    expires_after: "유효 기간",
    create_token_button: "토큰 만들기",
    token_password: "토큰은 로그아웃한 뒤에도 계속 작동하므로, 방금 로그인한 경우가 아니면 비밀번호를 확인합니다.",
    token_sign_in: "토큰은 로그아웃한 뒤에도 계속 작동합니다. 로그인한 지 10분이 지났으니 먼저 다시 로그인해 주세요.",
    token_sign_in_link: "다시 로그인",

    // Preferences.
    preferences: "언어와 테마",
    preferences_hint: "이 브라우저에 저장됩니다.",
    theme: "테마",
    save: "저장",
};

fn ended_sessions(ended: usize) -> String {
    match ended {
        0 => "종료할 다른 세션이 없었습니다.".into(),
        ended => ["다른 세션 ", &ended.to_string(), "개를 종료했습니다."].concat(),
    }
}
