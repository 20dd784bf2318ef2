//! Converts the options of `invites create` to a draft.

use vestibule_core::{Draft, Expiry, FieldError, Host, Kind, Refusal, Username, pasted_address};

use crate::{bootstrap, cli::CreateArgs, cli_error::CliError};

/// Reads the options; returns the host and the draft.
pub(super) fn read(args: &CreateArgs) -> Result<(Host, Draft), CliError> {
    let address = pasted_address(&args.address);
    let (username, host) = match address.rsplit_once('@') {
        Some((username, host)) => (Some(username), host),
        None => (None, address),
    };
    let host = bootstrap::host(host)?;
    let kind = match args.kind {
        Some(kind) => kind,
        None if args.contact.is_some() => Kind::AccountAndContact,
        None => Kind::Account,
    };
    if kind == Kind::Account && args.contact.is_some() {
        return Err(CliError::usage("--contact: requires the kind account-and-contact or contact"));
    }
    let name = |text| Username::parse_at(text, &host);
    let inviter = args.contact.as_deref().map(name).transpose();
    let draft = Draft {
        kind,
        username: username
            .map(name)
            .transpose()
            .map_err(|error| CliError::usage(format!("USER@HOST: {error}")))?,
        inviter: inviter.map_err(|error| CliError::usage(format!("--contact: {error}")))?,
        inviter_roles: Vec::new(),
        groups: args.group.clone(),
        roles: args.role.clone(),
        max_uses: args.uses.0,
        expiry: args.expires.map_or(Expiry::Policy, Expiry::In),
        note: args.note.clone(),
        data: None,
        message: args.message.clone().and_then(|message| message.0),
        inviter_name: args.inviter_name.clone().and_then(|name| name.0),
        language: args.language.clone().and_then(|language| language.0),
    };
    // These checks do not need the database, so failures are wrong usage.
    let count = usize::try_from(args.count).unwrap_or(usize::MAX);
    match draft.validate().and_then(|()| draft.check_count(count)) {
        Ok(()) => Ok((host, draft)),
        Err(Refusal::Invalid(errors)) => Err(CliError::usage(in_options(&errors))),
        Err(other) => Err(CliError::usage(other.to_string())),
    }
}

/// Formats field errors with the names of options.
fn in_options(errors: &[FieldError]) -> String {
    let option = |field| match field {
        "username" => "USER@HOST",
        "inviter" => "--contact",
        "groups" => "--group",
        "roles" => "--role",
        "max_uses" => "--uses",
        "expires_in" => "--expires",
        "note" => "--note",
        "inviter_name" => "--inviter-name",
        "count" => "--count",
        other => other,
    };
    errors
        .iter()
        .map(|error| format!("{}: {}", option(&error.field), error.message))
        .collect::<Vec<_>>()
        .join("; ")
}
