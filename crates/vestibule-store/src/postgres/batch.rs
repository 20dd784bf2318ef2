//! Creates large batches, one transaction per slice.

use std::sync::Arc;

use vestibule_core::{IdempotencyKey, NewBatch, Principal, StoredBatch};

use super::{
    error::EngineError,
    transactions::{
        authorization::{authorize, begin_write, charge},
        engine::EngineContext,
        transaction::Transaction,
    },
};
use crate::{
    caller::Caller,
    slices::slices,
    verbs::{
        batch::{self, Begun, Plan},
        idempotency,
    },
};

/// Creates all invites or none.
pub(super) async fn insert(
    engine: Arc<EngineContext>,
    by: Principal,
    batch: Arc<NewBatch>,
    key: Option<IdempotencyKey>,
) -> Result<StoredBatch, EngineError> {
    let caller = authorize(&engine, &by, batch.draft.needed_scopes()).await?;
    let calls = calls(&engine, &caller, key.as_ref(), batch.tokens.len()).await?;
    charge(&engine, &caller, calls).await?;
    let tx = begin_write(&engine, &caller).await?;
    let begun = batch::begin(&tx, &caller, &batch, key.as_ref()).await;
    let plan = match tx.end(begun).await? {
        Begun::Before(stored) => return Ok(stored),
        Begun::Now(plan) => plan,
    };
    let outcome = write(&engine, &caller, &batch, key.as_ref(), &plan).await;
    if !matches!(outcome, Ok(None)) {
        discard(&engine, &caller, plan.first_row_key).await;
    }
    Ok(outcome?.unwrap_or_else(|| batch::stored(&batch, &plan)))
}

/// The number of calls that a request is charged, read without the lock of the host.
pub(super) async fn calls(
    engine: &Arc<EngineContext>,
    caller: &Caller,
    key: Option<&IdempotencyKey>,
    count: usize,
) -> Result<u32, EngineError> {
    if key.is_none() {
        return Ok(u32::try_from(count).unwrap_or(u32::MAX));
    }
    let tx = Transaction::statements(engine).await?;
    let calls = idempotency::calls(&tx, caller, key, count).await;
    tx.end(calls).await
}

/// Runs every transaction after the first.
async fn write(
    engine: &Arc<EngineContext>,
    caller: &Caller,
    batch: &NewBatch,
    key: Option<&IdempotencyKey>,
    plan: &Plan,
) -> Result<Option<StoredBatch>, EngineError> {
    for range in slices(batch.tokens.len(), NewBatch::row_bytes(&batch.draft)) {
        let tx = begin_write(engine, caller).await?;
        let outcome = batch::write_slice(&tx, caller, batch, plan, range).await;
        tx.end(outcome).await?;
    }
    let tx = begin_write(engine, caller).await?;
    let outcome = batch::finish(&tx, caller, batch, plan, key).await;
    tx.end(outcome).await
}

/// Removes a batch in progress. If this fails, the purge removes it later.
async fn discard(engine: &Arc<EngineContext>, caller: &Caller, first_row_key: i64) {
    loop {
        let Ok(tx) = Transaction::write(engine, &[caller.host_number]).await else { return };
        let outcome = batch::remove(&tx, first_row_key).await;
        if !matches!(tx.end(outcome).await, Ok(false)) {
            return;
        }
    }
}
