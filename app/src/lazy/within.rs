//! In one piece with the rest of the page.

/// The list of the chunks, which are there already. `$file` says where each would be otherwise.
macro_rules! doors {
    ($($name:ident in $file:ident: $content:path,)*) => {
        /// The way to each chunk.
        pub(crate) static DOORS: &[Door] = &[
            $(Door { name: stringify!($name), load: || Box::pin(::std::future::ready(Some(&$content))) },)*
        ];
    };
}

pub(crate) use doors;
