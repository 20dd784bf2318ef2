//! The available languages.

/// A language and its messages.
#[derive(Debug)]
pub(super) struct Locale {
    /// BCP 47 tag.
    pub(super) tag: &'static str,
    /// Name in the language itself.
    pub(super) name: &'static str,
    /// Whether the language is written from right to left.
    pub(super) right_to_left: bool,
    /// Messages in Fluent syntax.
    pub(super) text: &'static str,
}

impl Locale {
    /// The tag without a private-use variant, which decides dates, plurals and digits.
    pub(super) fn language_tag(&self) -> &'static str {
        self.tag.split_once("-x-").map_or(self.tag, |(language, _)| language)
    }
}

macro_rules! locale {
    ($tag:literal, $name:literal) => {
        locale!($tag, $name, false)
    };
    ($tag:literal, $name:literal, $right_to_left:literal) => {
        Locale {
            tag: $tag,
            name: $name,
            right_to_left: $right_to_left,
            text: include_str!(concat!("../../locales/", $tag, ".ftl")),
        }
    };
}

/// The source language, and the fallback of the others.
pub(super) const ENGLISH: Locale = locale!("en", "English");

/// All languages, in the order of the list on the page: English first, then by name. A variant with a private-use
/// subtag (`de-x-formal`) takes the place of its language on hosts that choose it.
pub(super) const ALL: &[Locale] = &[
    ENGLISH,
    locale!("de", "Deutsch"),
    locale!("de-x-formal", "Deutsch"),
    locale!("es", "Español"),
    locale!("fr", "Français"),
    locale!("it", "Italiano"),
    locale!("nl", "Nederlands"),
    locale!("pl", "Polski"),
    locale!("pt-BR", "Português (Brasil)"),
    locale!("pt-PT", "Português (Portugal)"),
    locale!("tr", "Türkçe"),
    locale!("ru", "Русский"),
    locale!("uk", "Українська"),
    locale!("ar", "العربية", true),
    locale!("fa", "فارسی", true),
    locale!("ja", "日本語"),
    locale!("zh-Hans", "简体中文"),
    locale!("zh-Hant", "繁體中文"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::Path,
    };

    use fluent_syntax::{
        ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
        parser,
    };

    /// The variables of each message.
    type Messages = BTreeMap<String, BTreeSet<String>>;

    fn messages(locale: &Locale) -> Messages {
        let resource =
            parser::parse(locale.text).unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", locale.tag));
        let mut messages = Messages::new();
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut variables = BTreeSet::new();
            of_pattern(&message.value.unwrap(), &mut variables);
            let before = messages.insert(message.id.name.to_owned(), variables);
            assert!(before.is_none(), "{}: {} twice", locale.tag, message.id.name);
        }
        messages
    }

    fn of_pattern(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { .. } => {}
                PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                    of_inline(inline, variables);
                }
                PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                    of_inline(selector, variables);
                    for variant in variants {
                        of_pattern(&variant.value, variables);
                    }
                }
            }
        }
    }

    fn of_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
        match inline {
            InlineExpression::VariableReference { id } => variables.extend([id.name.to_owned()]),
            // Text that begins or ends with a space.
            InlineExpression::StringLiteral { .. } => {}
            other => panic!("expected a variable, found {other:?}"),
        }
    }

    #[test]
    fn every_language_has_the_messages_of_english_with_their_variables() {
        let english = messages(&ENGLISH);
        for locale in ALL {
            let own = messages(locale);
            for (key, variables) in &english {
                assert_eq!(own.get(key), Some(variables), "{key} in {}.ftl", locale.tag);
            }
            for key in own.keys() {
                assert!(english.contains_key(key), "{key} in {}.ftl is not in en.ftl", locale.tag);
            }
        }
    }

    /// The content of all files with this extension below a directory.
    fn sources(directory: &Path, extension: &str, found: &mut Vec<String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, extension, found);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(fs::read_to_string(path).unwrap());
            }
        }
    }

    /// The quoted strings that follow each `before`.
    fn quoted_after<'a>(texts: &'a [String], before: &str) -> BTreeSet<&'a str> {
        let after = |text: &'a String| text.split(before).skip(1).collect::<Vec<_>>();
        texts.iter().flat_map(after).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_message_is_used_and_every_used_message_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (mut templates, mut code) = (Vec::new(), Vec::new());
        sources(&root.join("templates"), "html", &mut templates);
        sources(&root.join("src"), "rs", &mut code);
        let english = messages(&ENGLISH);
        for key in english.keys() {
            let quoted = format!("\"{key}\"");
            let is_used = templates.iter().chain(&code).any(|text| text.contains(&quoted));
            assert!(is_used, "{key} in en.ftl is never used");
        }
        let in_templates = ["t(\"", "plain(\""].map(|before| quoted_after(&templates, before));
        let befores = ["FormError::new(\"", "FormErrors::alert(\"", "unavailable(\"", "about: \"app-"];
        let in_code = befores.map(|before| quoted_after(&code, before));
        for key in in_templates.iter().chain(&in_code[..3]).flatten() {
            assert!(english.contains_key(*key), "{key} is used, but not in en.ftl");
        }
        for rest in &in_code[3] {
            assert!(english.contains_key(&format!("app-{rest}")), "app-{rest} is used, but not in en.ftl");
        }
    }
}
