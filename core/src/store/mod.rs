//! The two stores of this crate.

mod directory;
mod memory;

pub use directory::DirectoryStore;
pub use memory::MemoryStore;
