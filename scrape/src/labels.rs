//! Labels as one text, equal for equal labels.

use exposition::Label;

/// Writes labels as Prometheus' text format has them between its braces: `a="b",c="d"`, in the order in which they are given, with `\\`, `\"` and `\n`
/// escaped. A name that has other letters than `[a-zA-Z0-9_]` is quoted, too.
pub(crate) fn write_labels<'a>(out: &mut String, labels: impl Iterator<Item = &'a Label<'a>>) {
    for (index, label) in labels.enumerate() {
        if index > 0 {
            out.push(',');
        }
        if is_bare(&label.name) {
            out.push_str(&label.name);
        } else {
            write_quoted(out, &label.name);
        }
        out.push('=');
        write_quoted(out, &label.value);
    }
}

/// Writes metric and labels as one text in place of what was there. The labels come first, for they say where
/// they end: different series have different texts.
pub(crate) fn write_key(out: &mut String, metric: &str, labels: &str) {
    out.clear();
    out.push_str(labels);
    // A NUL within labels stands between quotes, and this one does not.
    out.push('\0');
    out.push_str(metric);
}

fn is_bare(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            letter => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use exposition::Label;

    use super::write_labels;

    #[test]
    fn labels_are_written_as_they_would_be_read() {
        let label =
            |name: &'static str, value: &'static str| Label { name: name.into(), value: value.into() };
        let labels =
            [label("a", "b\\\"\n,="), label("le", "+Inf"), label("라벨.이름", "값"), label("9", "x")];
        let mut text = String::new();
        write_labels(&mut text, labels.iter());
        assert_eq!(text, r#"a="b\\\"\n,=",le="+Inf","라벨.이름"="값","9"="x""#);
    }
}
