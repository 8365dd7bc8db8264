//! A site inside the binary: one file serves.

use std::{borrow::Cow, collections::HashMap, io::Read, sync::OnceLock};

use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use flate2::read::GzDecoder;

use super::NAME;
use crate::web::{
    accept_encoding::{self, Coding},
    etag,
};

/// A file, as the binary carries it.
pub struct CarriedFile {
    /// Its path below the site's folder. `.br` and `.gz` are the compressed copies of the file without that ending.
    pub path: Cow<'static, str>,
    /// Its contents.
    pub bytes: Cow<'static, [u8]>,
    /// The digest of its contents.
    pub digest: [u8; 32],
}

/// The files of a site.
#[derive(Debug)]
pub struct CarriedSite {
    files: HashMap<String, Forms>,
    folder: String,
}

/// A file in the forms that it is sent in. It is carried as it is, or packed with gzip; Brotli may come besides.
#[derive(Debug, Default)]
struct Forms {
    plain: Option<Form>,
    brotli: Option<Form>,
    gzip: Option<Form>,
    /// The file unpacked, once someone has asked who takes no packed form.
    unpacked: OnceLock<Option<Bytes>>,
}

#[derive(Debug)]
struct Form {
    bytes: Bytes,
    etag: String,
    media_type: HeaderValue,
}

impl CarriedSite {
    /// Takes these files for the site. Returns nothing where they are none, or where the page's own are not among them.
    #[must_use]
    pub fn new(carried: impl IntoIterator<Item = CarriedFile>) -> Option<Self> {
        let mut files = HashMap::<String, Forms>::new();
        for file in carried {
            let (path, coding) = match file.path.rsplit_once('.') {
                Some((path, coding @ ("br" | "gz"))) => (path, coding),
                _ => (&*file.path, ""),
            };
            let media_type = mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream");
            let forms = files.entry(path.to_owned()).or_default();
            let form = match coding {
                "br" => &mut forms.brotli,
                "gz" => &mut forms.gzip,
                _ => &mut forms.plain,
            };
            *form = Some(Form {
                etag: etag_of(&file.digest),
                media_type: HeaderValue::from_static(media_type),
                bytes: match file.bytes {
                    Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                    Cow::Owned(bytes) => bytes.into(),
                },
            });
        }
        files.retain(|_, forms| forms.plain.is_some() || forms.gzip.is_some());
        let page = format!("/{NAME}.wasm");
        let folder = files.keys().find_map(|path| path.strip_suffix(&page))?.to_owned();
        Some(Self { files, folder })
    }

    /// The folder of the page's files.
    pub(super) fn folder(&self) -> String {
        self.folder.clone()
    }

    /// Answers a request for a file (RFC 9110 §9.3.1, §9.3.2); returns nothing where there is none of that path, or where the
    /// method asks for something else.
    pub(crate) fn answer(&self, method: &Method, path: &str, asked: &HeaderMap) -> Option<Response> {
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        let forms = self.files.get(path.strip_prefix('/')?)?;
        let (form, coding) = match (&forms.brotli, &forms.gzip) {
            (Some(brotli), _) if accept_encoding::takes(asked, Coding::Brotli) => (brotli, Some("br")),
            (_, Some(gzip)) if accept_encoding::takes(asked, Coding::Gzip) => (gzip, Some("gzip")),
            (_, gzip) => (forms.plain.as_ref().or(gzip.as_ref())?, None),
        };
        let etag = if coding.is_none() && forms.plain.is_none() {
            unpacked_etag(&form.etag)
        } else {
            form.etag.clone()
        };
        let mut head = HeaderMap::new();
        head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        head.extend(HeaderValue::from_str(&etag).ok().map(|etag| (header::ETAG, etag)));
        if etag::is_current(asked, &etag) {
            return Some((StatusCode::NOT_MODIFIED, head).into_response());
        }
        head.insert(header::CONTENT_TYPE, form.media_type.clone());
        head.extend(coding.map(|coding| (header::CONTENT_ENCODING, HeaderValue::from_static(coding))));
        let bytes = if coding.is_none() { forms.whole()? } else { form.bytes.clone() };
        Some((head, bytes).into_response())
    }
}

impl Forms {
    /// The file as it is.
    fn whole(&self) -> Option<Bytes> {
        if let Some(plain) = &self.plain {
            return Some(plain.bytes.clone());
        }
        let unpack = || {
            let mut whole = Vec::new();
            let packed = self.gzip.as_ref()?;
            GzDecoder::new(&packed.bytes[..]).read_to_end(&mut whole).ok()?;
            Some(Bytes::from(whole))
        };
        self.unpacked.get_or_init(unpack).clone()
    }
}

/// The tag of a file that is unpacked from this form.
fn unpacked_etag(packed: &str) -> String {
    format!("{}-unpacked\"", packed.trim_end_matches('"'))
}

/// A strong entity tag (RFC 9110 §8.8.3): each form of a file has a digest of its own.
fn etag_of(digest: &[u8; 32]) -> String {
    let digits: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use axum::http::HeaderName;
    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn file(path: &'static str, bytes: &'static [u8], number: u8) -> CarriedFile {
        CarriedFile { path: path.into(), bytes: bytes.into(), digest: [number; 32] }
    }

    fn site() -> CarriedSite {
        let files = [
            file("pkg/1f/pulseboard.wasm", b"wasm", 1),
            file("pkg/1f/pulseboard.css", b"plain", 2),
            file("pkg/1f/pulseboard.css.br", b"br", 3),
            file("pkg/1f/pulseboard.css.gz", b"gz", 4),
        ];
        CarriedSite::new(files).expect("a site")
    }

    fn asked(lines: &[(HeaderName, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn the_folder_is_where_the_page_lies_and_without_a_page_there_is_no_site() {
        assert_eq!(site().folder(), "pkg/1f");
        assert!(CarriedSite::new([]).is_none());
        assert!(CarriedSite::new([file("favicon.css", b"", 1)]).is_none());
    }

    #[test]
    fn each_client_gets_the_smallest_form_that_it_takes() {
        let site = site();
        let form = |accepted: &'static str| {
            let lines = asked(&[(header::ACCEPT_ENCODING, accepted)]);
            let answer = site.answer(&Method::GET, "/pkg/1f/pulseboard.css", &lines).expect("a file");
            assert_eq!(answer.headers()[header::VARY], "accept-encoding");
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/css");
            let coding = answer
                .headers()
                .get(header::CONTENT_ENCODING)
                .map(|coding| coding.to_str().expect("text").to_owned());
            (coding, answer.headers()[header::ETAG].to_str().expect("text").to_owned())
        };
        assert_eq!(form("gzip, deflate, br"), (Some("br".to_owned()), etag_of(&[3; 32])));
        assert_eq!(form("gzip;q=0.5, br;q=0"), (Some("gzip".to_owned()), etag_of(&[4; 32])));
        assert_eq!(form("identity"), (None, etag_of(&[2; 32])));
    }

    #[test]
    fn who_takes_no_packed_form_gets_the_file_unpacked() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(b"the whole file").expect("written");
        let packed: &'static [u8] = packed.finish().expect("packed").leak();
        let site = CarriedSite::new([
            file("pkg/1f/pulseboard.wasm", b"wasm", 1),
            file("pkg/1f/a.css.gz", packed, 2),
            file("pkg/1f/b.css.br", b"alone, it could not be sent to everyone", 3),
        ]);
        let site = site.expect("a site");
        let answer = site.answer(&Method::GET, "/pkg/1f/a.css", &HeaderMap::new()).expect("a file");
        assert!(!answer.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(answer.headers()[header::ETAG], unpacked_etag(&etag_of(&[2; 32])));
        assert_eq!(site.files["pkg/1f/a.css"].whole().expect("unpacked"), &b"the whole file"[..]);
        assert!(site.answer(&Method::GET, "/pkg/1f/b.css", &HeaderMap::new()).is_none());
    }

    #[test]
    fn who_has_a_form_is_told_so_and_gets_it_no_second_time() {
        let site = site();
        let tag: &'static str = etag_of(&[3; 32]).leak();
        let ask = |lines: &[(HeaderName, &'static str)]| {
            site.answer(&Method::GET, "/pkg/1f/pulseboard.css", &asked(lines)).expect("a file").status()
        };
        let brotli = (header::ACCEPT_ENCODING, "br");
        assert_eq!(ask(&[brotli.clone(), (header::IF_NONE_MATCH, tag)]), StatusCode::NOT_MODIFIED);
        assert_eq!(ask(&[(header::IF_NONE_MATCH, tag)]), StatusCode::OK, "that is another form's");
        assert_eq!(ask(&[brotli]), StatusCode::OK);
    }

    #[test]
    fn other_paths_and_methods_are_none_of_its_business() {
        let site = site();
        let ask = |method: &Method, path: &str| site.answer(method, path, &HeaderMap::new()).is_some();
        assert!(ask(&Method::HEAD, "/pkg/1f/pulseboard.wasm"));
        assert!(!ask(&Method::POST, "/pkg/1f/pulseboard.wasm"));
        for path in [
            "/",
            "",
            "pkg/1f/pulseboard.wasm",
            "//pkg/1f/pulseboard.wasm",
            "/pkg/1f/pulseboard.css.br",
            "/pkg/../pkg/1f/pulseboard.wasm",
        ] {
            assert!(!ask(&Method::GET, path), "{path}");
        }
    }
}
