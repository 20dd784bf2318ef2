//! What all work on a database shares.

use std::sync::Arc;

use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Clock, Timestamp};

use super::{
    db_clock::DbClock,
    engine_error::EngineError,
    key_cache::KeyCache,
    lock_queue::LockQueue,
    pool::{Pool, Purpose},
};
use crate::{
    Options, health::Health, key_uses::KeyUses, recent_refusals::RecentRefusals, skipped_rows::SkippedRows,
};

/// What all work on a database shares.
pub(super) struct EngineContext {
    pub(super) options: Options,
    pub(super) pool: Arc<Pool>,
    pub(super) lock_queue: LockQueue,
    pub(super) clock: Arc<DbClock>,
    pub(super) health: Health,
    pub(super) recent_refusals: RecentRefusals,
    pub(super) skipped_rows: SkippedRows,
    pub(super) cached: KeyCache,
    pub(super) key_uses: KeyUses,
    /// How durable a commit is: `on`, or what the server does beyond that.
    pub(super) durability: String,
}

impl EngineContext {
    /// The present moment.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs one statement that reads, on its own.
    pub(super) async fn query(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, EngineError> {
        let mut connection = self.pool.get(Purpose::Read).await?;
        connection.set_idle(false);
        let asking = async {
            let statement = connection.prepare_cached(sql).await?;
            connection.query(&statement, params).await
        };
        let rows = self.pool.answer(asking).await?;
        connection.set_idle(true);
        Ok(rows)
    }

    /// What was read from a row; `None` where this version cannot read it, which is counted and logged.
    pub(super) fn readable<T>(&self, read: Result<T, EngineError>) -> Result<Option<T>, EngineError> {
        match read {
            Err(EngineError::Corrupt(what)) => {
                self.skipped_rows.note(&*self.options.observer, &what);
                Ok(None)
            }
            read => read.map(Some),
        }
    }

    /// Notes what became of a change, unless the database cannot be reached at all, which is noted elsewhere.
    pub(super) fn note<R>(&self, outcome: &Result<R, EngineError>) {
        if self.pool.is_down() {
            return;
        }
        match outcome {
            Ok(_) => self.health.worked(),
            Err(EngineError::Unavailable(reason) | EngineError::Unknown(reason)) => {
                self.health.failed(reason)
            }
            Err(EngineError::Busy(reason) | EngineError::LockHeld(reason)) => self.health.busy(reason),
            // Refusals say nothing.
            Err(EngineError::Refused(_) | EngineError::Corrupt(_) | EngineError::Statement(_)) => {}
        }
    }

    /// The same of one that failed.
    pub(super) fn note_failure(&self, fault: &EngineError) {
        self.note(&Err::<(), _>(fault.clone()));
    }
}
