//! One ad-hoc command: execute, fill in the form, submit (XEP-0050 section 2, XEP-0133 section 3).

use std::sync::atomic::{AtomicBool, Ordering};

use vestibule_core::AccountsError;
use zeroize::Zeroizing;

use crate::{
    ns,
    reply::Reply,
    request::joined,
    sanitize::sanitize,
    stream::Stream,
    stream_error::StreamError,
    xml::{Element, escape},
};

/// The ids of the two requests. A connection is used for one command.
const EXECUTE_ID: &str = "vestibule-5";
const SUBMIT_ID: &str = "vestibule-6";

/// A command and the values of its form.
pub(super) struct Command<'a> {
    /// The end of its node.
    pub(super) name: &'a str,
    pub(super) fields: &'a [(&'a str, &'a str)],
}

impl Command<'_> {
    /// Runs it on a stream that is logged in. `is_submitted` is set before the form is sent.
    pub(super) async fn run(
        &self,
        stream: &mut Stream,
        is_submitted: &AtomicBool,
    ) -> Result<(), AccountsError> {
        let unavailable = |error: StreamError| AccountsError::Unavailable(error.to_string());
        stream.send(&self.execute(stream)).await.map_err(unavailable)?;
        let answer = stream.answer(EXECUTE_ID).await.map_err(unavailable)?;
        if let Reply::Refused(error) = Reply::of(&answer) {
            return Err(refusal::of_execution(&error, self.name));
        }
        let command = answer.child("command", ns::COMMANDS);
        let Some(session) = command.and_then(|command| command.attr("sessionid")) else {
            return Err(AccountsError::Unsupported(format!("the command {} has no form", self.name)));
        };
        let form = self.submit(stream, session)?;
        is_submitted.store(true, Ordering::Relaxed);
        let submitting = async {
            stream.send(&form).await?;
            stream.answer(SUBMIT_ID).await
        };
        let answer = submitting.await.map_err(|error| AccountsError::Unknown(error.to_string()))?;
        if let Reply::Refused(error) = Reply::of(&answer) {
            return Err(refusal::of_submission(&error));
        }
        outcome(answer.child("command", ns::COMMANDS))
    }

    fn node(&self) -> String {
        format!("{}#{}", ns::ADMIN, self.name)
    }

    fn execute(&self, stream: &Stream) -> String {
        format!(
            "<iq type='set' id='{EXECUTE_ID}' to='{}'><command xmlns='{}' node='{}' action='execute'/></iq>",
            stream.host(),
            ns::COMMANDS,
            self.node()
        )
    }

    fn submit(&self, stream: &Stream, session: &str) -> Result<Zeroizing<String>, AccountsError> {
        let invalid =
            || AccountsError::Refused("it contains a character that XMPP cannot transmit".to_owned());
        let session = escape(session).map_err(|_| invalid())?;
        let begin = format!(
            "<iq type='set' id='{SUBMIT_ID}' to='{}'><command xmlns='{}' node='{}' sessionid='{}'>\
             <x xmlns='{}' type='submit'><field var='FORM_TYPE' type='hidden'><value>{}</value></field>",
            stream.host(),
            ns::COMMANDS,
            self.node(),
            *session,
            ns::DATA,
            ns::ADMIN
        );
        let values = self.fields.iter().map(|(_, value)| escape(value).map_err(|_| invalid()));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        let mut parts = vec![begin.as_str()];
        for ((name, _), value) in self.fields.iter().zip(&values) {
            parts.extend(["<field var='", name, "'><value>", value, "</value></field>"]);
        }
        parts.push("</x></command></iq>");
        Ok(joined(&parts))
    }
}

/// What a command says after its form. Prosody reports errors in a note. Only a completed command was carried out
/// (XEP-0050 section 3.3).
fn outcome(command: Option<&Element>) -> Result<(), AccountsError> {
    let unfinished = || AccountsError::Unknown("the command was not completed".to_owned());
    let command = command.ok_or_else(unfinished)?;
    let mut notes = command.children.iter().filter(|child| child.is("note", ns::COMMANDS));
    if let Some(note) = notes.find(|note| note.attr("type") == Some("error")) {
        return Err(refusal::of_note(&sanitize(&note.text)));
    }
    if command.attr("status") == Some("completed") { Ok(()) } else { Err(unfinished()) }
}

/// The meaning of errors.
pub(super) mod refusal {
    use vestibule_core::AccountsError;

    use crate::reply::StanzaError;

    /// The text of the error, else its condition.
    pub(in crate::admin_commands) fn reason(error: &StanzaError) -> String {
        if error.text.is_empty() { error.condition.replace('-', " ") } else { error.text.clone() }
    }

    /// An error in answer to `execute`: the command is unknown or not allowed.
    pub(super) fn of_execution(error: &StanzaError, name: &str) -> AccountsError {
        match error.condition.as_str() {
            "forbidden" | "not-allowed" | "not-authorized" => {
                AccountsError::NotPermitted(format!("the command {name}: {}", reason(error)))
            }
            "item-not-found" | "service-unavailable" | "feature-not-implemented" | "bad-request" => {
                AccountsError::Unsupported(format!("it has no command {name} (XEP-0133)"))
            }
            _ if error.kind == "wait" => AccountsError::Unavailable(reason(error)),
            _ => AccountsError::Refused(reason(error)),
        }
    }

    /// An error in answer to the form. ejabberd answers `not-allowed` for a username that its rules forbid, and
    /// `item-not-found` if the account does not exist.
    pub(super) fn of_submission(error: &StanzaError) -> AccountsError {
        match error.condition.as_str() {
            "conflict" => AccountsError::Exists,
            "item-not-found" => AccountsError::NotFound,
            "forbidden" => AccountsError::NotPermitted(reason(error)),
            "not-allowed" | "jid-malformed" => AccountsError::UsernameNotAllowed(reason(error)),
            // The command may have failed half-way.
            "internal-server-error" | "remote-server-timeout" | "resource-constraint" | "" => {
                AccountsError::Unknown(reason(error))
            }
            _ if error.kind == "wait" => AccountsError::Unknown(reason(error)),
            _ => AccountsError::Refused(reason(error)),
        }
    }

    /// An error in a note, in English as the stream requests.
    pub(super) fn of_note(text: &str) -> AccountsError {
        let lower = text.to_lowercase();
        if lower.contains("already exist") {
            AccountsError::Exists
        } else if lower.contains("not exist") {
            AccountsError::NotFound
        } else if lower.contains("permission") {
            AccountsError::NotPermitted(text.to_owned())
        } else if lower.contains("failed") {
            // Prosody could not write it, perhaps only a part of it.
            AccountsError::Unknown(text.to_owned())
        } else {
            AccountsError::Refused(text.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::StanzaError;

    #[test]
    fn errors_after_the_form_are_certain_only_if_nothing_was_done() {
        let of = |condition: &str, kind: &str| {
            let (condition, kind) = (condition.to_owned(), kind.to_owned());
            refusal::of_submission(&StanzaError { kind, condition, ..StanzaError::default() })
        };
        for (condition, kind) in [
            ("internal-server-error", "cancel"),
            ("remote-server-timeout", "cancel"),
            ("resource-constraint", "cancel"),
            ("service-unavailable", "wait"),
            ("", ""),
        ] {
            let error = of(condition, kind);
            assert!(matches!(error, AccountsError::Unknown(_)), "{condition} {kind}: {error:?}");
        }
        assert_eq!(of("conflict", "cancel"), AccountsError::Exists);
        assert_eq!(of("item-not-found", "cancel"), AccountsError::NotFound);
        assert!(matches!(of("forbidden", "auth"), AccountsError::NotPermitted(_)));
        assert!(matches!(of("not-allowed", "cancel"), AccountsError::UsernameNotAllowed(_)));
        assert!(matches!(of("not-acceptable", "modify"), AccountsError::Refused(_)));
        let disk = refusal::of_note("Failed to write data to disk.");
        assert!(matches!(disk, AccountsError::Unknown(_)), "{disk:?}");
    }

    #[test]
    fn only_a_completed_command_was_carried_out() {
        let command = |status: &str, note: Option<&str>| {
            let element = |name: &str, attribute: (&str, &str), text: &str, children| Element {
                name: name.to_owned(),
                ns: ns::COMMANDS.to_owned(),
                attributes: vec![(attribute.0.to_owned(), attribute.1.to_owned())],
                children,
                text: text.to_owned(),
            };
            let note = note.map(|text| element("note", ("type", "error"), text, Vec::new()));
            outcome(Some(&element("command", ("status", status), "", note.into_iter().collect())))
        };
        assert_eq!(command("completed", None), Ok(()));
        assert_eq!(command("completed", Some("Account already exists")), Err(AccountsError::Exists));
        for unfinished in [outcome(None), command("executing", None), command("canceled", None)] {
            assert!(matches!(unfinished, Err(AccountsError::Unknown(_))), "{unfinished:?}");
        }
    }
}
