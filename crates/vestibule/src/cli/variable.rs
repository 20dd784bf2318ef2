//! The environment variables of options. An empty one counts as unset.

use std::{
    env,
    ffi::{OsStr, OsString},
};

use clap::{Arg, Command, builder::Resettable};

/// The variables whose empty value means none.
const EMPTY_MEANS_NONE: [&str; 5] = [
    "VESTIBULE_DEMO_PROSODY",
    "VESTIBULE_TRUSTED_PROXIES",
    "VESTIBULE_METRICS_FROM",
    "VESTIBULE_TRACE_CONTEXT_FROM",
    "VESTIBULE_OTLP_ENDPOINT",
];

/// The value of a variable.
pub(super) fn value(name: &OsStr) -> Option<OsString> {
    let may_be_empty = EMPTY_MEANS_NONE.iter().any(|variable| name == *variable);
    env::var_os(name).filter(|value| may_be_empty || !value.is_empty())
}

/// The same command line, which does not read empty variables that count as unset.
pub(super) fn without_empty(command: Command) -> Command {
    let is_empty = |option: &Arg| {
        option.get_env().is_some_and(|name| env::var_os(name).is_some() && value(name).is_none())
    };
    let command =
        command.mut_args(|option| if is_empty(&option) { option.env(Resettable::Reset) } else { option });
    command.mut_subcommands(without_empty)
}
