//! Negotiation of extensions: permessage-deflate (RFC 7692 §7) without context takeover, or none.

use axum::http::{HeaderMap, header::SEC_WEBSOCKET_EXTENSIONS};
use common::frame::ErrorCode;

use super::{
    deflate::Window,
    extensions::{self, Extension},
};
use crate::gate::ApiRejection;

const NAME: &str = "permessage-deflate";

/// The window of the first offer that can be honoured; `None` where there is none, and messages go uncompressed.
///
/// # Errors
/// 400 where the header is not a list of extensions: RFC 6455 §9.1 wants such a connection failed. An offer that can be
/// read and makes no sense is declined, as RFC 7692 §7 has it.
pub(super) fn agree(headers: &HeaderMap) -> Result<Option<Window>, ApiRejection> {
    let mut window = None;
    for value in headers.get_all(SEC_WEBSOCKET_EXTENSIONS) {
        let offers = value.to_str().ok().and_then(extensions::read).ok_or_else(|| {
            let message =
                "Sec-WebSocket-Extensions is a list like: permessage-deflate; client_max_window_bits";
            ApiRejection::new(ErrorCode::BadRequest, message)
        })?;
        window = window.or_else(|| offers.iter().find_map(honour));
    }
    Ok(window)
}

/// The header's value that accepts an offer. Neither side carries its window from one message to the next: so one
/// compressed publication serves everyone, and a silent connection holds no compressor.
#[must_use]
pub(super) fn answer(window: Window) -> String {
    let answer = format!("{NAME}; server_no_context_takeover; client_no_context_takeover");
    match window {
        Window::Wide => answer,
        Window::Narrow => format!("{answer}; server_max_window_bits={}", window.bits()),
    }
}

/// RFC 7692 §7.1: every parameter known, at most once, with a value that it may have. What a client asks of the server it
/// gets; what it says of itself (`client_*`) asks for nothing, since any window that it uses is within ours.
fn honour(offer: &Extension) -> Option<Window> {
    if offer.name != NAME {
        return None;
    }
    let mut window = Window::Wide;
    for (nth, (name, value)) in offer.params.iter().enumerate() {
        let twice = offer.params[..nth].iter().any(|(earlier, _)| earlier == name);
        match (name.as_str(), value.as_deref()) {
            _ if twice => return None,
            (
                "server_no_context_takeover" | "client_no_context_takeover" | "client_max_window_bits",
                None,
            ) => {}
            ("client_max_window_bits", Some(value)) => {
                window_bits(value)?;
            }
            ("server_max_window_bits", Some(value)) => window = Window::within(window_bits(value)?)?,
            _ => return None,
        }
    }
    Some(window)
}

/// 8 to 15, without leading zeros.
fn window_bits(value: &str) -> Option<u8> {
    match value.as_bytes() {
        [digit @ b'8'..=b'9'] => Some(digit - b'0'),
        [b'1', digit @ b'0'..=b'5'] => Some(10 + digit - b'0'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header::SEC_WEBSOCKET_EXTENSIONS};

    use super::{Window, agree, answer};

    fn agreed(lines: &[&str]) -> Result<Option<Window>, ()> {
        let mut headers = HeaderMap::new();
        for line in lines {
            let line = HeaderValue::from_bytes(line.as_bytes()).expect("a header");
            headers.append(SEC_WEBSOCKET_EXTENSIONS, line);
        }
        agree(&headers).map_err(|_| ())
    }

    #[test]
    fn the_first_offer_that_can_be_honoured_is_taken() {
        for (lines, expected) in [
            (&[][..], None),
            (&[""], None),
            (&["permessage-deflate"], Some(Window::Wide)),
            (&["permessage-deflate; client_max_window_bits"], Some(Window::Wide)),
            (&["permessage-deflate; client_max_window_bits=8"], Some(Window::Wide)),
            (
                &["permessage-deflate; server_no_context_takeover; client_no_context_takeover"],
                Some(Window::Wide),
            ),
            (&["permessage-deflate; server_max_window_bits=15"], Some(Window::Wide)),
            (&["permessage-deflate; server_max_window_bits=\"9\""], Some(Window::Narrow)),
            (&["permessage-deflate; server_max_window_bits=14"], Some(Window::Narrow)),
            (&["x-webkit-deflate-frame", "permessage-deflate"], Some(Window::Wide)),
            (&["permessage-bzip2; permessage-deflate", "mux; q=1"], None),
            // An offer that the server cannot honour is declined, and the next one tried.
            (&["permessage-deflate; server_max_window_bits=8"], None),
            (
                &[
                    "permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=12",
                ],
                Some(Window::Narrow),
            ),
            (&["permessage-deflate; server_max_window_bits=8", "permessage-deflate"], Some(Window::Wide)),
        ] {
            assert_eq!(agreed(lines), Ok(expected), "{lines:?}");
        }
    }

    #[test]
    fn an_offer_that_breaks_its_rules_is_declined() {
        for params in [
            "server_max_window_bits",
            "server_max_window_bits=7",
            "server_max_window_bits=16",
            "server_max_window_bits=09",
            "server_max_window_bits=1x",
            "client_max_window_bits=7",
            "client_max_window_bits=015",
            "client_max_window_bits; client_max_window_bits=10",
            "server_no_context_takeover=1",
            "client_no_context_takeover=true",
            "server_no_context_takeover; server_no_context_takeover",
            "level=9",
            "SERVER_NO_CONTEXT_TAKEOVER",
        ] {
            assert_eq!(agreed(&[&format!("permessage-deflate; {params}")]), Ok(None), "{params}");
        }
    }

    #[test]
    fn what_is_not_a_list_is_refused_even_beside_a_good_offer() {
        for lines in
            [&["permessage-deflate;"][..], &["permessage-deflate", "a=b"], &["permessage-deflate, ü"]]
        {
            assert_eq!(agreed(lines), Err(()), "{lines:?}");
        }
    }

    #[test]
    fn the_answer_names_a_window_only_where_one_was_asked_for() {
        let plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        assert_eq!(answer(Window::Wide), plain);
        assert_eq!(answer(Window::Narrow), format!("{plain}; server_max_window_bits=9"));
    }
}
