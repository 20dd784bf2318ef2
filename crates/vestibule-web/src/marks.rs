//! What an answer tells the layers around it, in its extensions. Nothing of it is sent.
#![expect(dead_code, reason = "the layers that read these come next")]

/// The answer to a token or key that is not known here: somebody may be guessing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuessFailed;

/// Why the request was refused: a name out of a small fixed set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefusalReason(pub(crate) &'static str);
