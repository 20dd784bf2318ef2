//! What all work on a database shares.

use std::sync::Arc;

use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Clock, Timestamp};

use super::{
    fault::Fault,
    known::Known,
    moment::Moment,
    pool::{Pool, Purpose},
    turns::Turns,
};
use crate::{Options, health::Health, key_uses::KeyUses, refused::Refused, skipped::Skipped};

/// What all work on a database shares.
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) pool: Arc<Pool>,
    pub(super) turns: Turns,
    pub(super) moment: Arc<Moment>,
    pub(super) health: Health,
    pub(super) refused: Refused,
    pub(super) skipped: Skipped,
    pub(super) known: Known,
    pub(super) key_uses: KeyUses,
    /// How durable a commit is: `on`, or what the server does beyond that.
    pub(super) durability: String,
}

impl Shared {
    /// The present moment.
    pub(super) fn now(&self) -> Timestamp {
        self.moment.now()
    }

    /// Runs one statement that reads, on its own.
    pub(super) async fn query(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Fault> {
        let mut link = self.pool.get(Purpose::Read).await?;
        link.set_resting(false);
        let asking = async {
            let statement = link.prepare_cached(sql).await?;
            link.query(&statement, params).await
        };
        let rows = self.pool.answer(asking).await?;
        link.set_resting(true);
        Ok(rows)
    }

    /// What was read from a row; `None` where this version cannot read it, which is counted and logged.
    pub(super) fn readable<T>(&self, read: Result<T, Fault>) -> Result<Option<T>, Fault> {
        match read {
            Err(Fault::Corrupt(what)) => {
                self.skipped.note(&*self.options.observer, &what);
                Ok(None)
            }
            read => read.map(Some),
        }
    }

    /// Notes what became of a change, unless the database cannot be reached at all, which is noted elsewhere.
    pub(super) fn note<R>(&self, outcome: &Result<R, Fault>) {
        if self.pool.is_down() {
            return;
        }
        match outcome {
            Ok(_) => self.health.worked(),
            Err(Fault::Outage(reason) | Fault::Unknown(reason)) => self.health.failed(reason),
            Err(Fault::Busy(reason) | Fault::Held(reason)) => self.health.busy(reason),
            // Refusals say nothing.
            Err(Fault::Refused(_) | Fault::Corrupt(_) | Fault::Statement(_)) => {}
        }
    }

    /// The same of one that failed.
    pub(super) fn note_failure(&self, fault: &Fault) {
        self.note(&Err::<(), _>(fault.clone()));
    }
}
