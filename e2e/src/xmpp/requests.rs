//! What a client asks of a server.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::HarnessError;
use crate::xmpp::stream::LIMIT;
use crate::xmpp::{Element, Stream, escape, ns};

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It was done; the whole stanza.
    Ok(Element),
    /// It was refused.
    Refused {
        /// `cancel`, `wait`, `modify`, `auth`: whether it is worth trying again.
        kind: String,
        /// The condition, by its name.
        condition: String,
        /// Words for people; empty where there are none.
        text: String,
    },
}

impl Reply {
    /// Whether it was done.
    pub fn is_ok(&self) -> bool {
        matches!(self, Self::Ok(_))
    }

    /// Type and condition of a refusal; nothing where it was done.
    pub fn refusal(&self) -> Option<(&str, &str)> {
        match self {
            Self::Ok(_) => None,
            Self::Refused { kind, condition, .. } => Some((kind, condition)),
        }
    }

    fn of(stanza: Element) -> Self {
        if stanza.attr("type") != Some("error") {
            return Self::Ok(stanza);
        }
        let error = stanza.children.into_iter().find(|child| child.name == "error").unwrap_or_default();
        let (texts, conditions): (Vec<_>, Vec<_>) = error
            .children
            .iter()
            .filter(|child| child.ns == ns::STANZAS)
            .partition(|child| child.name == "text");
        Self::Refused {
            kind: error.attr("type").unwrap_or_default().to_owned(),
            condition: conditions.first().map(|child| child.name.clone()).unwrap_or_default(),
            text: texts.first().map(|child| child.text.clone()).unwrap_or_default(),
        }
    }
}

impl Stream {
    /// Sends an `iq` and returns its id, without waiting; [`Stream::answer`] does.
    ///
    /// # Errors
    /// If the server has hung up.
    pub fn ask(&mut self, of_type: &str, payload: &str) -> Result<String, HarnessError> {
        self.asked += 1;
        let id = format!("q{}", self.asked);
        self.send(&format!("<iq type='{of_type}' id='{id}'>{payload}</iq>"))?;
        Ok(id)
    }

    /// The answer to an `iq`.
    ///
    /// # Errors
    /// If it does not come within `limit`.
    pub fn answer(&mut self, id: &str, limit: Duration) -> Result<Reply, HarnessError> {
        let is_answer = |stanza: &Element| {
            stanza.name == "iq"
                && stanza.attr("id") == Some(id)
                && matches!(stanza.attr("type"), Some("result" | "error"))
        };
        self.wait_for(&format!("the answer to {id}"), limit, is_answer).map(Reply::of)
    }

    /// Sends an `iq` and waits for its answer.
    ///
    /// # Errors
    /// If there is none.
    pub fn request(&mut self, of_type: &str, payload: &str) -> Result<Reply, HarnessError> {
        let id = self.ask(of_type, payload)?;
        self.answer(&id, LIMIT)
    }

    /// Shows a token, before anything else (XEP-0445).
    ///
    /// # Errors
    /// If there is no answer.
    pub fn preauth(&mut self, token: &str) -> Result<Reply, HarnessError> {
        self.request("set", &preauth_element(token))
    }

    /// Asks what is needed to register (XEP-0077).
    ///
    /// # Errors
    /// If there is no answer.
    pub fn registration_form(&mut self) -> Result<Reply, HarnessError> {
        self.request("get", &format!("<query xmlns='{}'/>", ns::REGISTER))
    }

    /// Sends a registration without waiting for its answer.
    ///
    /// # Errors
    /// If the server has hung up.
    pub fn ask_to_register(&mut self, username: &str, password: &str) -> Result<String, HarnessError> {
        let (ns, username, password) = (ns::REGISTER, escape(username), escape(password));
        self.ask(
            "set",
            &format!(
                "<query xmlns='{ns}'><username>{username}</username><password>{password}</password></query>"
            ),
        )
    }

    /// Registers an account, or sets the password of one (XEP-0077).
    ///
    /// # Errors
    /// If there is no answer.
    pub fn register(&mut self, username: &str, password: &str) -> Result<Reply, HarnessError> {
        let id = self.ask_to_register(username, password)?;
        self.answer(&id, LIMIT)
    }

    /// Logs in (SASL PLAIN) and binds a resource. `false` where name and password do not fit.
    ///
    /// # Errors
    /// If the stream breaks.
    pub fn login(&mut self, username: &str, password: &str) -> Result<bool, HarnessError> {
        let message = STANDARD.encode(format!("\0{username}\0{password}"));
        self.send(&format!("<auth xmlns='{}' mechanism='PLAIN'>{message}</auth>", ns::SASL))?;
        let outcome = self.wait_for("the outcome of a login", LIMIT, |stanza| stanza.ns == ns::SASL)?;
        if outcome.name != "success" {
            return Ok(false);
        }
        self.begin()?;
        let bound = self.request("set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")?;
        match bound {
            Reply::Ok(_) => Ok(true),
            Reply::Refused { condition, .. } => {
                Err(HarnessError::Xmpp { what: "binding a resource".to_owned(), why: condition })
            }
        }
    }

    /// Asks the server for a sign of life (XEP-0199).
    ///
    /// # Errors
    /// If there is no answer within `limit`.
    pub fn ping(&mut self, limit: Duration) -> Result<Reply, HarnessError> {
        let id = self.ask("get", "<ping xmlns='urn:xmpp:ping'/>")?;
        self.answer(&id, limit)
    }

    /// Asks for the roster, after which its changes are pushed: contacts and their `subscription`, with
    /// `+ask` where a request is pending.
    ///
    /// # Errors
    /// If there is none.
    pub fn roster(&mut self) -> Result<Vec<(String, String)>, HarnessError> {
        let reply = self.request("get", &format!("<query xmlns='{}'/>", ns::ROSTER))?;
        let Reply::Ok(stanza) = reply else {
            return Err(HarnessError::Xmpp { what: "the roster".to_owned(), why: format!("{reply:?}") });
        };
        let items = stanza.child("query", ns::ROSTER).map(|query| query.children.iter().map(contact));
        Ok(items.map(Iterator::collect).unwrap_or_default())
    }

    /// The next push that says of a contact what `wanted` is, as in [`Stream::roster`].
    ///
    /// # Errors
    /// If it does not come.
    pub fn roster_push(&mut self, jid: &str, wanted: &str) -> Result<(), HarnessError> {
        let says = (jid.to_owned(), wanted.to_owned());
        let is_push = |stanza: &Element| {
            stanza.is_stanza("iq", "set")
                && stanza
                    .child("query", ns::ROSTER)
                    .is_some_and(|query| query.children.iter().any(|item| contact(item) == says))
        };
        self.wait_for(&format!("a roster push of {jid} as {wanted}"), LIMIT, is_push).map(|_| ())
    }

    /// Becomes available, so that presence comes.
    ///
    /// # Errors
    /// If the server has hung up.
    pub fn be_available(&mut self) -> Result<(), HarnessError> {
        self.send("<presence/>")
    }

    /// Asks somebody to become a contact, with a token or without (XEP-0379).
    ///
    /// # Errors
    /// If the server has hung up.
    pub fn subscribe(&mut self, jid: &str, token: Option<&str>) -> Result<(), HarnessError> {
        let preauth = token.map(preauth_element).unwrap_or_default();
        self.send(&format!("<presence type='subscribe' to='{}'>{preauth}</presence>", escape(jid)))
    }
}

fn preauth_element(token: &str) -> String {
    format!("<preauth xmlns='{}' token='{}'/>", ns::PREAUTH, escape(token))
}

fn contact(item: &Element) -> (String, String) {
    let asking = if item.attr("ask").is_some() { "+ask" } else { "" };
    let subscription = item.attr("subscription").unwrap_or("none");
    (item.attr("jid").unwrap_or_default().to_owned(), format!("{subscription}{asking}"))
}
