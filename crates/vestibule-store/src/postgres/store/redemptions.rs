use std::sync::Arc;

use async_trait::async_trait;
use vestibule_core::{
    AccountChange, BareJid, CheckRequest, Claim, ClaimId, Completion, Host, Invite, InviteId, NewClaim,
    OpenClaim, OpenClaims, Principal, RedemptionPage, RedemptionQuery, RedemptionStore, Refusal, StoreError,
    Username, Via,
};

use crate::{
    caller::Caller,
    postgres::{
        PostgresStore,
        batching::batcher::Batcher,
        error::EngineError,
        statements::{
            batch_statement::execute_alone, claims::ClaimRequest, complete::CompleteRequest,
            release::ReleaseRequest,
        },
        transactions::{
            authorization::{authorize_and_charge, begin_read, begin_refusal_read, begin_write},
            engine::EngineContext,
            transaction::Transaction,
        },
    },
    verbs::{
        accounts, check, claim,
        claim::Ungranted,
        outcome,
        rows::{AccountRows, ClaimRows, InviteRows, StoredClaim},
        show,
    },
};

async fn claim(
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    by: Principal,
    new: NewClaim,
) -> Result<Claim, EngineError> {
    let caller = authorize_and_charge(&engine, &by, claim::SCOPE).await?;
    let forbidden = engine.options.policies.forbids(&caller.auth.host, new.username.as_ref());
    let mut request = ClaimRequest { claim: new, is_forbidden: forbidden.is_some() };
    let invite = request.claim.token.id;
    // A recently refused claim will most likely be refused again, so the reason is read first.
    let was_refused = engine.recent_refusals.contains(invite);
    if !was_refused && let Some(granted) = batcher.submit(request.clone(), &caller).await? {
        return Ok(granted);
    }
    let (permit, tx) = begin_refusal_read(&engine, &caller).await?;
    let outcome = claim::ungranted(&tx, &caller, &request.claim).await;
    let ungranted = tx.end(outcome).await?;
    drop(permit);
    match ungranted {
        Ungranted::Repeated(claim) => return Ok(claim),
        Ungranted::Refused(refusal) => {
            engine.recent_refusals.note(invite);
            return Err(refusal.into());
        }
        Ungranted::Allowed => {}
    }
    if was_refused && let Some(granted) = batcher.submit(request.clone(), &caller).await? {
        return Ok(granted);
    }
    // A use became free meanwhile. Under the lock of the host the statement and the rules agree.
    let tx = begin_write(&engine, &caller).await?;
    let outcome = async {
        match execute_alone(&tx, &caller, &mut request).await? {
            Some(granted) => Ok(granted),
            None => claim::ungranted(&tx, &caller, &request.claim).await?.settled(&request.claim),
        }
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

async fn find(tx: &Transaction, caller: &Caller, id: ClaimId) -> Result<StoredClaim, EngineError> {
    Ok(tx.claim(caller, id).await?.ok_or(Refusal::NotFound("claim"))?)
}

async fn complete(
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    by: Principal,
    mut request: CompleteRequest,
) -> Result<Completion, EngineError> {
    let caller = authorize_and_charge(&engine, &by, outcome::SCOPE).await?;
    if let Some(done) = batcher.submit(request.clone(), &caller).await? {
        return Ok(done);
    }
    let (permit, tx) = begin_refusal_read(&engine, &caller).await?;
    let found = find(&tx, &caller, request.claim).await;
    let found = tx.end(found).await?;
    drop(permit);
    if let Some(done) = outcome::completed_before(&found, &request.jid, &caller.auth.host)? {
        return Ok(done);
    }
    let tx = begin_write(&engine, &caller).await?;
    let outcome = async {
        if let Some(done) = execute_alone(&tx, &caller, &mut request).await? {
            return Ok(done);
        }
        let found = find(&tx, &caller, request.claim).await?;
        outcome::completed_before(&found, &request.jid, &caller.auth.host)?.ok_or_else(|| {
            EngineError::Corrupt(format!("the claim {} was not completed, without a reason", request.claim))
        })
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

async fn release(
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    by: Principal,
    id: ClaimId,
) -> Result<(), EngineError> {
    let caller = authorize_and_charge(&engine, &by, outcome::SCOPE).await?;
    if batcher.submit(ReleaseRequest(id), &caller).await?.is_some() {
        return Ok(());
    }
    let (permit, tx) = begin_refusal_read(&engine, &caller).await?;
    let found = find(&tx, &caller, id).await;
    let found = tx.end(found).await?;
    drop(permit);
    if outcome::is_over(&found)? {
        return Ok(());
    }
    let tx = begin_write(&engine, &caller).await?;
    let outcome = async {
        if execute_alone(&tx, &caller, &mut ReleaseRequest(id)).await?.is_none() {
            outcome::is_over(&find(&tx, &caller, id).await?)?;
        }
        Ok(())
    };
    let outcome = outcome.await;
    tx.end(outcome).await
}

#[async_trait]
impl RedemptionStore for PostgresStore {
    async fn check(&self, by: &Principal, request: CheckRequest) -> Result<Invite, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let check = async move {
            let (tx, caller) = begin_read(&engine, &by, check::SCOPE).await?;
            let outcome = check::check(&tx, &caller, &request).await;
            tx.end(outcome).await
        };
        self.run(check).await
    }

    async fn claim(&self, by: &Principal, new: NewClaim) -> Result<Claim, StoreError> {
        self.run(claim(self.engine(), self.batcher(), by.clone(), new)).await
    }

    async fn complete(
        &self,
        by: &Principal,
        claim: ClaimId,
        jid: BareJid,
        via: Via,
    ) -> Result<Completion, StoreError> {
        let request = CompleteRequest { claim, jid, via };
        self.run(complete(self.engine(), self.batcher(), by.clone(), request)).await
    }

    async fn release(&self, by: &Principal, claim: ClaimId) -> Result<(), StoreError> {
        self.run(release(self.engine(), self.batcher(), by.clone(), claim)).await
    }

    async fn open_claims(&self, by: &Principal, which: OpenClaims) -> Result<Vec<OpenClaim>, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let list = async move {
            let (tx, caller) = begin_read(&engine, &by, outcome::SCOPE).await?;
            let outcome = tx.open_claims(&caller, which).await;
            tx.end(outcome).await
        };
        self.run(list).await
    }

    async fn redemptions(
        &self,
        by: &Principal,
        id: InviteId,
        query: RedemptionQuery,
    ) -> Result<Option<RedemptionPage>, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let list = async move {
            let (tx, caller) = begin_read(&engine, &by, show::SCOPE).await?;
            let outcome = show::redemptions(&tx, &caller, id, query).await;
            tx.end(outcome).await
        };
        self.run(list).await
    }

    async fn redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, StoreError> {
        let (engine, username) = (self.engine(), username.clone());
        let find = async move {
            let tx = Transaction::statements(&engine).await?;
            let outcome = tx.is_redeemed_by(id, &username).await;
            tx.end(outcome).await
        };
        self.run(find).await
    }

    async fn account_known(&self, host: &Host, username: &Username) -> Result<bool, StoreError> {
        let (engine, host, username) = (self.engine(), host.clone(), username.clone());
        let find = async move {
            let tx = Transaction::statements(&engine).await?;
            let outcome = tx.is_account_known(&host, &username).await;
            tx.end(outcome).await
        };
        self.run(find).await
    }

    async fn reservation(&self, by: &Principal, username: &Username) -> Result<Option<InviteId>, StoreError> {
        let (engine, by, username) = (self.engine(), by.clone(), username.clone());
        let find = async move {
            let (tx, caller) = begin_read(&engine, &by, check::SCOPE).await?;
            let outcome = tx.reserved_for(&caller, &username).await;
            tx.end(outcome).await
        };
        self.run(find).await
    }

    async fn account_changed(
        &self,
        by: &Principal,
        username: &Username,
        change: AccountChange,
    ) -> Result<u64, StoreError> {
        let mut revoked = 0;
        loop {
            let (engine, by, username) = (self.engine(), by.clone(), username.clone());
            let step = async move {
                let caller = authorize_and_charge(&engine, &by, accounts::SCOPE).await?;
                let tx = begin_write(&engine, &caller).await?;
                let outcome = accounts::changed(&tx, &caller, &username, change).await;
                tx.end(outcome).await
            };
            let (more, is_unfinished) = self.run(step).await?;
            revoked += more;
            if !is_unfinished {
                return Ok(revoked);
            }
        }
    }
}
