//! What is wrong with a form, and where it is said.

use minijinja::{Value, context};

use crate::words::{Language, Speaker};

/// Something that is wrong: a message and what it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    key: &'static str,
    /// The values of the message, by name.
    texts: Vec<(&'static str, String)>,
    count: Option<i64>,
    /// What the XMPP server says about it.
    reason: Option<String>,
}

/// Everything that is wrong with a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// Beside the username.
    username: Option<Fault>,
    /// Beside the password.
    password: Option<Fault>,
    /// Above all: the heading and what follows.
    alert: Option<(&'static str, Fault)>,
}

impl Fault {
    pub(super) fn new(key: &'static str) -> Self {
        Self { key, texts: Vec::new(), count: None, reason: None }
    }

    pub(super) fn with_count(self, count: usize) -> Self {
        Self { count: Some(i64::try_from(count).unwrap_or(i64::MAX)), ..self }
    }

    pub(super) fn with_username(self, username: &str) -> Self {
        self.with("username", username.to_owned())
    }

    pub(super) fn with_address(self, address: String) -> Self {
        self.with("address", address)
    }

    pub(super) fn with_field(self, field: &str) -> Self {
        self.with("field", field.to_owned())
    }

    /// The XMPP server said why, or nothing.
    pub(super) fn with_reason(self, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()), ..self }
    }

    fn with(mut self, name: &'static str, text: String) -> Self {
        self.texts.push((name, text));
        self
    }

    #[cfg(test)]
    pub(super) fn key(&self) -> &'static str {
        self.key
    }

    /// What is said, as HTML.
    pub(super) fn html(&self, language: &Language) -> String {
        let texts = self.texts.iter().map(|(name, text)| (*name, Value::from(text.as_str())));
        let values = texts.chain(self.count.map(|count| ("count", Value::from(count)))).collect();
        let said = Speaker::say_html(language, self.key, values);
        match &self.reason {
            Some(reason) => {
                let values = vec![("reason", Value::from(reason.as_str()))];
                format!("{said} {}", Speaker::say_html(language, "server-says", values))
            }
            None => said,
        }
    }
}

impl Faults {
    pub(super) fn fields(username: Option<Fault>, password: Option<Fault>) -> Self {
        Self { username, password, alert: None }
    }

    pub(super) fn username(fault: Fault) -> Self {
        Self::fields(Some(fault), None)
    }

    pub(super) fn password(fault: Fault) -> Self {
        Self::fields(None, Some(fault))
    }

    /// What is no matter of one field.
    pub(super) fn alert(heading: &'static str, fault: Fault) -> Self {
        Self { alert: Some((heading, fault)), ..Self::default() }
    }

    /// What is said, for a template.
    ///
    /// Whatever is wrong is said in `text`, with its `heading`, also what is said beside a field: a template need not
    /// have a place beside each field.
    pub(super) fn say(&self, language: &Language) -> Value {
        let say = |fault: &Option<Fault>| fault.as_ref().map(|fault| fault.html(language));
        let (username, password) = (say(&self.username), say(&self.password));
        let alert = self.alert.as_ref().map(|(_, fault)| fault.html(language));
        let all: Vec<&str> =
            [&alert, &username, &password].into_iter().flatten().map(String::as_str).collect();
        let text = all.join("<br>");
        let heading = self.alert.as_ref().map_or("error-heading", |(heading, _)| heading);
        let any = !all.is_empty();
        context! {
            heading => any.then_some(heading),
            text => any.then(|| Value::from_safe_string(text)),
            username => username.map(Value::from_safe_string),
            password => password.map(Value::from_safe_string),
            any,
        }
    }
}
