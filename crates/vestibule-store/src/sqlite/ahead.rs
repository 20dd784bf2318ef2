//! Laying the journal out ahead of the writer.
//!
//! Where a commit makes the journal's file longer, its sync must also write what the file system knows of
//! the file, in its own journal: twice the time and twice the processor's work of a sync that only
//! overwrites. So whenever a commit has made the file longer, the next transaction first writes a stretch
//! of zeros after its end, for the commits to come to overwrite. To SQLite zeros are what is left of older
//! commits: no frame of theirs fits the checksums, so a recovery ends there.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Bytes of one stretch: some forty commits' worth, written in less time than two syncs take.
const STRETCH: usize = 1024 * 1024;

/// Written page by page: what is written in one piece, Linux keeps in one piece, and writes as a whole to the
/// disk again when a few bytes of it change.
static PAGE: [u8; 4096] = [0; 4096];

/// What is known of the journal's file.
pub(super) struct Ahead {
    journal: PathBuf,
    /// The file's length when it was last laid out; a longer one has outgrown that.
    laid_out: u64,
}

impl Ahead {
    /// For the journal of a database.
    pub(super) fn of(database: &Path) -> Self {
        let mut journal = database.as_os_str().to_owned();
        journal.push("-wal");
        Self { journal: journal.into(), laid_out: 0 }
    }

    /// Lays out the next stretch if it is needed. To be called with the write lock held, before anything is
    /// written: nobody else can add to the journal then.
    pub(super) fn lay_out(&mut self) {
        // What fails here costs time alone: a commit that cannot be written says so itself.
        if let Err(error) = self.extend() {
            tracing::debug!(%error, "the journal could not be laid out ahead");
        }
    }

    fn extend(&mut self) -> io::Result<()> {
        let length = fs::metadata(&self.journal)?.len();
        if length > self.laid_out {
            // Taken note of first: a disk that is full is not tried again before the file has grown.
            self.laid_out = length + STRETCH as u64;
            let mut journal = OpenOptions::new().append(true).open(&self.journal)?;
            for _ in 0..STRETCH / PAGE.len() {
                journal.write_all(&PAGE)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use rusqlite::Connection;

    use super::{
        super::connect::{Role, connect},
        Ahead, STRETCH,
    };

    fn insert(connection: &Connection, ahead: &mut Ahead) {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        ahead.lay_out();
        connection.execute("INSERT INTO t VALUES (randomblob(2000))", []).unwrap();
        connection.execute_batch("COMMIT").unwrap();
    }

    #[test]
    fn what_was_committed_over_the_zeros_is_found_after_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("a.db");
        let journal = folder.path().join("a.db-wal");
        let connection = connect(&database, Role::Writer).unwrap();
        connection.execute_batch("CREATE TABLE t (x)").unwrap();
        let mut ahead = Ahead::of(&database);
        let mut lengths = BTreeSet::new();
        for _ in 0..1000 {
            insert(&connection, &mut ahead);
            lengths.insert(fs::metadata(&journal).unwrap().len());
        }
        // Each stretch is laid out by one commit and outgrown by another.
        let stretches = lengths.last().unwrap() / STRETCH as u64;
        assert!(stretches > 2, "{lengths:?}");
        assert!(lengths.len() as u64 <= 2 * (stretches + 1), "{lengths:?}");
        // What a crash leaves behind: the file and its journal as they are now.
        let copy = folder.path().join("b.db");
        fs::copy(&database, &copy).unwrap();
        fs::copy(&journal, folder.path().join("b.db-wal")).unwrap();
        let copy = connect(&copy, Role::Writer).unwrap();
        let count: i64 = copy.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 1000);
        let verdict: String = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
    }
}
