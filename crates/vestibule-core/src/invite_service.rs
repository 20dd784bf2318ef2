//! Operations on invites and keys.
//!
//! [`InviteService`] generates and seals tokens and keys, and calls the store. Callers never see a hash, and the
//! store never sees a secret.

use std::sync::Arc;

use crate::{
    ApiKey, CheckRequest, Claim, ClaimId, Clock, Draft, Expiry, IdempotencyKey, Invite, InviteId, KeyId,
    KeyRecord, MintedBatch, NewBatch, NewClaim, NewInvite, NewToken, PreauthGrant, Principal, Randomness,
    RandomnessError, Rate, Refusal, Scopes, SealError, SealKey, Store, StoreError, Timestamp, Token,
    TokenLookup, TokenRefusal, Username, rules::PREAUTH_GRANT_LIFETIME, store::NewKeyRecord,
};

/// Larger batches are authorized before their tokens are generated.
const MAX_UNAUTHORIZED: usize = 10;

/// Separator of a token and a preauth grant. Neither contains it.
const GRANT_SEPARATOR: char = '~';

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

/// The result of a passed check.
#[derive(Debug)]
pub struct CheckedToken {
    /// The invite.
    pub invite: Invite,
    /// The preauth grant: opaque text to pass to [`InviteService::claim`].
    pub admission: String,
}

/// The requested properties of a new key.
#[derive(Clone, Debug, Default)]
pub struct NewKey {
    /// Display name.
    pub name: Option<String>,
    /// Scopes.
    pub scopes: Scopes,
    /// Expiry.
    pub expiry: Expiry,
    /// Rate limit.
    pub rate: Option<Rate>,
}

impl NewKey {
    /// Checks the rules that do not depend on stored data.
    pub fn validate(&self) -> Result<(), Refusal> {
        if self.name.as_ref().is_some_and(|name| name.len() > 200 || name.chars().any(char::is_control)) {
            return Err(Refusal::field("name", "at most 200 bytes, without control characters"));
        }
        Ok(())
    }
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
            let TokenLookup { id, hash } = token.lookup();
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
            let token = if token.lookup().id == invite.id { token } else { self.token_of(&invite)? };
            Ok(MintedInvite { invite, token })
        });
        minted.collect::<Result<_, SealError>>().map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    fn prepare(&self, draft: Draft) -> Result<(NewInvite, Token), RandomnessError> {
        let token = Token::draw(self.clock.now(), &*self.randomness)?;
        let TokenLookup { id, hash } = token.lookup();
        let sealed_token = self.seal.seal_token(id, &token);
        Ok((NewInvite { id, hash, sealed_token, draft }, token))
    }

    /// Finds the invite of an untrusted token.
    pub async fn find(&self, token: &str) -> Result<Option<(Invite, Token)>, StoreError> {
        let Ok(token) = Token::parse(token) else {
            return Ok(None);
        };
        Ok(self.store.invite_by_token(token.lookup()).await?.map(|invite| (invite, token)))
    }

    /// Generates a request id for the log.
    pub fn name_request(&self) -> Result<String, RandomnessError> {
        Ok(ClaimId::draw(self.clock.now(), &*self.randomness)?.to_string())
    }

    /// Unseals the token of a stored invite, to show its link again.
    pub fn token_of(&self, invite: &Invite) -> Result<Token, SealError> {
        self.seal.open_token(invite.id, &invite.sealed_token)
    }

    /// Rule 1: checks a token. The time of the check is taken before the answer is computed.
    ///
    /// The text is a token, optionally with a grant for its invite ([`InviteService::join`]). With a grant, the check
    /// applies to the time of the grant, and the result contains the same grant.
    pub async fn check(
        &self,
        by: &Principal,
        text: &str,
        username: Option<&Username>,
    ) -> Result<CheckedToken, StoreError> {
        let now = self.clock.now();
        let (text, earlier) =
            text.split_once(GRANT_SEPARATOR).map_or((text, None), |(token, rest)| (token, Some(rest)));
        let token = lookup(text)?;
        // An invalid or outdated grant is ignored.
        let earlier = earlier.and_then(|text| Some((text, self.read_admission(token.id, text)?)));
        let admitted_at = earlier.map(|(_, admission)| admission.at);
        let check = CheckRequest { token, username: username.cloned(), admitted_at };
        let invite = self.store.check(by, check).await?;
        let admission = match earlier {
            Some((text, _)) => text.to_owned(),
            None => self.seal.admit(invite.id, now, &*self.randomness)?,
        };
        Ok(CheckedToken { invite, admission })
    }

    /// Returns a grant for a form about a valid invite, so that the form can be submitted later.
    pub fn form_grant(&self, invite: &Invite) -> Result<String, RandomnessError> {
        self.seal.admit(invite.id, self.clock.now(), &*self.randomness)
    }

    /// Opens a grant for this invite from the last hour.
    pub fn read_admission(&self, invite: InviteId, text: &str) -> Option<PreauthGrant> {
        let admission = self.seal.read_admission(text).ok()?;
        let is_recent = self.clock.now() < admission.at.plus(PREAUTH_GRANT_LIFETIME);
        (admission.invite == invite && is_recent).then_some(admission)
    }

    /// Joins a token and a grant, for a protocol with a single field for the token (XEP-0445).
    pub fn join(token: &Token, admission: &str) -> String {
        format!("{}{GRANT_SEPARATOR}{admission}", token.expose())
    }

    /// Rule 2: claims one use.
    pub async fn claim(
        &self,
        by: &Principal,
        token: &str,
        username: Option<Username>,
        admission: Option<&str>,
    ) -> Result<Claim, StoreError> {
        self.claim_replacing(by, token, username, admission, None).await
    }

    /// Rule 2: claims one use, and releases `replaces` in the same transaction. The caller guarantees that `replaces`
    /// is a claim on the same invite, from which no account results.
    pub async fn claim_replacing(
        &self,
        by: &Principal,
        token: &str,
        username: Option<Username>,
        admission: Option<&str>,
        replaces: Option<ClaimId>,
    ) -> Result<Claim, StoreError> {
        let token = lookup(token)?;
        let admission = match admission.map(|text| self.seal.read_admission(text)) {
            None => None,
            Some(Ok(admission)) if admission.invite == token.id => Some(admission),
            Some(_) => {
                let message = "not an admission to this invite: pass the value from the check, unchanged";
                return Err(Refusal::field("admission", message).into());
            }
        };
        let id = ClaimId::draw(self.clock.now(), &*self.randomness)?;
        self.store.claim(by, NewClaim { id, token, username, admission, replaces }).await
    }

    /// Creates a key. Its secret cannot be read again.
    pub async fn create_key(&self, by: &Principal, key: NewKey) -> Result<(KeyRecord, ApiKey), StoreError> {
        key.validate()?;
        let text = ApiKey::draw(&*self.randomness)?;
        let record = NewKeyRecord {
            id: text.id.clone(),
            secret: text.hash(),
            name: key.name.filter(|name| !name.is_empty()),
            scopes: key.scopes,
            expiry: key.expiry,
            rate: key.rate,
        };
        Ok((self.store.insert_key(by, record).await?, text))
    }

    /// Deletes a key.
    pub async fn delete_key(&self, by: &Principal, id: &str) -> Result<(), StoreError> {
        let id = KeyId::parse(id).map_err(|_| Refusal::NotFound("key"))?;
        self.store.delete_key(by, &id).await
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

/// The lookup key of a presented token, possibly inside pasted text. Text without a token is reported as an unknown
/// token.
fn lookup(presented: &str) -> Result<TokenLookup, Refusal> {
    Token::find_in(presented).map(|token| token.lookup()).ok_or_else(|| TokenRefusal::Unknown.into())
}
