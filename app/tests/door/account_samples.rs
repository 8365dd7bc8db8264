//! The page of one's own account, in each of its states.

use app::door::{
    AccountDone, AccountPage, AccountProblem, AccountSection, DeviceRow, DoorContext, DoorUser, FormProblem,
    NewPasskeyStep, NewToken, PasskeyChallenge, PasskeyRow, Reauthentication, SecondFactorState, SessionRow,
    TokenDraft, TokenRow, account,
};
use common::role::Role;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/18.6 Mobile/15E148 Safari/604.1";
const MOMENT: u64 = 1_795_938_227_000;
const HOUR: u64 = 3_600_000;

pub(crate) fn question(name: &str) -> PasskeyChallenge {
    PasskeyChallenge {
        options: format!(r#"{{"challenge":"AAEC","name":{name:?}}}"#),
        challenge: "00.1.ff".into(),
    }
}

pub(crate) fn account_page(name: &str) -> AccountPage {
    let session = |id, ago, address: &str, agent: &str, is_this| SessionRow {
        id,
        created: MOMENT - ago * 30 * HOUR,
        last_seen: MOMENT - ago * HOUR,
        address: address.to_owned(),
        agent: agent.to_owned(),
        is_this,
    };
    let token = |id, name: &str, scopes: &[&str], expires: Option<u64>| TokenRow {
        id,
        name: name.to_owned(),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        created: MOMENT - 900 * HOUR,
        last_used: expires.map(|_| MOMENT - HOUR),
        expires,
        is_expired: expires.is_some_and(|expires| expires < MOMENT),
    };
    let passkey = |id, name: &str, last_used| PasskeyRow {
        id,
        name: name.to_owned(),
        domain: "board.example".into(),
        created: MOMENT - 900 * HOUR,
        last_used,
    };
    let device = |id, agent: &str, delivered: Option<u64>, failure: &str| DeviceRow {
        id,
        agent: agent.to_owned(),
        service: "https://board.example".into(),
        endpoint_digest: format!("{id:064x}"),
        created: MOMENT - 900 * HOUR,
        delivered,
        failure: failure.to_owned(),
    };
    AccountPage {
        user: DoorUser { name: name.to_owned(), role: Role::Admin },
        sessions: vec![
            session(11, 0, "192.0.2.17", FIREFOX, true),
            session(12, 5, "2001:db8:85a3::8a2e:370:7334", PHONE, false),
            session(13, 50, "198.51.100.4", name, false),
        ],
        passkeys: vec![passkey(31, "-7", Some(MOMENT - HOUR)), passkey(32, name, None)],
        passkey_step: NewPasskeyStep::Name,
        devices: vec![
            device(41, PHONE, Some(MOMENT - HOUR), ""),
            device(42, FIREFOX, None, "the push service answers 503"),
            device(43, name, None, ""),
            device(44, "", None, ""),
        ],
        push_key: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            .into(),
        tokens: vec![
            token(21, "ci-deploy", &["publish:custom/*", "read:custom/*"], Some(MOMENT + 900 * HOUR)),
            token(22, name, &["read:*", "connections"], None),
            token(23, "old-agent", &["agent"], Some(MOMENT - 9 * HOUR)),
        ],
        new_token: None,
        token_draft: TokenDraft::default(),
        has_password: true,
        reauthentication: Reauthentication::Password,
        second_factor: SecondFactorState::Off,
        problem: None,
        done: None,
    }
}

pub(crate) fn accounts(context: &DoorContext, name: &str) -> Vec<(&'static str, String)> {
    let page = || account_page(name);
    let problem = |section, problem| Some(AccountProblem { section, problem });
    let starting = SecondFactorState::Starting {
        secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into(),
        set_up: "00ff.1.sig".into(),
        uri: "otpauth://totp/Pulseboard:min?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Pulseboard".into(),
        qr_svg: Some(picture()),
    };
    let codes = ["f4kd-9x2m-c7qa", "w8zt-3hn5-p6rj", "b2vy-7sd4-k9em", "t5gc-6wf8-x3hp"].map(str::to_owned);
    let on = |new_codes: &[String]| SecondFactorState::On { codes_left: 4, new_codes: new_codes.to_vec() };
    let token = NewToken { name: name.to_owned(), secret: "pbt_3mX9Qe7RkUuZ2dYw5oLcVtJ8hNsB4gAf".into() };
    vec![
        ("account", account(context, page())),
        (
            "account-password-wrong",
            account(
                context,
                AccountPage {
                    problem: problem(AccountSection::Password, FormProblem::WrongPassword),
                    ..page()
                },
            ),
        ),
        (
            "account-password-done",
            account(context, AccountPage { done: Some(AccountDone::PasswordChanged { ended: 2 }), ..page() }),
        ),
        (
            "account-at-provider",
            account(
                context,
                AccountPage { has_password: false, reauthentication: Reauthentication::SignIn, ..page() },
            ),
        ),
        ("account-factor-start", account(context, AccountPage { second_factor: starting.clone(), ..page() })),
        (
            "account-factor-wrong",
            account(
                context,
                AccountPage {
                    second_factor: starting,
                    problem: problem(AccountSection::SecondFactor, FormProblem::WrongCode),
                    ..page()
                },
            ),
        ),
        (
            "account-factor-codes",
            account(
                context,
                AccountPage { second_factor: on(&codes), done: Some(AccountDone::SecondFactorOn), ..page() },
            ),
        ),
        (
            "account-factor-off-wrong",
            account(
                context,
                AccountPage {
                    second_factor: on(&[]),
                    problem: problem(AccountSection::SecondFactor, FormProblem::WrongPassword),
                    ..page()
                },
            ),
        ),
        (
            "account-passkey-make",
            account(
                context,
                AccountPage {
                    passkey_step: NewPasskeyStep::Make { name: name.to_owned(), challenge: question(name) },
                    ..page()
                },
            ),
        ),
        (
            "account-passkey-elsewhere",
            account(context, AccountPage { passkey_step: NewPasskeyStep::Elsewhere, ..page() }),
        ),
        (
            "account-passkey-wrong",
            account(
                context,
                AccountPage {
                    problem: problem(AccountSection::Passkeys, FormProblem::PasskeyNameInvalid),
                    ..page()
                },
            ),
        ),
        (
            "account-devices-none",
            account(
                context,
                AccountPage { devices: Vec::new(), done: Some(AccountDone::DeviceRemoved), ..page() },
            ),
        ),
        (
            "account-token-new",
            account(
                context,
                AccountPage { new_token: Some(token), done: Some(AccountDone::TokenCreated), ..page() },
            ),
        ),
        (
            "account-token-wrong",
            account(
                context,
                AccountPage {
                    tokens: Vec::new(),
                    problem: problem(AccountSection::Tokens, FormProblem::BadScope(name.to_owned())),
                    ..page()
                },
            ),
        ),
    ]
}

/// A picture in the form of a QR code; no camera reads it.
fn picture() -> String {
    let dark = (0..29_u32).flat_map(|y| (0..29_u32).map(move |x| (x, y))).filter(|(x, y)| {
        let corner = |at: u32| !(7..=21).contains(&at);
        let ring = |at: u32| if at > 21 { at - 22 } else { at };
        if corner(*x) && corner(*y) && !(*x > 21 && *y > 21) {
            let (x, y) = (ring(*x), ring(*y));
            x == 0 || y == 0 || x == 6 || y == 6 || ((2..5).contains(&x) && (2..5).contains(&y))
        } else {
            (x * x * 7 + y * y * 13 + x * y * 5 + x) % 11 < 5
        }
    });
    let path: String = dark.map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 29 29\"><path fill=\"currentColor\" d=\"{path}\"/></svg>"
    )
}
