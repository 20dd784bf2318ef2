//! The domain of Vestibule: what an invite is, who may make one, and how it is redeemed.
//!
//! Nothing in this crate touches a disk, a socket or an async runtime. Time comes from a [`Clock`],
//! randomness from a [`Randomness`], both passed in. Storage is the [`Store`] trait, which the engines
//! of `vestibule-store` implement.
//!
//! # Where to look
//!
//! - [`rules`]: who may do what, and when an invite may be redeemed. Plain functions on plain data. An
//!   engine may express a condition in SQL so that it is atomic, but its meaning is defined here.
//! - [`Desk`]: the verbs that callers use (mint, check, claim...). It draws tokens, seals them, and
//!   hands the rest to the store.
//! - [`Store`]: how to add an operation or an engine is described there.
//!
//! # Secrets
//!
//! [`Token`], [`KeySecret`] and [`SealKey`] print as `[redacted]` and have no `Display`. Reading one
//! takes a call to `expose()`, which is easy to search for.
#![forbid(unsafe_code)]

mod account;
mod actor;
mod batch;
mod claim;
mod desk;
mod draft;
mod duration;
mod event;
mod host;
mod invite;
mod key;
mod key_id;
mod kind;
mod observer;
mod once;
mod password;
mod pasted;
mod policy;
mod preauth;
mod random;
mod rate;
mod refusal;
mod registrar;
pub mod rules;
mod scope;
mod seal;
mod store;
mod time;
mod token;
mod uri;
mod username;
mod username_policy;

pub use account::{AccountChange, UnknownAccountChange};
pub use actor::{Authority, Grant, Source};
pub use batch::{MAX_BATCH_BYTES, MintedBatch, MintedInvites, NewBatch, NewToken, StoredBatch};
pub use claim::{
    Admission, Claim, ClaimId, Completion, FAILED_CLAIMS_WINDOW, LEASE, MAX_CLAIMS_OF_ADMISSION, NewClaim,
    Redemption, Via, max_failed_claims,
};
pub use desk::{Checked, Desk, Minted, NewKey};
pub use draft::{Draft, Edit, Expiry, FieldError, MAX_EXPIRY};
pub use duration::{DurationError, format_duration, parse_duration};
pub use event::{Action, Event};
pub use host::{Host, HostError};
pub use invite::{Invite, InviteId, InviteIdError, NewInvite, State};
pub use jid::BareJid;
pub use key::{KeyRecord, KeySecret, KeyText, PresentedKey, SecretHash};
pub use key_id::{KeyId, KeyIdError};
pub use kind::{Kind, UnknownKind};
pub use observer::{Commit, Observer, Unobserved};
pub use once::{ONCE_LIFE, Once, OnceError};
pub use password::{MAX_PASSWORD_BYTES, Password, PasswordError};
pub use pasted::{pasted_address, unescaped};
pub use policy::{HostPolicy, Policies};
pub use preauth::PreauthToken;
pub use random::{Randomness, RandomnessError};
pub use rate::{Meter, Rate, RateError};
pub use refusal::{Refusal, TokenRefusal, UsernameRefusal};
pub use registrar::{Application, LogIn, Registrar, RegistrarError};
pub use scope::{Scope, Scopes, UnknownScope};
pub use seal::{AdmissionError, SealError, SealKey};
pub use store::{
    Census, Cursor, EventPage, EventQuery, InviteDetails, InvitePage, InviteQuery, NewKeyRecord,
    RedemptionPage, RedemptionQuery, Retention, Setting, Store, StoreError, SweepStep, TokenCheck,
};
pub use time::{Clock, Timestamp, TimestampError};
pub use token::{Token, TokenError, TokenHash, TokenLookup};
pub use uri::xmpp_uri;
pub use username::{Username, UsernameError};
pub use username_policy::{ForbiddenUsername, ReservedUsernames};
