//! Makes a table of texts from a struct and one constant for each language.

/// Gives a struct of a page's texts the functions that choose its language, and tests of its constants.
macro_rules! words {
    ($Words:ident, $en:expr, $ko:expr) => {
        impl $Words {
            /// The texts in the page's language.
            ///
            /// # Panics
            /// Outside of [`crate::App`], which provides it.
            #[must_use]
            pub fn here() -> &'static Self {
                Self::of($crate::i18n::Language::here())
            }
        }

        $crate::i18n::document_words!($Words, $en, $ko);
    };
}

/// Gives a struct of texts the function that chooses its language by name, and tests of its constants.
macro_rules! document_words {
    ($Words:ident, $en:expr, $ko:expr) => {
        impl $Words {
            /// The texts in a language.
            #[must_use]
            pub const fn of(language: $crate::i18n::Language) -> &'static Self {
                match language {
                    $crate::i18n::Language::En => &$en,
                    $crate::i18n::Language::Ko => &$ko,
                }
            }
        }

        #[cfg(test)]
        mod texts {
            use super::$Words;
            use $crate::i18n::Language;

            #[test]
            fn no_text_is_empty_in_any_language() {
                for language in Language::ALL {
                    let dump = format!("{:?}", $Words::of(language));
                    assert!(!dump.contains("\"\""), "{language:?}: {dump}");
                }
            }

            #[test]
            fn no_language_shouts() {
                for language in Language::ALL {
                    let dump = format!("{:?}", $Words::of(language));
                    assert!(!dump.contains('!'), "{language:?}");
                }
            }
        }
    };
}

pub(crate) use {document_words, words};
