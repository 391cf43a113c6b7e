//! Checks of what is built and published: `cargo tool check NAME ARGUMENT...`. Each noun has a module: it reads its artefact into
//! facts and says what does not hold. Checks that need nothing built are `release`, `dependencies` and `rules`.

pub(crate) mod aar;
pub(crate) mod cross;
mod digest;
pub(crate) mod files;
pub(crate) mod framework;
pub(crate) mod layout;
pub(crate) mod library;
pub(crate) mod packages;
pub(crate) mod plist;
pub(crate) mod pom;
pub(crate) mod size;
