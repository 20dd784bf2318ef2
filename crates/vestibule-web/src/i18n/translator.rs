//! The template functions `t("key", name=value)` and `plain("key", name=value)`.

use std::{fmt, fmt::Write, sync::Arc};

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::{
    Error, ErrorKind, State, Value,
    value::{Kwargs, Object, ValueKind, from_args},
};

use super::Language;
use crate::escape::Escaped;

/// The first of the private-use characters that replace values until the message is escaped. No text contains one.
const FIRST: u32 = 0xE100;

/// A template function that formats a message. `t` returns HTML, with each value in a `bdi` element that isolates its
/// writing direction; `plain` returns text, for titles and attributes.
pub(crate) struct Translator {
    language: Arc<Language>,
    html: bool,
}

impl Translator {
    /// `t`
    pub(crate) fn html(language: &Arc<Language>) -> Value {
        Value::from_object(Self { language: Arc::clone(language), html: true })
    }

    /// `plain`
    pub(crate) fn plain(language: &Arc<Language>) -> Value {
        Value::from_object(Self { language: Arc::clone(language), html: false })
    }
}

/// A value of a message: escaped text, or a number that selects the plural form.
enum Part {
    Html(String),
    Number(i64),
}

impl Translator {
    /// A message as HTML, for use outside of templates.
    pub(crate) fn format_html(language: &Language, key: &str, values: Vec<(&'static str, Value)>) -> String {
        let part = |value: Value| match i64::try_from(value.clone()) {
            Ok(number) if value.kind() == ValueKind::Number => Part::Number(number),
            _ => Part::Html(format!("<bdi>{}</bdi>", Escaped(&value.to_string()))),
        };
        html(language, key, values.into_iter().map(|(name, value)| (name, part(value))))
    }
}

impl Object for Translator {
    fn call(self: &Arc<Self>, _state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (key, values): (&str, Kwargs) = from_args(args)?;
        let mut parts = Vec::new();
        for name in values.args() {
            let value: Value = values.get(name)?;
            let part = match (value.kind(), value.as_str()) {
                (ValueKind::Number, _) => Part::Number(i64::try_from(value)?),
                (_, Some(text)) if value.is_safe() || !self.html => Part::Html(text.to_owned()),
                (_, Some(text)) => Part::Html(format!("<bdi>{}</bdi>", Escaped(text))),
                (_, None) => {
                    let detail = format!("{name} of {key:?} is neither text nor number");
                    return Err(Error::new(ErrorKind::InvalidOperation, detail));
                }
            };
            parts.push((name, part));
        }
        if self.html {
            return Ok(Value::from_safe_string(html(&self.language, key, parts.into_iter())));
        }
        let value = |(name, part)| match part {
            Part::Html(text) => (name, FluentValue::from(text)),
            Part::Number(number) => (name, FluentValue::from(number)),
        };
        Ok(Value::from(self.language.format(key, &parts.into_iter().map(value).collect())))
    }
}

/// A message as HTML.
fn html<'a>(language: &Language, key: &str, parts: impl Iterator<Item = (&'a str, Part)>) -> String {
    let (mut args, mut values) = (FluentArgs::new(), Vec::new());
    for (name, part) in parts {
        let value = match part {
            Part::Number(number) => FluentValue::from(number),
            Part::Html(text) => {
                let placeholder =
                    u32::try_from(values.len()).ok().and_then(|index| char::from_u32(FIRST + index));
                values.push(text);
                FluentValue::from(placeholder.unwrap_or_default().to_string())
            }
        };
        args.set(name.to_owned(), value);
    }
    fill(&language.format(key, &args), &values)
}

/// The message as HTML, with each placeholder replaced by its value.
fn fill(message: &str, values: &[String]) -> String {
    let mut html = String::with_capacity(message.len() + 32);
    for part in message.split_inclusive(|one| value_at(one, values).is_some()) {
        let last = part.chars().next_back();
        let value = last.and_then(|one| value_at(one, values));
        let text = if value.is_some() { &part[..part.len() - last.map_or(0, char::len_utf8)] } else { part };
        // Writing to a String cannot fail.
        let _ = write!(html, "{}", Escaped(text));
        if let Some(value) = value {
            html.push_str(value);
        }
    }
    html
}

fn value_at(one: char, values: &[String]) -> Option<&String> {
    values.get(usize::try_from(u32::from(one).checked_sub(FIRST)?).ok()?)
}

impl fmt::Debug for Translator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", if self.html { "t" } else { "plain" }, self.language.tag)
    }
}

impl fmt::Display for Translator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
