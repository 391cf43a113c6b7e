//! A SQLite database, in a file or in memory. What is kept in it is its owner's affair.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::Connection;

/// One connection; its statements are short, so they run where they are called.
pub(crate) struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens `file` (or memory) and makes the tables of `schema` that are not there yet.
    pub(crate) fn open(file: Option<&Path>, schema: &str) -> rusqlite::Result<Self> {
        let connection = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        // Both parties may share a file.
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.execute_batch(schema)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// Runs `work` in one transaction.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}
