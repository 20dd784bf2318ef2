//! The options of `invites`.
#![expect(clippy::doc_markdown, reason = "these comments are the help text, which is no Markdown")]

use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand};
use vestibule_core::{Host, InviteFilter, InviterName, Kind, LanguageTag, Message, State, Username};

use super::values::{
    BlankIsNone, Uses, condition, count, expiry, id_or_token, inviter_name, label, language, message, note,
    uses,
};
use crate::{cli_error::CliError, sheet::SheetFile};

#[derive(Debug, Subcommand)]
pub(crate) enum InvitesCommand {
    /// Create invites and print their links.
    Create(CreateArgs),
    /// List the invites of a host, newest first.
    List(ListArgs),
    /// Count the invites of a host.
    Count(ListArgs),
    /// Show one invite with its link and its redemptions.
    #[command(override_usage = "vestibule invites show [OPTIONS] [HOST] <ID|TOKEN>")]
    Show(InviteArgs),
    /// Change an invite, such as its expiry, its uses or its note, or restore a revoked one.
    Edit(EditArgs),
    /// Revoke invites.
    Revoke(RevokeArgs),
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vestibule invites create example.com --expires 7d --note \"for the new neighbours\"
  vestibule invites create juliet@example.com                # reserves the username
  vestibule invites create example.com --contact ann         # ann becomes the first contact
  vestibule invites create example.com --inviter-name \"Aunt Ann\" --message \"See you on Sunday!\" --language de
  vestibule invites create --kind password-reset ann@example.com
  vestibule invites create example.com --count 30 --group 7b --qr-sheet class.pdf")]
pub(crate) struct CreateArgs {
    /// The host, or the address that the invite is reserved for.
    #[arg(value_name = "HOST|USER@HOST")]
    pub(crate) address: String,
    /// account, account-and-contact, contact or password-reset [default: account, or account-and-contact
    /// with --contact].
    #[arg(long)]
    pub(crate) kind: Option<Kind>,
    /// The inviter, who becomes the first contact.
    #[arg(long, value_name = "USER")]
    pub(crate) contact: Option<String>,
    /// Number of uses, or unlimited.
    #[arg(long, value_name = "N", default_value = "1", value_parser = uses)]
    pub(crate) uses: Uses,
    /// Validity, e.g. 7d [default: the host's invite_expiry].
    #[arg(long, value_name = "DURATION", value_parser = expiry, allow_hyphen_values = true)]
    pub(crate) expires: Option<Duration>,
    /// A group that the new account joins; can be repeated.
    #[arg(long, value_name = "GROUP", value_parser = label)]
    pub(crate) group: Vec<String>,
    /// A role of the new account; can be repeated.
    #[arg(long, value_name = "ROLE", value_parser = label)]
    pub(crate) role: Vec<String>,
    /// A private note.
    #[arg(long, value_name = "TEXT", value_parser = note)]
    pub(crate) note: Option<String>,
    /// A word to the invited person; at most 140 characters.
    #[arg(long, value_name = "TEXT", value_parser = message)]
    pub(crate) message: Option<BlankIsNone<Message>>,
    /// The name of the inviter, to show to the invited person; at most 64 characters.
    #[arg(long, value_name = "NAME", value_parser = inviter_name)]
    pub(crate) inviter_name: Option<BlankIsNone<InviterName>>,
    /// The language of the pages for a visitor without a preference, such as the preview of the link, e.g. de or pt-BR.
    #[arg(long, value_name = "TAG", value_parser = language)]
    pub(crate) language: Option<BlankIsNone<LanguageTag>>,
    /// Number of invites to create.
    #[arg(long, value_name = "N", default_value = "1", value_parser = count)]
    pub(crate) count: u32,
    /// Print CSV with a header row instead of links.
    #[arg(long)]
    pub(crate) csv: bool,
    /// Also write a sheet with a card and a QR code for each invite, to print and cut apart; FILE must end in .pdf or
    /// .html.
    #[arg(long, value_name = "FILE", value_parser = SheetFile::parse)]
    pub(crate) qr_sheet: Option<SheetFile>,
}

// One invite. `clap` takes no value with a leading hyphen behind a positional argument that is missing, so the first word
// is the host if there are two. This is no doc comment, because it would be the help text.
#[derive(Args, Debug)]
pub(crate) struct InviteArgs {
    /// The host [default: the only one], or the invite.
    #[arg(value_name = "HOST", required = true)]
    first: String,
    /// The id or token of the invite, or its link.
    #[arg(value_name = "ID|TOKEN", allow_hyphen_values = true, value_parser = id_or_token)]
    second: Option<String>,
}

impl InviteArgs {
    /// The host, if it was given, and the invite.
    pub(crate) fn split(&self) -> (Option<&str>, &str) {
        match &self.second {
            Some(invite) => (Some(&self.first), invite),
            None => (None, &self.first),
        }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vestibule invites list --state pending
  vestibule invites list example.com --group 7b --note \"new pupils\"
  vestibule invites list --source api/token/wO8pdbnlMxbb --json
  vestibule invites list --renewal-requested         # asks for `invites edit --expires 7d`")]
pub(crate) struct ListArgs {
    /// The host [default: the only one].
    pub(crate) host: Option<String>,
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
}

/// Conditions, all of which an invite must satisfy.
#[derive(Args, Debug, Default)]
pub(crate) struct FilterArgs {
    /// Only invites in this state: pending, used, expired or revoked.
    #[arg(long)]
    pub(crate) state: Option<State>,
    /// Only invites of this kind: account, account-and-contact, contact or password-reset.
    #[arg(long)]
    pub(crate) kind: Option<Kind>,
    /// Only invites to this group.
    #[arg(long, value_name = "GROUP", value_parser = condition)]
    pub(crate) group: Option<String>,
    /// Only invites in the name of this member.
    #[arg(long, value_name = "USER", value_parser = condition)]
    pub(crate) inviter: Option<String>,
    /// Only invites bound to this username.
    #[arg(long, value_name = "USER", value_parser = condition)]
    pub(crate) username: Option<String>,
    /// Only invites whose note contains this text, in letters of either case.
    #[arg(long, value_name = "TEXT", value_parser = condition)]
    pub(crate) note: Option<String>,
    /// Only invites with this source, such as cli or api/token/ID.
    #[arg(long, value_name = "SOURCE", value_parser = condition)]
    pub(crate) source: Option<String>,
    /// Only invites whose holder asks for a renewal, which nobody has answered yet.
    #[arg(long)]
    pub(crate) renewal_requested: bool,
}

#[derive(Args, Debug)]
#[command(override_usage = "vestibule invites edit [OPTIONS] [HOST] <ID|TOKEN>")]
#[command(group(ArgGroup::new("change").required(true).multiple(true).args(["expires", "uses", "note", "message",
    "inviter_name", "language", "restore"])))]
#[command(after_help = "Examples:
  vestibule invites edit example.com 01JH8Z4V9RX3T5Y7B2N6M8K0QD --expires 7d    # also renews an expired one
  vestibule invites edit 01JH8Z4V9RX3T5Y7B2N6M8K0QD --uses 30 --note \"class 7b\"
  vestibule invites edit 01JH8Z4V9RX3T5Y7B2N6M8K0QD --note ''    # removes the note
  vestibule invites edit 01JH8Z4V9RX3T5Y7B2N6M8K0QD --message \"The party is on Sunday\"")]
pub(crate) struct EditArgs {
    #[command(flatten)]
    pub(crate) invite: InviteArgs,
    /// New validity, from now on, e.g. 7d.
    #[arg(long, value_name = "DURATION", value_parser = expiry, allow_hyphen_values = true)]
    pub(crate) expires: Option<Duration>,
    /// New number of uses, those that were made included, or unlimited.
    #[arg(long, value_name = "N", value_parser = uses)]
    pub(crate) uses: Option<Uses>,
    /// New note; empty for none.
    #[arg(long, value_name = "TEXT", value_parser = note)]
    pub(crate) note: Option<String>,
    /// New message to the invited person; empty for none.
    #[arg(long, value_name = "TEXT", value_parser = message)]
    pub(crate) message: Option<BlankIsNone<Message>>,
    /// New name of the inviter; empty for none.
    #[arg(long, value_name = "NAME", value_parser = inviter_name)]
    pub(crate) inviter_name: Option<BlankIsNone<InviterName>>,
    /// New language of the pages for a visitor without a preference; empty for none.
    #[arg(long, value_name = "TAG", value_parser = language)]
    pub(crate) language: Option<BlankIsNone<LanguageTag>>,
    /// Restore a revoked invite.
    #[arg(long)]
    pub(crate) restore: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:
  vestibule invites revoke example.com 01JH8Z4V9RX3T5Y7B2N6M8K0QD 01JH8Z4V9S0D1F2G3H4J5K6M7N
  vestibule invites revoke --group 7b               # shows how many
  vestibule invites revoke --group 7b --yes
  vestibule invites revoke --source api/token/wO8pdbnlMxbb --yes

Conditions select pending invites, unless --state or --renewal-requested is given.")]
pub(crate) struct RevokeArgs {
    /// The host [default: the only one], or the first invite.
    #[arg(value_name = "HOST|ID|TOKEN")]
    first: Option<String>,
    /// The id or token of an invite, or its link.
    #[arg(value_name = "ID|TOKEN", allow_hyphen_values = true, value_parser = id_or_token)]
    second: Option<String>,
    /// More invites.
    #[arg(value_name = "ID|TOKEN")]
    more: Vec<String>,
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// Revoke all invites that satisfy the conditions.
    #[arg(long)]
    pub(crate) yes: bool,
}

impl RevokeArgs {
    /// The host and the invites, as they were typed.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.first.iter().chain(&self.second).chain(&self.more).map(String::as_str).collect()
    }
}

impl FilterArgs {
    /// The filter on a host.
    pub(crate) fn filter(&self, host: &Host) -> Result<InviteFilter, CliError> {
        let username = |option: &str, text: Option<&str>| {
            text.map(|text| Username::parse_at(text, host))
                .transpose()
                .map_err(|error| CliError::usage(format!("{option}: {error}")))
        };
        Ok(InviteFilter {
            state: self.state,
            kind: self.kind,
            group: self.group.clone(),
            inviter: username("--inviter", self.inviter.as_deref())?,
            username: username("--username", self.username.as_deref())?,
            note: self.note.clone(),
            source: self.source.clone(),
            renewal_requested: self.renewal_requested.then_some(true),
        })
    }
}
