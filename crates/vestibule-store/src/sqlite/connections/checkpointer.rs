//! The thread that checkpoints the WAL.
//!
//! A checkpoint by the writer would delay all callers while thousands of pages are written and synced. A checkpoint
//! beside the writer never completes while the writer appends, so the WAL would never restart. Therefore, when the WAL
//! exceeds 64 MiB, this thread runs passive checkpoints until few pages remain, and the writer checkpoints the rest.
//!
//! A large checkpoint delays the writer as well, because the disk syncs one file after the other. Therefore pages, and
//! not only commits, trigger a checkpoint.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};

use rusqlite::Connection;
use vestibule_core::Observer;

use super::connect::{Role, connect, wal_of};
use crate::sql::statements;

statements! {
    const WAL_SIZE: Sql = "PRAGMA wal_checkpoint(NOOP)";

    const CHECKPOINT: Sql = "PRAGMA wal_checkpoint(PASSIVE)";
}

/// Commits that trigger a checkpoint.
const CHECKPOINT_COMMITS: u32 = 100;

/// Pages that trigger a checkpoint: 4 MiB, which a disk syncs in a few milliseconds. With four times as many, a batch
/// of large invites delayed single creates twice as long.
const CHECKPOINT_PAGES: i64 = 1024;

/// Commits between two reads of the WAL's length, which cost a tenth of a small commit.
const COMMITS_PER_READ: u32 = 8;

/// Pages of a WAL whose remainder the writer checkpoints: 64 MiB.
const LONG_WAL_PAGES: i64 = 16_384;

/// Maximum remainder that the writer checkpoints, which takes a few milliseconds.
const SMALL_REMAINDER_PAGES: i64 = 256;

/// Pages of a WAL that the writer checkpoints regardless of the remainder.
const MAX_WAL_PAGES: i64 = 2 * LONG_WAL_PAGES;

/// The writer's side: triggers checkpoints.
pub(in crate::sqlite) struct CheckpointTrigger {
    signal: SyncSender<()>,
    commits: u32,
    /// Commits since the last read of the WAL's length.
    unseen: u32,
    /// Whether the WAL was long when its length was last read.
    is_long: bool,
    report: Arc<Report>,
}

/// The checkpointing thread.
pub(in crate::sqlite) struct Checkpointer {
    path: PathBuf,
    signals: Receiver<()>,
    report: Arc<Report>,
}

/// Reports the outcome of each checkpoint.
struct Report {
    wal: PathBuf,
    observer: Arc<dyn Observer>,
    /// Whether the failure has been logged.
    failing: AtomicBool,
}

impl Report {
    fn note(&self, outcome: &rusqlite::Result<WalSize>) {
        let bytes = std::fs::metadata(&self.wal).map_or(0, |wal| wal.len());
        let failure = match outcome {
            Ok(wal) if wal.is_blocked() => Some(
                "another program has been reading the database for a long time; end its transaction"
                    .to_owned(),
            ),
            Ok(_) => None,
            Err(error) => Some(error.to_string()),
        };
        self.observer.checkpointed(bytes, failure.is_none());
        match failure {
            None if self.failing.swap(false, Ordering::Relaxed) => {
                tracing::info!("the WAL is checkpointed again");
            }
            Some(reason) if !self.failing.swap(true, Ordering::Relaxed) => {
                tracing::warn!(
                    reason,
                    bytes,
                    "the WAL cannot be checkpointed and grows; further failures are not logged until it can"
                );
            }
            _ => {}
        }
    }
}

/// The checkpointer of a database and its trigger.
pub(in crate::sqlite) fn checkpointer(
    database: &Path,
    observer: &Arc<dyn Observer>,
) -> (CheckpointTrigger, Checkpointer) {
    let (signal, signals) = sync_channel(1);
    let report = Arc::new(Report {
        wal: wal_of(database),
        observer: Arc::clone(observer),
        failing: AtomicBool::new(false),
    });
    (
        CheckpointTrigger { signal, commits: 0, unseen: 0, is_long: false, report: Arc::clone(&report) },
        Checkpointer { path: database.to_owned(), signals, report },
    )
}

impl CheckpointTrigger {
    /// Records a commit.
    pub(in crate::sqlite) fn committed(&mut self, connection: &Connection) {
        self.commits += 1;
        self.unseen += 1;
        if self.unseen < COMMITS_PER_READ && !self.is_long {
            return;
        }
        self.unseen = 0;
        let wal = match checkpoint(connection, Checkpoint::Nothing) {
            Ok(wal) => wal,
            Err(error) => return self.report.note(&Err(error)),
        };
        self.is_long = wal.pages > LONG_WAL_PAGES;
        if wal.pages > MAX_WAL_PAGES || (self.is_long && wal.left() <= SMALL_REMAINDER_PAGES) {
            self.commits = 0;
            self.report.note(&checkpoint(connection, Checkpoint::Passive));
        } else if self.is_long || wal.left() >= CHECKPOINT_PAGES || self.commits >= CHECKPOINT_COMMITS {
            self.commits = 0;
            // A pending signal is enough.
            let _ = self.signal.try_send(());
        }
    }
}

impl Checkpointer {
    /// Checkpoints at each signal, until the writer ends.
    pub(in crate::sqlite) fn run(self) {
        let mut connection = None;
        while self.signals.recv().is_ok() {
            let outcome = self.checkpoint_with(&mut connection);
            self.report.note(&outcome);
            if outcome.is_err() {
                connection = None;
            }
        }
    }

    fn checkpoint_with(&self, connection: &mut Option<Connection>) -> rusqlite::Result<WalSize> {
        let connection = match connection {
            Some(connection) => connection,
            None => connection.insert(connect(&self.path, Role::Writer)?),
        };
        checkpoint(connection, Checkpoint::Passive)
    }
}

/// The mode of a checkpoint.
#[derive(Clone, Copy)]
enum Checkpoint {
    /// Only reports the size of the WAL.
    Nothing,
    /// Copies the pages that no reader needs, without waiting for readers.
    Passive,
}

/// The size of the WAL after a checkpoint, in pages.
#[derive(Clone, Copy, Debug)]
struct WalSize {
    pages: i64,
    checkpointed: i64,
}

impl WalSize {
    /// The pages that are not checkpointed.
    fn left(self) -> i64 {
        self.pages - self.checkpointed
    }

    /// Whether a reader prevented a checkpoint of a WAL that is too long.
    fn is_blocked(self) -> bool {
        self.pages > MAX_WAL_PAGES && self.left() > LONG_WAL_PAGES
    }
}

fn checkpoint(connection: &Connection, what: Checkpoint) -> rusqlite::Result<WalSize> {
    let sql = match what {
        Checkpoint::Nothing => WAL_SIZE,
        Checkpoint::Passive => CHECKPOINT,
    };
    let read = |row: &rusqlite::Row<'_>| Ok(WalSize { pages: row.get(1)?, checkpointed: row.get(2)? });
    connection.prepare_cached(sql.text())?.query_row([], read)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use vestibule_core::{Action, Commit, Host};

    use super::*;

    #[derive(Default)]
    struct Seen(Mutex<Vec<(u64, bool)>>);

    impl Observer for Seen {
        fn committed(&self, _: Commit) {}

        fn happened(&self, _: &Host, _: Action, _: u64) {}

        fn checkpointed(&self, wal_bytes: u64, done: bool) {
            self.0.lock().unwrap().push((wal_bytes, done));
        }
    }

    #[test]
    fn a_failed_checkpoint_is_counted_and_the_wal_is_measured() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let writer = connect(&path, Role::Writer).unwrap();
        writer.execute_batch("CREATE TABLE kept (n); INSERT INTO kept VALUES (1)").unwrap();
        let seen = Arc::new(Seen::default());
        let observer = Arc::clone(&seen) as Arc<dyn Observer>;
        let (_trigger, good) = checkpointer(&path, &observer);
        good.report.note(&good.checkpoint_with(&mut None));
        // A directory has the name of the file.
        let (_trigger, lost) = checkpointer(dir.path(), &observer);
        lost.report.note(&lost.checkpoint_with(&mut None));
        let seen = seen.0.lock().unwrap();
        assert!(matches!(seen.as_slice(), [(bytes, true), (0, false)] if *bytes > 0), "{seen:?}");
    }

    #[test]
    fn a_long_wal_that_a_reader_blocks_is_a_failure() {
        let dir = tempfile::tempdir().unwrap();
        let seen = Arc::new(Seen::default());
        let observer = Arc::clone(&seen) as Arc<dyn Observer>;
        let (_trigger, checkpointer) = checkpointer(&dir.path().join("a.db"), &observer);
        for (pages, checkpointed) in
            [(MAX_WAL_PAGES + 1, 0), (MAX_WAL_PAGES + 1, MAX_WAL_PAGES), (LONG_WAL_PAGES, 0)]
        {
            checkpointer.report.note(&Ok(WalSize { pages, checkpointed }));
        }
        assert_eq!(*seen.0.lock().unwrap(), [(0, false), (0, true), (0, true)]);
    }
}
