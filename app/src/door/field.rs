//! A labelled field of a form.

use leptos::prelude::*;

use super::{form::PROBLEM_ID, problem::FormProblem};

/// A labelled field of a form. Its `id` is unique in the document, its `name` in the form.
#[derive(Default)]
pub(super) struct Field {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// Text below the label.
    pub(super) hint: Option<String>,
    pub(super) value: String,
    /// Browsers and password managers fill by it (WHATWG HTML §4.10.18.7).
    pub(super) autocomplete: &'static str,
    pub(super) is_secret: bool,
    pub(super) is_optional: bool,
    pub(super) is_first: bool,
    /// A text of several lines.
    pub(super) is_long: bool,
    /// Keyboards of phones are chosen by it.
    pub(super) inputmode: Option<&'static str>,
    pub(super) min_chars: Option<usize>,
    pub(super) max_chars: Option<usize>,
    /// The name by which problems call it, where that is not its own.
    pub(super) problem_name: Option<&'static str>,
}

impl Field {
    /// The field as part of a form that was refused for this reason, if it was.
    pub(super) fn view(self, problem: Option<&FormProblem>) -> AnyView {
        let blamed = problem.and_then(FormProblem::field);
        let is_blamed = blamed == Some(self.problem_name.unwrap_or(self.name));
        let hint_id = self.hint.as_ref().map(|_| [self.id, "-hint"].concat());
        let described = [is_blamed.then(|| PROBLEM_ID.to_owned()), hint_id.clone()];
        let described: Vec<String> = described.into_iter().flatten().collect();
        // The field to mend comes first; the document's first one only where none is to be mended.
        let is_focused = is_blamed || (self.is_first && blamed.is_none());
        let describedby = (!described.is_empty()).then(|| described.join(" "));
        let maxlength = self.max_chars.map(|chars| chars.to_string());
        let control = if self.is_long {
            view! {
                <textarea
                    class="input"
                    id=self.id
                    name=self.name
                    rows="4"
                    autocomplete=self.autocomplete
                    maxlength=maxlength
                    required=!self.is_optional
                    autofocus=is_focused
                    aria-invalid=is_blamed.then_some("true")
                    aria-describedby=describedby
                >
                    {escaped(&self.value)}
                </textarea>
            }
            .into_any()
        } else {
            view! {
                <input
                    class="input"
                    id=self.id
                    name=self.name
                    type=if self.is_secret { "password" } else { "text" }
                    value=(!self.value.is_empty()).then_some(self.value)
                    autocomplete=self.autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    inputmode=self.inputmode
                    minlength=self.min_chars.map(|chars| chars.to_string())
                    maxlength=maxlength
                    required=!self.is_optional
                    autofocus=is_focused
                    aria-invalid=is_blamed.then_some("true")
                    aria-describedby=describedby
                />
            }
            .into_any()
        };
        view! {
            <div class="field">
                <label class="field__label" for=self.id>
                    {self.label}
                </label>
                {self.hint.map(|hint| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
                {control}
            </div>
        }
        .into_any()
    }
}

/// Escapes a text between the tags of a `textarea`: the renderer takes it for raw text there, as it does in scripts, and browsers do not
/// (WHATWG HTML §13.1.2.2).
fn escaped(text: &str) -> String {
    // A line end right behind the start tag is none of the text.
    let first = if text.starts_with('\n') { "\n" } else { "" };
    [first, &text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_several_lines_does_not_end_its_field() {
        let value = "</textarea><script>&amp;\n".to_owned();
        let html =
            Field { id: "a", name: "a", value, is_long: true, ..Field::default() }.view(None).to_html();
        assert!(html.contains(">&lt;/textarea&gt;&lt;script&gt;&amp;amp;\n</textarea>"), "{html}");
    }
}
