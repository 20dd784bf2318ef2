//! Operations on invites and keys.
//!
//! [`InviteService`] generates and seals tokens and keys, and calls the store. Callers never see a hash, and the
//! store never sees a secret.

mod import;
mod keys;
mod redemption;
mod sessions;

use std::sync::Arc;

use crate::{
    ClaimId, Clock, Draft, IdempotencyKey, Invite, MintedBatch, NewBatch, NewInvite, NewToken, Principal,
    Randomness, RandomnessError, SealError, SealKey, Store, StoreError, Timestamp, Token, TokenLookup,
};

pub use keys::NewKey;
pub use redemption::CheckedToken;

/// Larger batches are authorized before their tokens are generated.
const MAX_UNAUTHORIZED: usize = 10;

/// Maximum number of invites in one transaction.
const MAX_TRANSACTION_INVITES: usize = 250;

/// Maximum size of the invites in one transaction, in bytes.
const MAX_TRANSACTION_BYTES: usize = 512 << 10;

/// Number of tokens that are generated and sealed without yielding: less than a millisecond.
const TOKENS_PER_YIELD: usize = 100;

/// The operations on invites and keys, on top of a store. Cheap to clone.
#[derive(Clone)]
pub struct InviteService {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    seal: Arc<SealKey>,
}

/// A newly created invite and its token.
#[derive(Debug)]
pub struct MintedInvite {
    /// The stored invite.
    pub invite: Invite,
    /// Its token.
    pub token: Token,
}

impl From<RandomnessError> for StoreError {
    fn from(error: RandomnessError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl InviteService {
    /// Creates a service.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        randomness: Arc<dyn Randomness>,
        seal: Arc<SealKey>,
    ) -> Self {
        Self { store, clock, randomness, seal }
    }

    /// The store, for operations without secrets: list, edit, complete, release.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    pub(crate) fn seal_key(&self) -> &SealKey {
        &self.seal
    }

    /// Seals a text as part of an address ([`SealKey::seal_address`]).
    pub fn seal_address(&self, text: &str) -> String {
        self.seal.seal_address(text)
    }

    /// Opens a text sealed by [`InviteService::seal_address`].
    pub fn open_address(&self, address: &str) -> Result<String, SealError> {
        self.seal.open_address(address)
    }

    pub(crate) fn randomness(&self) -> &dyn Randomness {
        &*self.randomness
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Creates an invite.
    pub async fn mint(&self, by: &Principal, draft: Draft) -> Result<MintedInvite, StoreError> {
        draft.validate()?;
        let (new, token) = self.prepare(draft)?;
        let mut invites = self.store.insert_invites(by, vec![new], None).await?;
        let invite = invites.pop().ok_or_else(|| StoreError::Corrupt("minted nothing".to_owned()))?;
        Ok(MintedInvite { invite, token })
    }

    /// Creates `count` identical invites, all or none. A repeated `idempotency_key` returns the first response.
    pub async fn mint_batch(
        &self,
        by: &Principal,
        draft: Draft,
        count: usize,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<MintedInvite>, StoreError> {
        Ok(self.mint_many(by, draft, count, idempotency_key).await?.into_iter().collect())
    }

    /// Like [`InviteService::mint_batch`], but stores the common properties once, for any number of invites.
    pub async fn mint_many(
        &self,
        by: &Principal,
        draft: Draft,
        count: usize,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<MintedBatch, StoreError> {
        draft.validate()?;
        draft.check_count(count)?;
        NewBatch::check_size(&draft, count)?;
        let is_small = count <= MAX_TRANSACTION_INVITES
            && NewBatch::row_bytes(&draft).saturating_mul(count) <= MAX_TRANSACTION_BYTES;
        if count > MAX_UNAUTHORIZED || !is_small {
            // Authorize before generating a large batch, so that an unauthenticated caller cannot make us do the
            // work.
            self.store.authorize(by, draft.needed_scopes()).await?;
        }
        if is_small {
            let minted = self.mint_few(by, draft, count, idempotency_key).await?;
            let first = minted.first().map(|first| first.invite.clone());
            let invite = first.ok_or_else(|| StoreError::Corrupt("minted nothing".to_owned()))?;
            let tokens = minted.into_iter().map(|one| (one.invite.id, one.invite.sealed_token, one.token));
            return Ok(MintedBatch { invite, tokens: tokens.collect() });
        }
        let mut drawn = Vec::with_capacity(count);
        let mut tokens = Vec::with_capacity(count);
        for number in 0..count {
            if number % TOKENS_PER_YIELD == 0 {
                yield_now().await;
            }
            let token = Token::draw(self.clock.now(), &*self.randomness)?;
            let TokenLookup { id, hash } = token.lookup_key();
            tokens.push(NewToken { id, hash, sealed_token: self.seal.seal_token(id, &token) });
            drawn.push(token);
        }
        let batch = Arc::new(NewBatch { draft, tokens });
        let stored = self.store.insert_batch(by, Arc::clone(&batch), idempotency_key).await?;
        let mut tokens = Vec::with_capacity(count);
        let asked = batch.tokens.iter().zip(drawn);
        for (number, ((id, sealed), (asked, token))) in stored.tokens.iter().zip(asked).enumerate() {
            if number % TOKENS_PER_YIELD == 0 {
                yield_now().await;
            }
            // A repeated request returns the tokens of the first one.
            let token = if asked.id == *id { Ok(token) } else { self.seal.open_token(*id, sealed) };
            let token = token.map_err(|error: SealError| StoreError::Corrupt(error.to_string()))?;
            tokens.push((*id, sealed.clone(), token));
        }
        Ok(MintedBatch { invite: stored.invite, tokens })
    }

    /// Inserts a batch that fits one transaction. Its draft and caller are already checked.
    async fn mint_few(
        &self,
        by: &Principal,
        draft: Draft,
        count: usize,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<MintedInvite>, StoreError> {
        let mut news = Vec::with_capacity(count);
        let mut tokens = Vec::with_capacity(count);
        for _ in 0..count {
            let (new, token) = self.prepare(draft.clone())?;
            news.push(new);
            tokens.push(token);
        }
        let invites = self.store.insert_invites(by, news, idempotency_key).await?;
        let minted = invites.into_iter().zip(tokens).map(|(invite, token)| {
            // A repeated request returns the tokens of the first one.
            let token = if token.lookup_key().id == invite.id { token } else { self.unseal_token(&invite)? };
            Ok(MintedInvite { invite, token })
        });
        minted.collect::<Result<_, SealError>>().map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    fn prepare(&self, draft: Draft) -> Result<(NewInvite, Token), RandomnessError> {
        let token = Token::draw(self.clock.now(), &*self.randomness)?;
        let TokenLookup { id, hash } = token.lookup_key();
        let sealed_token = self.seal.seal_token(id, &token);
        Ok((NewInvite { id, hash, sealed_token, draft }, token))
    }

    /// Finds the invite of an untrusted token.
    pub async fn find(&self, token: &str) -> Result<Option<(Invite, Token)>, StoreError> {
        let Ok(token) = Token::parse(token) else {
            return Ok(None);
        };
        Ok(self.store.invite_by_token(token.lookup_key()).await?.map(|invite| (invite, token)))
    }

    /// Generates a request id for the log.
    pub fn name_request(&self) -> Result<String, RandomnessError> {
        Ok(ClaimId::draw(self.clock.now(), &*self.randomness)?.to_string())
    }

    /// Unseals the token of a stored invite, to show its link again.
    pub fn unseal_token(&self, invite: &Invite) -> Result<Token, SealError> {
        self.seal.open_token(invite.id, &invite.sealed_token)
    }
}

/// Yields to other tasks, like `tokio::task::yield_now`, on any runtime.
async fn yield_now() {
    let mut is_first = true;
    std::future::poll_fn(|context| {
        if std::mem::take(&mut is_first) {
            context.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(())
    })
    .await;
}
