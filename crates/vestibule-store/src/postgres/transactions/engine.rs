//! The state that all transactions of an engine share.

use std::sync::Arc;

use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Clock, Timestamp};

use super::{key_cache::KeyCache, lock_queue::LockQueue};
use crate::{
    health::Health,
    key_uses::KeyUses,
    options::Options,
    postgres::{
        connections::{
            db_clock::DbClock,
            pool::{Pool, Purpose},
        },
        error::EngineError,
    },
    recent_refusals::RecentRefusals,
    skipped_rows::SkippedRows,
    sql::Sql,
};

/// The state that all transactions of an engine share.
pub(in crate::postgres) struct EngineContext {
    pub(in crate::postgres) options: Options,
    pub(in crate::postgres) pool: Arc<Pool>,
    pub(in crate::postgres) lock_queue: LockQueue,
    pub(in crate::postgres) clock: Arc<DbClock>,
    pub(in crate::postgres) health: Health,
    pub(in crate::postgres) recent_refusals: RecentRefusals,
    pub(in crate::postgres) skipped_rows: SkippedRows,
    pub(in crate::postgres) key_cache: KeyCache,
    pub(in crate::postgres) key_uses: KeyUses,
    /// The `synchronous_commit` of writing transactions: `on` or stronger.
    pub(in crate::postgres) durability: String,
}

impl EngineContext {
    /// The current time of the database.
    pub(in crate::postgres) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs one reading statement.
    pub(in crate::postgres) async fn query(
        &self,
        sql: Sql,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, EngineError> {
        let mut connection = self.pool.get(Purpose::Read).await?;
        connection.set_idle(false);
        let asking = async {
            let statement = connection.prepare_cached(sql.text()).await?;
            connection.query(&statement, params).await
        };
        let rows = self.pool.answer(asking).await?;
        connection.set_idle(true);
        Ok(rows)
    }

    /// Returns `None` for a row that this version cannot read, which is counted and logged.
    pub(in crate::postgres) fn readable<T>(
        &self,
        read: Result<T, EngineError>,
    ) -> Result<Option<T>, EngineError> {
        match read {
            Err(EngineError::Corrupt(what)) => {
                self.skipped_rows.note(&*self.options.observer, &what);
                Ok(None)
            }
            read => read.map(Some),
        }
    }

    /// Records the outcome of a change, unless the database is down, which the pool logs.
    pub(in crate::postgres) fn note<R>(&self, outcome: &Result<R, EngineError>) {
        if self.pool.is_down() {
            return;
        }
        match outcome {
            Ok(_) => self.health.worked(),
            Err(EngineError::Unavailable(reason) | EngineError::Unknown(reason)) => {
                self.health.failed(reason);
            }
            Err(EngineError::Busy(reason) | EngineError::LockHeld(reason)) => self.health.busy(reason),
            // These errors do not concern the health of the database.
            Err(EngineError::Refused(_) | EngineError::Corrupt(_) | EngineError::Statement(_)) => {}
        }
    }

    /// Records a failed change.
    pub(in crate::postgres) fn note_failure(&self, fault: &EngineError) {
        self.note(&Err::<(), _>(fault.clone()));
    }
}
