//! Just enough of the WebAssembly binary format to know how long each function is and what it is called.
//! (WebAssembly core specification, "Binary Format", and its appendix "Custom Sections" for names.)

use anyhow::{Context, Result, bail};

const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;
const DATA: u8 = 11;
/// The subsection of "name" that holds the functions' names.
const FUNCTION_NAMES: u8 = 1;

/// The parts of a module that are worth weighing.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// Bytes of each function's body, with its name where it has one.
    pub(super) functions: Vec<(Option<String>, usize)>,
    /// Bytes of constants: strings, tables, vtables.
    pub(super) data: usize,
}

impl Module {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let Some(rest) = bytes.strip_prefix(b"\0asm\x01\0\0\0") else { bail!("not a WebAssembly module") };
        let mut module = Self::default();
        let mut names = Vec::new();
        let mut imported = 0;
        let mut reader = Reader(rest);
        while !reader.0.is_empty() {
            let id = reader.byte()?;
            let mut section = Reader(reader.sized()?);
            match id {
                IMPORT => imported = section.imported_functions()?,
                CODE => module.functions = section.bodies()?,
                DATA => module.data = section.0.len(),
                CUSTOM if section.sized()? == b"name" => names = section.function_names()?,
                _ => {}
            }
        }
        // Functions are numbered from the first import on; imports have no body.
        for (index, name) in names {
            if let Some(function) = index.checked_sub(imported).and_then(|own| module.functions.get_mut(own))
            {
                function.0 = Some(name);
            }
        }
        Ok(module)
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.0.split_first().context("the module ends too early")?;
        self.0 = rest;
        Ok(*first)
    }

    /// An unsigned number in LEB128.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("a number is too long")
    }

    /// A number of bytes, and then that many.
    fn sized(&mut self) -> Result<&'a [u8]> {
        let length = self.number()?;
        let (taken, rest) = self.0.split_at_checked(length).context("the module ends too early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn imported_functions(&mut self) -> Result<usize> {
        let mut functions = 0;
        for _ in 0..self.number()? {
            self.sized()?;
            self.sized()?;
            match self.byte()? {
                0 => {
                    self.number()?;
                    functions += 1;
                }
                // rustc's modules import nothing but functions before wasm-bindgen has been over them.
                kind => bail!("an import of kind {kind} is not known here"),
            }
        }
        Ok(functions)
    }

    fn bodies(&mut self) -> Result<Vec<(Option<String>, usize)>> {
        let count = self.number()?;
        (0..count).map(|_| Ok((None, self.sized()?.len()))).collect()
    }

    fn function_names(&mut self) -> Result<Vec<(usize, String)>> {
        while !self.0.is_empty() {
            let id = self.byte()?;
            let mut part = Reader(self.sized()?);
            if id == FUNCTION_NAMES {
                let count = part.number()?;
                return (0..count)
                    .map(|_| Ok((part.number()?, String::from_utf8_lossy(part.sized()?).into_owned())))
                    .collect();
            }
        }
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::Module;

    #[test]
    fn names_are_given_to_functions_after_the_imports() {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        // One imported function `a.b`, of type 0.
        bytes.extend([2, 7, 1, 1, b'a', 1, b'b', 0, 0]);
        // Two bodies, of 2 and 3 bytes.
        bytes.extend([10, 8, 2, 2, 0, 0x0b, 3, 0, 1, 0x0b]);
        bytes.extend([11, 1, 0]);
        // Function 0 is `i` (the import), function 2 is `f`.
        bytes.extend([0, 14, 4, b'n', b'a', b'm', b'e', 1, 7, 2, 0, 1, b'i', 2, 1, b'f']);
        let module = Module::parse(&bytes).unwrap();
        assert_eq!(module.functions, [(None, 2), (Some("f".to_owned()), 3)]);
        assert_eq!(module.data, 1);
    }

    #[test]
    fn a_cut_module_is_an_error() {
        assert!(Module::parse(b"\0asm\x01\0\0\0\x0a\x7f").is_err());
        assert!(Module::parse(b"#!/bin/sh").is_err());
    }
}
