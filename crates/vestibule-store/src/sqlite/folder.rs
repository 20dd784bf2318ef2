//! Folding the journal into the database, beside the writer.
//!
//! Done by the writer itself, it would hold everybody up for as long as writing and syncing thousands of
//! pages takes. Done here, the writer goes on; but then it always adds to the journal before all of it is
//! folded in, so the journal would never begin again from its start. Hence, when it has become long, this
//! thread folds again and again, each time what came during the time before, until little is left; and that
//! the writer folds in.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};

use rusqlite::Connection;

use super::connect::{Role, connect};

/// Commits between two rounds of folding.
const COMMITS: u32 = 100;

/// Pages in the journal from which on the writer folds in what is left: 64 MiB.
const LONG: i64 = 16_384;

/// So few pages are little: folded in and synced in some milliseconds.
const LITTLE: i64 = 256;

/// Rounds at the most until the writer has to fold in whatever is left.
const ROUNDS: usize = 6;

/// The writer's end.
pub(super) struct Folding {
    nudge: SyncSender<()>,
    commits: u32,
    length: Arc<AtomicI64>,
}

/// The folding thread's end.
pub(super) struct Folder {
    path: PathBuf,
    nudges: Receiver<()>,
    length: Arc<AtomicI64>,
}

/// Both ends.
pub(super) fn folding(database: &Path) -> (Folding, Folder) {
    let (nudge, nudges) = sync_channel(1);
    let length = Arc::new(AtomicI64::new(0));
    (
        Folding { nudge, commits: 0, length: Arc::clone(&length) },
        Folder { path: database.to_owned(), nudges, length },
    )
}

impl Folding {
    /// Takes note of a commit.
    pub(super) fn committed(&mut self, connection: &Connection) {
        if self.length.load(Ordering::Relaxed) > LONG {
            self.length.store(0, Ordering::Relaxed);
            self.commits = 0;
            let _ = fold(connection);
            return;
        }
        self.commits += 1;
        if self.commits == COMMITS {
            self.commits = 0;
            // A nudge that is waiting already will do.
            let _ = self.nudge.try_send(());
        }
    }
}

impl Folder {
    /// Folds at each nudge, until the writer is gone.
    pub(super) fn run(self) {
        let mut connection = None;
        while self.nudges.recv().is_ok() {
            match self.fold_by(&mut connection) {
                Ok(length) => self.length.store(length, Ordering::Relaxed),
                Err(error) => {
                    tracing::debug!(%error, "the journal could not be folded in; later again");
                    connection = None;
                }
            }
        }
    }

    fn fold_by(&self, connection: &mut Option<Connection>) -> rusqlite::Result<i64> {
        let connection = match connection {
            Some(connection) => connection,
            None => connection.insert(connect(&self.path, Role::Writer)?),
        };
        let mut length = fold(connection)?;
        for _ in 1..ROUNDS {
            let before = length;
            if before <= LONG {
                break;
            }
            length = fold(connection)?;
            if length - before < LITTLE {
                break;
            }
        }
        Ok(length)
    }
}

/// Folds what nobody needs in the journal any more; the answer is how many pages the journal holds.
fn fold(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))
}
