//! In files of their own, which `cargo leptos build --split` cuts out: a file has all that only its functions lead to.

/// A function for each chunk, in the file that it names, and the list of them.
macro_rules! doors {
    ($($name:ident in $file:ident: $content:path,)*) => {
        $(
            #[::leptos::wasm_split::wasm_split($file, wasm_split_path = ::leptos::wasm_split, fallible)]
            fn $name() -> Result<&'static super::ChunkContent, ::leptos::wasm_split::SplitLoaderError> {
                Ok(&$content)
            }
        )*

        /// The way to each chunk.
        pub(crate) static DOORS: &[Door] = &[
            $(Door { name: stringify!($name), load: || Box::pin(async { $name().await.ok() }) },)*
        ];
    };
}

pub(crate) use doors;
