//! Errors of a form.

use minijinja::{Value, context};

use crate::i18n::{Language, Translator};

/// An error: a message and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FormError {
    key: &'static str,
    /// The values of the message, by name.
    texts: Vec<(&'static str, String)>,
    count: Option<i64>,
    /// The reason given by the XMPP server.
    reason: Option<String>,
}

/// All errors of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FormErrors {
    /// Beside the username.
    username: Option<FormError>,
    /// Beside the password.
    password: Option<FormError>,
    /// Above the form: the key of the heading, and the error.
    alert: Option<(&'static str, FormError)>,
    /// Free usernames to choose from.
    proposals: Vec<String>,
}

impl FormError {
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

    /// Adds the reason given by the XMPP server, unless it is empty.
    pub(super) fn with_reason(self, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()), ..self }
    }

    fn with(mut self, name: &'static str, text: String) -> Self {
        self.texts.push((name, text));
        self
    }

    /// The message that the proposals follow; `None` if the error has none.
    fn key_with_proposals(&self) -> Option<&'static str> {
        match self.key {
            "name-invalid" => Some("name-invalid-try"),
            "name-taken" => Some("name-taken-try"),
            _ => None,
        }
    }

    #[cfg(test)]
    pub(super) fn key(&self) -> &'static str {
        self.key
    }

    /// The message as HTML.
    pub(super) fn html(&self, language: &Language) -> String {
        let texts = self.texts.iter().map(|(name, text)| (*name, Value::from(text.as_str())));
        let values = texts.chain(self.count.map(|count| ("count", Value::from(count)))).collect();
        let message = Translator::format_html(language, self.key, values);
        match &self.reason {
            Some(reason) => {
                let joiner = Translator::format_html(language, "joiner", Vec::new());
                let values = vec![("reason", Value::from(reason.as_str()))];
                let reason = Translator::format_html(language, "server-says", values);
                format!("{message}{joiner}{reason}")
            }
            None => message,
        }
    }
}

impl FormErrors {
    pub(super) fn fields(username: Option<FormError>, password: Option<FormError>) -> Self {
        Self { username, password, ..Self::default() }
    }

    pub(super) fn username(error: FormError) -> Self {
        Self::fields(Some(error), None)
    }

    pub(super) fn password(error: FormError) -> Self {
        Self::fields(None, Some(error))
    }

    /// Adds an error beside the username.
    pub(super) fn with_username_error(self, error: FormError) -> Self {
        Self { username: Some(error), ..self }
    }

    /// An error that is not about one field.
    pub(super) fn alert(heading: &'static str, error: FormError) -> Self {
        Self { alert: Some((heading, error)), ..Self::default() }
    }

    /// Whether other usernames can solve it.
    pub(super) fn can_have_proposals(&self) -> bool {
        self.username.as_ref().is_some_and(|error| error.key_with_proposals().is_some())
    }

    /// Adds free usernames, and asks to choose one.
    pub(super) fn with_proposals(mut self, names: Vec<String>) -> Self {
        let key = self.username.as_ref().and_then(FormError::key_with_proposals);
        if let Some(key) = key.filter(|_| !names.is_empty()) {
            self.username = Some(FormError::new(key));
            self.proposals = names;
        }
        self
    }

    /// The error beside the username as HTML, and the proposals.
    pub(super) fn into_username(self, language: &Language) -> (Option<String>, Vec<String>) {
        (self.username.map(|error| error.html(language)), self.proposals)
    }

    /// The errors for a template. `text` and `heading` repeat the errors of fields, because a template need not show
    /// any beside its fields.
    pub(super) fn to_value(&self, language: &Language) -> Value {
        let html = |error: &Option<FormError>| error.as_ref().map(|error| error.html(language));
        let (username, password) = (html(&self.username), html(&self.password));
        let alert = self.alert.as_ref().map(|(_, error)| error.html(language));
        let all: Vec<&str> =
            [&alert, &username, &password].into_iter().flatten().map(String::as_str).collect();
        let text = all.join("<br>");
        let heading = self.alert.as_ref().map_or("error-heading", |(heading, _)| heading);
        let any = !all.is_empty();
        context! {
            heading => any.then_some(heading),
            text => any.then(|| Value::from_safe_string(text)),
            alert => alert.map(Value::from_safe_string),
            username => username.map(Value::from_safe_string),
            password => password.map(Value::from_safe_string),
            proposals => &self.proposals,
            any,
        }
    }
}
