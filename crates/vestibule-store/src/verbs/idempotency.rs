//! Idempotency keys: a repeated request gets the first response.

use vestibule_core::{
    IDEMPOTENCY_KEY_LIFETIME, IdempotencyKey, Invite, NewBatch, NewInvite, Refusal, StoredBatch,
};

use super::rows::{RequestRows, StoredRequest, VerbError};
use crate::caller::Caller;

/// The number of calls that a request for `count` invites is charged: one if it is repeated. Before the host is locked,
/// only a concurrent request can make this wrong.
pub(crate) async fn calls<T: RequestRows>(
    tx: &T,
    caller: &Caller,
    key: Option<&IdempotencyKey>,
    count: usize,
) -> Result<u32, T::Error> {
    if let Some(key) = key {
        let since = tx.now().minus(IDEMPOTENCY_KEY_LIFETIME);
        if tx.request(&key.id(&caller.auth.source), since).await?.is_some() {
            return Ok(1);
        }
    }
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Finds an earlier request for the same invites.
async fn find<T: RequestRows>(
    tx: &T,
    caller: &Caller,
    count: usize,
    key: &IdempotencyKey,
) -> Result<Option<StoredRequest>, T::Error> {
    let since = tx.now().minus(IDEMPOTENCY_KEY_LIFETIME);
    let Some(request) = tx.request(&key.id(&caller.auth.source), since).await? else { return Ok(None) };
    if request.fingerprint != key.fingerprint || i64::try_from(count) != Ok(request.count) {
        return Err(Refusal::IdempotencyMismatch.into());
    }
    Ok(Some(request))
}

/// The invites of an earlier request, as they were then. The requests are equal, so only the generated and computed
/// values are read.
pub(crate) async fn created_before<T: RequestRows>(
    tx: &T,
    caller: &Caller,
    asked: &[NewInvite],
    key: &IdempotencyKey,
) -> Result<Option<Vec<Invite>>, T::Error> {
    let Some(request) = find(tx, caller, asked.len(), key).await? else { return Ok(None) };
    let tokens = tx.tokens_of_request(&request).await?;
    if tokens.len() != asked.len() {
        return Err(T::Error::corrupt("the invites of a repeated request".to_owned()));
    }
    let invites = asked.iter().zip(tokens).map(|(new, (id, hash, sealed_token))| {
        let new = NewInvite { id, hash, sealed_token, draft: new.draft.clone() };
        let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
        new.into_invite(host, source, request.created_at, request.expires_at)
    });
    Ok(Some(invites.collect()))
}

/// The same for a batch of identical invites.
pub(crate) async fn batch_created_before<T: RequestRows>(
    tx: &T,
    caller: &Caller,
    batch: &NewBatch,
    key: &IdempotencyKey,
) -> Result<Option<StoredBatch>, T::Error> {
    let count = batch.tokens.len();
    let Some(request) = find(tx, caller, count, key).await? else { return Ok(None) };
    let tokens: Vec<_> =
        tx.tokens_of_request(&request).await?.into_iter().map(|(id, _, sealed)| (id, sealed)).collect();
    if tokens.len() != count {
        return Err(T::Error::corrupt("the invites of a repeated request".to_owned()));
    }
    let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
    let invite = batch.to_invite(host, source, request.created_at, request.expires_at);
    let first = invite.zip(tokens.first().cloned());
    Ok(first.map(|(invite, (id, sealed_token))| StoredBatch {
        invite: Invite { id, sealed_token, ..invite },
        tokens: tokens.into(),
    }))
}

/// Stores what a request created: `count` invites from `first_row_key` on, of which `invite` is one.
pub(crate) async fn store<T: RequestRows>(
    tx: &T,
    caller: &Caller,
    invite: &Invite,
    count: usize,
    first_row_key: i64,
    key: &IdempotencyKey,
) -> Result<(), T::Error> {
    let request = StoredRequest {
        fingerprint: key.fingerprint,
        first_row_key,
        count: i64::try_from(count).unwrap_or(i64::MAX),
        created_at: invite.created_at,
        expires_at: invite.expires_at,
    };
    tx.insert_request(&key.id(&caller.auth.source), &request).await
}
