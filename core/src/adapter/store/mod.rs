//! The two stores of this crate.

mod directory;
mod file_locks;
mod memory;
mod saves;

pub use directory::DirectoryStore;
pub use memory::MemoryStore;
