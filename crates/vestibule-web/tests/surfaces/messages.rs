//! The messages of the pages by their ids, so that a change of words changes no test. The end-to-end tests use this
//! file too.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

/// An English message. A value that looks like a number selects the plural form.
pub(crate) fn message(key: &str, values: &[(&str, &str)]) -> String {
    message_in("en", key, values)
}

/// A message in a language.
pub(crate) fn message_in(tag: &str, key: &str, values: &[(&str, &str)]) -> String {
    let text = match tag {
        "en" => include_str!("../../locales/en.ftl"),
        "de" => include_str!("../../locales/de.ftl"),
        "de-x-formal" => include_str!("../../locales/de-x-formal.ftl"),
        "ja" => include_str!("../../locales/ja.ftl"),
        _ => panic!("add the language {tag} here"),
    };
    let (resource, language) = (FluentResource::try_new(text.to_owned()), tag.split("-x-").next());
    let mut bundle = FluentBundle::new(vec![language.unwrap_or(tag).parse().unwrap()]);
    bundle.set_use_isolating(false);
    bundle.add_resource(resource.unwrap()).unwrap();
    let mut args = FluentArgs::new();
    for (name, value) in values {
        args.set(*name, FluentValue::try_number(value));
    }
    let pattern = bundle.get_message(key).and_then(|message| message.value());
    let pattern = pattern.unwrap_or_else(|| panic!("there is no message {key}"));
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
    assert!(errors.is_empty(), "{key}: {errors:?}");
    text
}
