//! The names of settings, and suggestions in place of unknown ones.

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor, value},
    forward_to_deserialize_any,
};

use super::file::{File, Host};

/// Rejects a name that is not a field of `T`. `section` is the header of the table, empty for the top level.
pub(super) fn check<'de, T: Deserialize<'de>>(name: &str, section: &str) -> Result<(), String> {
    let known = fields_of::<T>();
    if known.contains(&name) {
        return Ok(());
    }
    if !section.is_empty() && is_global(name) {
        return Err(format!(
            "{name:?} is a setting of the whole service, not of {section}: put it above the first [section]"
        ));
    }
    let section = if section.is_empty() { String::new() } else { format!(" in {section}") };
    Err(match nearest(name, known) {
        Some(near) => format!("unknown setting {name:?}{section}; did you mean \"{near}\"?"),
        None => format!("unknown setting {name:?}{section}; the known ones are {}", known.join(", ")),
    })
}

/// Whether this is a setting at the top of the file.
fn is_global(name: &str) -> bool {
    name != "hosts" && fields_of::<File>().contains(&name)
}

/// Whether this is a setting of a host, or looks like one with a typing error.
pub(super) fn resembles_host_setting(name: &str) -> bool {
    nearest(name, fields_of::<Host>()).is_some()
}

fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let name = name.to_lowercase();
    let distance = |candidate: &&str| strsim::damerau_levenshtein(&name, candidate);
    let near = known.iter().copied().min_by_key(|candidate| distance(candidate))?;
    (distance(&near) <= near.len().div_ceil(2)).then_some(near)
}

/// The names of a struct's fields, as its `Deserialize` implementation passes them to a deserializer.
fn fields_of<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    // Always fails, once `FieldNames` has received the names.
    let _ = T::deserialize(FieldNames(&mut fields));
    fields
}

struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        Err(Self::Error::custom("only field names are read"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("not a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
