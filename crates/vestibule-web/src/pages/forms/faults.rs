//! What is wrong with a form, and where it is said.

use minijinja::{Value, context};

use crate::words::{Language, Speaker};

/// Something that is wrong: a message and what it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    key: &'static str,
    username: Option<String>,
    count: Option<i64>,
    /// What the XMPP server says about it.
    reason: Option<String>,
}

/// Everything that is wrong with a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// Beside the username.
    pub(super) username: Option<Fault>,
    /// Beside the password.
    pub(super) password: Option<Fault>,
    /// Above all: the heading and what follows.
    pub(super) alert: Option<(&'static str, Fault)>,
}

impl Fault {
    pub(super) fn new(key: &'static str) -> Self {
        Self { key, username: None, count: None, reason: None }
    }

    pub(super) fn with_count(key: &'static str, count: i64) -> Self {
        Self { count: Some(count), ..Self::new(key) }
    }

    pub(super) fn with_username(key: &'static str, username: &str) -> Self {
        Self { username: Some(username.to_owned()), ..Self::new(key) }
    }

    /// The XMPP server said why, or nothing.
    pub(super) fn with_reason(key: &'static str, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()), ..Self::new(key) }
    }

    #[cfg(test)]
    pub(super) fn key(&self) -> &'static str {
        self.key
    }

    /// What is said, for a template.
    pub(super) fn say(&self, language: &Language) -> Value {
        let mut values = Vec::new();
        values.extend(self.username.as_deref().map(|username| ("username", Value::from(username))));
        values.extend(self.count.map(|count| ("count", Value::from(count))));
        let mut said = Speaker::say_html(language, self.key, values);
        if let Some(reason) = &self.reason {
            let reason =
                Speaker::say_html(language, "server-says", vec![("reason", Value::from(reason.as_str()))]);
            said = format!("{said} {reason}");
        }
        Value::from_safe_string(said)
    }
}

impl Faults {
    pub(super) fn are_none(&self) -> bool {
        *self == Self::default()
    }

    /// What is said, for a template.
    pub(super) fn say(&self, language: &Language) -> Value {
        let say = |fault: &Option<Fault>| fault.as_ref().map(|fault| fault.say(language));
        let (heading, text) = match &self.alert {
            Some((heading, fault)) => (Some(*heading), Some(fault.say(language))),
            None => (None, None),
        };
        context! {
            username => say(&self.username),
            password => say(&self.password),
            heading,
            text,
            any => !self.are_none(),
        }
    }
}
