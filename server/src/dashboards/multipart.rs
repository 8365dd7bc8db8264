//! Forms with a file (`multipart/form-data`, RFC 7578), read from a body that is bounded already.

/// The fields of a form by their names, each with its bytes; none where the body is no such form.
pub(super) fn fields<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<(String, &'a [u8])>> {
    let boundary = boundary(content_type)?;
    let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
    // The first delimiter has no line end before it (RFC 2046 §5.1.1).
    let mut rest = body.strip_prefix(&delimiter[2..])?;
    let mut fields = Vec::new();
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, &delimiter)?;
        let (part, after) = (&rest[..end], &rest[end + delimiter.len()..]);
        let head = find(part, b"\r\n\r\n")?;
        let name = name(std::str::from_utf8(&part[..head]).ok()?)?;
        fields.push((name, &part[head + 4..]));
        rest = after;
    }
    Some(fields)
}

fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let found = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then(|| value.trim_matches('"'))
    })?;
    (1..=70).contains(&found.len()).then_some(found)
}

/// The name of a part. Browsers write a quote within as `%22` (WHATWG HTML §4.10.21.8).
fn name(head: &str) -> Option<String> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let after = line.split(';').map(str::trim).find_map(|part| part.strip_prefix("name=\""))?;
    Some(after.split('"').next()?.to_owned())
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    text.windows(piece.len()).position(|window| window == piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=----WebKitFormBoundaryA";

    #[test]
    fn a_browsers_form_is_read_with_its_file_byte_by_byte() {
        let body = "------WebKitFormBoundaryA\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\na b\r\n\
             ------WebKitFormBoundaryA\r\nContent-Disposition: form-data; name=\"file\"; filename=\"name=\\\"x.json\"\r\n\
             Content-Type: application/json\r\n\r\n{\"a\":\r\n\r\n1}\n\r\n------WebKitFormBoundaryA--\r\n";
        let read = fields(TYPE, body.as_bytes()).expect("a form");
        assert_eq!(read, [("csrf".to_owned(), &b"a b"[..]), ("file".to_owned(), b"{\"a\":\r\n\r\n1}\n")]);
        assert_eq!(fields("multipart/form-data; boundary=\"x\"", b"--x--"), Some(Vec::new()));
    }

    #[test]
    fn what_is_no_form_is_none() {
        for (kind, body) in [
            ("application/x-www-form-urlencoded", "a=b"),
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=", "----"),
            (TYPE, ""),
            (TYPE, "------WebKitFormBoundaryA"),
            (TYPE, "------WebKitFormBoundaryA\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut off"),
            (TYPE, "------WebKitFormBoundaryA\r\nno name\r\n\r\n\r\n------WebKitFormBoundaryA--"),
        ] {
            assert_eq!(fields(kind, body.as_bytes()), None, "{kind} {body}");
        }
    }
}
