//! What the checks want to know of a library, read from its file: a shared one (ELF) or a static one (an archive of objects).
//! What is allowed is in `shared` and `archive`.

use std::collections::{BTreeMap, BTreeSet};

use object::{
    Endianness, FileKind, Object as _, ObjectSymbol as _, SymbolScope, elf,
    read::{
        archive::ArchiveFile,
        elf::{Dyn as _, FileHeader, ProgramHeader as _, SectionHeader as _, Sym as _},
    },
};

use crate::failure::Failure;

/// One library.
#[derive(Debug)]
pub(crate) enum Facts {
    Shared(Shared),
    Archive(Archive),
}

/// A library that the system loads.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// Whether its addresses have 64 bits.
    pub(crate) wide: bool,
    pub(crate) machine: Machine,
    /// Names of all sections.
    pub(crate) sections: BTreeSet<String>,
    /// What its segments in memory are aligned to, in bytes.
    pub(crate) alignments: BTreeSet<u64>,
    /// Names of the symbols that others can link with.
    pub(crate) exports: BTreeSet<String>,
    /// Entries of its dynamic table that must not be there, by the names that readelf has for them.
    pub(crate) unwanted_entries: BTreeSet<&'static str>,
    pub(crate) executable_stack: bool,
    /// Bytes in memory of each section that the file has bytes for.
    pub(crate) loaded: BTreeMap<String, u64>,
}

/// A library whose objects the linker of an app joins.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    /// Names of the symbols that other objects see, as the file has them.
    pub(crate) globals: BTreeSet<String>,
}

/// What a shared library runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Machine {
    Arm64,
    Arm,
    X86_64,
    X86,
    #[default]
    Other,
}

/// Reads a file. `name` is for the message.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Facts, Failure> {
    let unreadable = |error: object::Error| Failure::unfit(format!("{name} cannot be read: {error}"));
    // An archive without any object is too short for `FileKind`.
    if bytes.starts_with(b"!<arch>\n") {
        return Ok(Facts::Archive(archive(bytes).map_err(unreadable)?));
    }
    match FileKind::parse(bytes).map_err(unreadable)? {
        FileKind::Elf32 => shared::<elf::FileHeader32<Endianness>>(bytes),
        FileKind::Elf64 => shared::<elf::FileHeader64<Endianness>>(bytes),
        other => {
            return Err(Failure::unfit(format!(
                "{name} is neither a shared library nor an archive: {other:?}"
            )));
        }
    }
    .map(Facts::Shared)
    .map_err(unreadable)
}

fn shared<Header: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> object::Result<Shared> {
    let header = Header::parse(bytes)?;
    let endian = header.endian()?;
    let mut facts = Shared {
        wide: header.is_class_64(),
        machine: match header.e_machine(endian) {
            elf::EM_AARCH64 => Machine::Arm64,
            elf::EM_ARM => Machine::Arm,
            elf::EM_X86_64 => Machine::X86_64,
            elf::EM_386 => Machine::X86,
            _ => Machine::Other,
        },
        ..Shared::default()
    };
    for segment in header.program_headers(endian, bytes)? {
        match segment.p_type(endian) {
            elf::PT_LOAD => {
                facts.alignments.insert(segment.p_align(endian).into());
            }
            elf::PT_GNU_STACK => facts.executable_stack |= segment.p_flags(endian).contains(elf::PF_X),
            _ => {}
        }
        for entry in segment.dynamic(endian, bytes)?.unwrap_or_default() {
            facts.unwanted_entries.extend(match entry.tag(endian) {
                elf::DT_RPATH => Some("RPATH"),
                elf::DT_RUNPATH => Some("RUNPATH"),
                elf::DT_TEXTREL => Some("TEXTREL"),
                elf::DT_FLAGS if entry.val(endian) & elf::DF_TEXTREL.0 != 0 => Some("TEXTREL"),
                _ => None,
            });
        }
    }
    let sections = header.sections(endian, bytes)?;
    for section in sections.iter() {
        let name = String::from_utf8_lossy(sections.section_name(endian, section)?).into_owned();
        let in_memory = section.sh_flags(endian).contains(elf::SHF_ALLOC) && section.sh_type(endian) != elf::SHT_NOBITS;
        if in_memory {
            facts.loaded.insert(name.clone(), section.sh_size(endian).into());
        }
        facts.sections.insert(name);
    }
    let symbols = sections.symbols(endian, bytes, elf::SHT_DYNSYM)?;
    for symbol in symbols.iter().filter(|symbol| !symbol.is_undefined(endian)) {
        let name = String::from_utf8_lossy(symbol.name(endian, symbols.strings())?).into_owned();
        if !name.is_empty() {
            facts.exports.insert(name);
        }
    }
    Ok(facts)
}

/// Objects that cannot be read are passed over: the built-in functions of a standard library that was compiled from source may
/// be bitcode.
fn archive(bytes: &[u8]) -> object::Result<Archive> {
    let mut facts = Archive::default();
    for member in ArchiveFile::parse(bytes)?.members() {
        let Ok(object) = object::File::parse(member?.data(bytes)?) else {
            continue;
        };
        let seen = object.symbols().filter(|symbol| {
            // A hidden definition that gives way to any other, such as a built-in function, is in nobody's way.
            let gives_way = symbol.is_weak() && symbol.scope() == SymbolScope::Linkage;
            !symbol.is_undefined() && symbol.scope() != SymbolScope::Compilation && !gives_way
        });
        for symbol in seen {
            if let Ok(name) = symbol.name() {
                facts.globals.insert(name.to_owned());
            }
        }
    }
    Ok(facts)
}
