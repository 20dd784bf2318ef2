//! The domain of Vestibule: invites, the permission to create them, and their redemption.
//!
//! This crate uses no disk, socket or async runtime. Time comes from a [`Clock`], randomness from a [`Randomness`],
//! both passed in. Storage is the [`Store`] trait, which the engines of `vestibule-store` implement.
//!
//! # Where to look
//!
//! - [`rules`]: permissions, and the conditions of a redemption. Plain functions on plain data. Engines may
//!   express a condition in SQL to make it atomic, but its meaning is defined here.
//! - [`InviteService`]: the operations that callers use (create, check, claim...). It generates and seals tokens, and
//!   calls the store.
//! - [`Store`]: its documentation says how to add an operation or an engine.
//!
//! # Secrets
//!
//! [`Token`], [`KeySecret`] and [`SealKey`] print as `[redacted]` and have no `Display`. Reading one requires a call
//! to `expose()`, which is easy to search for.
#![forbid(unsafe_code)]

mod account;
mod accounts;
mod batch;
mod claim;
mod display_text;
mod draft;
mod duration;
mod event;
mod expiry;
mod field_error;
pub mod hex;
mod host;
mod idempotency;
mod import;
mod invite;
mod invite_changes;
mod invite_filter;
mod invite_service;
mod inviter_limits;
mod key;
mod key_id;
mod kind;
mod language_tag;
mod observer;
mod password;
mod pasted;
mod policy;
mod preauth;
mod principal;
mod probe;
mod random;
mod rate;
mod receipt;
mod refusal;
mod registrar;
pub mod rules;
mod scope;
mod seal;
mod session;
mod store;
mod store_types;
mod time;
mod token;
mod trace_target;
mod uri;
mod username;
mod username_policy;

pub use account::{AccountChange, UnknownAccountChange};
pub use accounts::{Accounts, AccountsError, Capabilities};
pub use batch::{MAX_BATCH_BYTES, MintedBatch, MintedInvites, NewBatch, NewToken, StoredBatch};
pub use claim::{
    Claim, ClaimId, Completion, FAILED_CLAIMS_WINDOW, LEASE, MAX_CLAIMS_PER_GRANT, MAX_FAILED_CLAIMS,
    MAX_OPEN_CLAIMS, NewClaim, OpenClaim, OpenClaims, PreauthGrant, Redemption, Via,
};
pub use display_text::{DisplayTextError, InviterName, Message};
pub use draft::Draft;
pub use duration::{DurationError, format_duration, parse_duration};
pub use event::{Action, Event};
pub use expiry::{Expiry, MAX_EXPIRY};
pub use field_error::FieldError;
pub use host::{Host, HostError};
pub use idempotency::{IDEMPOTENCY_KEY_LIFETIME, IdempotencyKey, IdempotencyKeyError};
pub use import::{ForeignInvite, ImportMode, ImportOutcome, ImportedInvite};
pub use invite::{Invite, InviteId, InviteIdError, NewInvite, State};
pub use invite_changes::InviteChanges;
pub use invite_filter::InviteFilter;
pub use invite_service::{CheckedToken, InviteService, MintedInvite, NewKey};
pub use inviter_limits::{
    INVITER_MONTH, InviterLimit, InviterLimitChanges, InviterLimitPolicy, InviterLimitReached, InviterLimits,
    MadeInvite,
};
pub use jid::BareJid;
pub use key::{ApiKey, KeyRecord, KeySecret, PresentedKey, SecretHash};
pub use key_id::{KeyId, KeyIdError};
pub use kind::{Kind, UnknownKind};
pub use language_tag::{LanguageTag, LanguageTagError};
pub use observer::{Commit, NoopObserver, Observer};
pub use password::{MAX_PASSWORD_BYTES, Password, PasswordError};
pub use pasted::{pasted_address, unescaped};
pub use policy::{HostPolicy, Policies};
pub use preauth::PreauthToken;
pub use principal::{AuthContext, Principal, Source};
pub use probe::{CHALLENGE_LEN, ProbeVerdict, SeenProbe};
pub use random::{Randomness, RandomnessError};
pub use rate::{GcraState, Rate, RateError};
pub use receipt::{FormReceipt, RECEIPT_LIFETIME};
pub use refusal::{Refusal, TokenRefusal, UsernameRefusal};
pub use registrar::{PasswordCheck, Registrar, RegistrarError, RegistrationRequest};
pub use scope::{Scope, Scopes, UnknownScope};
pub use seal::{PreauthGrantError, SealError, SealKey};
pub use session::{
    LOGIN_LINK_LIFETIME, SESSION_IDLE_TIMEOUT, SESSION_LIFETIME, SESSION_USE_INTERVAL, Session, SessionHash,
    SessionId, SessionSecret,
};
pub use store::{
    HostStore, ImportStore, InviteStore, KeyStore, MaintenanceStore, MemberStore, RedemptionStore,
    SessionStore, Store, StoreError,
};
pub use store_types::{
    CheckRequest, Cursor, EventPage, EventQuery, InviteDetails, InvitePage, InviteQuery, Member,
    MemberDetails, MemberPage, MemberQuery, NewKeyRecord, PendingCounts, PurgeStep, RedemptionPage,
    RedemptionQuery, Retention, RevokedInvites, Setting,
};
pub use time::{Clock, Timestamp, TimestampError};
pub use token::{Token, TokenError, TokenHash, TokenLookup};
pub use trace_target::TRACE_TARGET;
pub use uri::{account_uri, xmpp_uri};
pub use username::{Username, UsernameError};
pub use username_policy::{ForbiddenUsername, ReservedUsernames};
