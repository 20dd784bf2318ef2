//! Creates large batches, one transaction per slice.

use std::sync::Arc;

use vestibule_core::{IdempotencyKey, NewBatch, Principal, StoreError, StoredBatch};

use super::{
    authorization::{authorize, charge},
    writer::database_thread::DatabaseThread,
};
use crate::{
    slices::slices,
    verbs::{
        batch::{self, Begun, Plan},
        idempotency, run_ready,
    },
};

/// Creates all invites or none.
pub(super) async fn insert(
    writer: Arc<DatabaseThread>,
    by: Principal,
    batch: Arc<NewBatch>,
    key: Option<IdempotencyKey>,
) -> Result<StoredBatch, StoreError> {
    let (principal, new) = (by.clone(), Arc::clone(&batch));
    let begun = writer.run(move |tx| {
        let caller = authorize(tx, &principal, new.draft.needed_scopes())?;
        charge(tx, &caller, run_ready(idempotency::calls(tx, &caller, key.as_ref(), new.tokens.len()))?)?;
        run_ready(batch::begin(tx, &caller, &new, key.as_ref()))
    });
    let plan = match begun.await? {
        Begun::Before(stored) => return Ok(stored),
        Begun::Now(plan) => Arc::from(plan),
    };
    let outcome = write(&writer, &by, &batch, key, &plan).await;
    if !matches!(outcome, Ok(None)) {
        discard(&writer, plan.first_row_key).await;
    }
    Ok(outcome?.unwrap_or_else(|| batch::stored(&batch, &plan)))
}

/// Runs every transaction after the first.
async fn write(
    writer: &DatabaseThread,
    by: &Principal,
    batch: &Arc<NewBatch>,
    key: Option<IdempotencyKey>,
    plan: &Arc<Plan>,
) -> Result<Option<StoredBatch>, StoreError> {
    for range in slices(batch.tokens.len(), NewBatch::own_bytes(&batch.draft)) {
        let (by, batch, plan) = (by.clone(), Arc::clone(batch), Arc::clone(plan));
        let slice = writer.run(move |tx| {
            let caller = authorize(tx, &by, batch.draft.needed_scopes())?;
            run_ready(batch::write_slice(tx, &caller, &batch, &plan, range.clone()))
        });
        slice.await?;
    }
    let (by, batch, plan) = (by.clone(), Arc::clone(batch), Arc::clone(plan));
    let finish = writer.run(move |tx| {
        let caller = authorize(tx, &by, batch.draft.needed_scopes())?;
        run_ready(batch::finish(tx, &caller, &batch, &plan, key.as_ref()))
    });
    finish.await
}

/// Removes a batch in progress. If this fails, the purge removes it later.
async fn discard(writer: &DatabaseThread, first_row_key: i64) {
    while let Ok(false) = writer.run(move |tx| run_ready(batch::remove(tx, first_row_key))).await {}
}
