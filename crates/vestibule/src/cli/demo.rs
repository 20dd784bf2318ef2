//! The options of `demo`.

use std::ffi::{OsStr, OsString};

use clap::Args;

use super::serve::ListenArgs;

#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    pub(crate) listen: ListenArgs,
    /// The Prosody program to start; empty for none [default: prosody, if installed].
    #[arg(long, value_name = "PROGRAM", env = "VESTIBULE_DEMO_PROSODY")]
    prosody: Option<OsString>,
}

impl DemoArgs {
    /// The Prosody to start, if any.
    pub(crate) fn program(&self) -> Option<&OsStr> {
        let named = self.prosody.as_deref().unwrap_or(OsStr::new("prosody"));
        (!named.is_empty()).then_some(named)
    }
}
