//! What all work on a database shares.

use std::{sync::Arc, time::Duration};

use tokio_postgres::{Row, types::ToSql};
use vestibule_core::{Clock, Timestamp};

use super::fault::Fault;
use super::{known::Known, moment::Moment, pool::Pool};
use crate::{Options, key_uses::KeyUses};

/// How long a piece of work may take, with all its waiting. A server that still answers has given up before.
pub(super) const LIMIT: Duration = Duration::from_secs(8);

/// What all work on a database shares.
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) pool: Arc<Pool>,
    pub(super) moment: Arc<Moment>,
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
        let mut link = self.pool.get().await?;
        link.set_resting(false);
        let statement = link.prepare_cached(sql).await?;
        let rows = link.query(&statement, params).await?;
        link.set_resting(true);
        Ok(rows)
    }
}
