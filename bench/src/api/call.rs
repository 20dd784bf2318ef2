//! The calls that are measured.

use std::fmt;

/// One call, in one situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// A mint through the API of `mod_invites_api`, on an empty store.
    LegacyMint,
    /// A mint through the JSON API, on an empty store.
    Mint,
    /// A claim, each on another invite.
    Claim,
    /// A completion, each of another claim.
    Complete,
    /// The first page of a list.
    FirstPage,
    /// A page from its middle.
    MiddlePage,
    /// A mint with nothing else going on.
    MintAlone,
    /// A mint while batches are made.
    MintBesideBatches,
    /// A mint on a server that slows down who guesses, with nobody guessing.
    MintUnflooded,
    /// A mint on such a server, while somebody guesses as fast as they can.
    MintFlooded,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LegacyMint => "`GET /invites_api`",
            Self::Mint => "`POST /v1/invites`",
            Self::Claim => "`POST /v1/redemptions`",
            Self::Complete => "`POST /v1/redemptions/{claim}/complete`",
            Self::FirstPage => "`GET /v1/invites?limit=100`, first page",
            Self::MiddlePage => "`GET /v1/invites?limit=100`, from the middle",
            Self::MintAlone => "`POST /v1/invites`, alone",
            Self::MintBesideBatches => "`POST /v1/invites`, beside batches",
            Self::MintUnflooded => "`POST /v1/invites`, nobody guesses",
            Self::MintFlooded => "`POST /v1/invites`, somebody guesses",
        })
    }
}
