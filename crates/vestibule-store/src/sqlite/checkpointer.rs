//! CheckpointTrigger the journal into the database, beside the writer.
//!
//! Done by the writer itself, it would hold everybody up for as long as writing and syncing thousands of
//! pages takes. Done here, the writer goes on; but then it always adds to the journal before all of it is
//! folded in, so the journal would never begin again from its start. Hence, when it has become long, this
//! thread folds again and again, each time what came during the time before, until little is left; and that
//! the writer folds in.
//!
//! Much at once holds the writer up as well: the disk syncs the one before the other. So it is the pages that came,
//! not only the commits, after which this thread folds.

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

/// Commits after which what they wrote is folded in.
const CHECKPOINT_COMMITS: u32 = 100;

/// Pages after which they are folded in: 4 MiB, which a disk syncs in some milliseconds. With four times as many, a
/// batch of large invites held single creates up for twice as long.
const CHECKPOINT_PAGES: i64 = 1024;

/// Commits after which the length of the WAL is asked for, which costs a tenth of a small commit.
const LOOK: u32 = 8;

/// Pages in the journal from which on the writer folds in what is left: 64 MiB.
const LONG_WAL_PAGES: i64 = 16_384;

/// So few pages are little: folded in and synced in some milliseconds.
const SMALL_REMAINDER_PAGES: i64 = 256;

/// The writer folds in whatever is left of a journal that is longer.
const MAX_WAL_PAGES: i64 = 2 * LONG_WAL_PAGES;

/// The writer's end.
pub(super) struct CheckpointTrigger {
    signal: SyncSender<()>,
    commits: u32,
    /// Since the length of the WAL was asked for.
    unseen: u32,
    /// The WAL was long when its length was asked for.
    is_long: bool,
    report: Arc<Report>,
}

/// The folding thread's end.
pub(super) struct Checkpointer {
    path: PathBuf,
    signals: Receiver<()>,
    report: Arc<Report>,
}

/// Tells what became of each attempt.
struct Report {
    wal: PathBuf,
    observer: Arc<dyn Observer>,
    /// It is in the log, and the next failure need not be.
    failing: AtomicBool,
}

impl Report {
    fn note<R>(&self, outcome: &rusqlite::Result<R>) {
        let bytes = std::fs::metadata(&self.wal).map_or(0, |wal| wal.len());
        self.observer.checkpointed(bytes, outcome.is_ok());
        match outcome {
            Ok(_) if self.failing.swap(false, Ordering::Relaxed) => {
                tracing::info!("the WAL is checkpointed again");
            }
            Err(error) if !self.failing.swap(true, Ordering::Relaxed) => {
                let reason = error.to_string();
                tracing::warn!(
                    reason,
                    bytes,
                    "the WAL cannot be checkpointed and grows; this is logged once, until it can"
                );
            }
            _ => {}
        }
    }
}

/// Both ends.
pub(super) fn checkpoint_trigger(
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
    /// Takes note of a commit.
    pub(super) fn committed(&mut self, connection: &Connection) {
        self.commits += 1;
        self.unseen += 1;
        if self.unseen < LOOK && !self.is_long {
            return;
        }
        self.unseen = 0;
        let wal = match checkpoint(connection, Checkpoint::Nothing) {
            Ok(wal) => wal,
            Err(error) => return self.report.note(&Err::<(), _>(error)),
        };
        self.is_long = wal.pages > LONG_WAL_PAGES;
        if wal.pages > MAX_WAL_PAGES || (self.is_long && wal.left() <= SMALL_REMAINDER_PAGES) {
            self.commits = 0;
            self.report.note(&checkpoint(connection, Checkpoint::Passive));
        } else if self.is_long || wal.left() >= CHECKPOINT_PAGES || self.commits >= CHECKPOINT_COMMITS {
            self.commits = 0;
            // A nudge that is waiting already will do.
            let _ = self.signal.try_send(());
        }
    }
}

impl Checkpointer {
    /// Folds at each nudge, until the writer is gone.
    pub(super) fn run(self) {
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

/// What a checkpoint does.
#[derive(Clone, Copy)]
enum Checkpoint {
    /// It only reports how long the journal is.
    Nothing,
    /// It copies the pages that no reader needs in the journal, without waiting for readers.
    Passive,
}

/// How long the journal is after a checkpoint, in pages.
#[derive(Clone, Copy)]
struct WalSize {
    pages: i64,
    checkpointed: i64,
}

impl WalSize {
    /// The pages that are not folded in.
    fn left(self) -> i64 {
        self.pages - self.checkpointed
    }
}

fn checkpoint(connection: &Connection, what: Checkpoint) -> rusqlite::Result<WalSize> {
    let statement = match what {
        Checkpoint::Nothing => "PRAGMA wal_checkpoint(NOOP)",
        Checkpoint::Passive => "PRAGMA wal_checkpoint(PASSIVE)",
    };
    let read = |row: &rusqlite::Row<'_>| Ok(WalSize { pages: row.get(1)?, checkpointed: row.get(2)? });
    connection.prepare_cached(statement)?.query_row([], read)
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
    fn a_checkpoint_that_fails_is_counted_and_the_wal_is_measured() {
        let row_key = tempfile::tempdir().unwrap();
        let path = row_key.path().join("a.db");
        let writer = connect(&path, Role::Writer).unwrap();
        writer.execute_batch("CREATE TABLE kept (n); INSERT INTO kept VALUES (1)").unwrap();
        let seen = Arc::new(Seen::default());
        let observer = Arc::clone(&seen) as Arc<dyn Observer>;
        let (_folding, checkpointer) = checkpoint_trigger(&path, &observer);
        checkpointer.report.note(&checkpointer.checkpoint_with(&mut None));
        // A folder stands where the file should be.
        let (_folding, lost) = checkpoint_trigger(row_key.path(), &observer);
        lost.report.note(&lost.checkpoint_with(&mut None));
        let seen = seen.0.lock().unwrap();
        assert!(matches!(seen.as_slice(), [(bytes, true), (0, false)] if *bytes > 0), "{seen:?}");
    }
}
