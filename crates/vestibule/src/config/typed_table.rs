//! Takes the settings out of a file that have a known name and the right type, and describes all others.

use serde::de::DeserializeOwned;
use toml::{
    Table, Value,
    de::{DeTable, DeValue},
};

use super::{
    file::{App, File, Host, InviterLimits, LimitException, Xmpp},
    setting_names::{self, resembles_host_setting},
};

/// The settings of a file, without those that are described as faults, each in one line.
pub(super) fn check(table: &mut Table, positions: &DeTable<'_>, text: &str) -> Vec<String> {
    let mut check = Check { text, faults: Vec::new() };
    if let Some(hosts) = table.get_mut("hosts").and_then(Value::as_table_mut) {
        let positions = within(positions, "hosts").and_then(DeValue::as_table);
        hosts.retain(|name, host| check.host(name, host, positions));
    }
    check.table::<File>(table, Some(positions), "");
    check.faults.sort_by_key(|(line, _)| *line);
    check.faults.into_iter().map(|(line, fault)| format!("line {line}: {fault}")).collect()
}

/// The faults that were found so far.
struct Check<'a> {
    text: &'a str,
    /// With their lines.
    faults: Vec<(usize, String)>,
}

impl Check<'_> {
    /// Checks the section of a host; `false` if it is none.
    fn host(&mut self, name: &str, host: &mut Value, hosts: Option<&DeTable<'_>>) -> bool {
        let section = format!("[hosts.\"{name}\"]");
        let Some(host) = host.as_table_mut() else {
            self.note(hosts, name, &format!("{section}: expected a section with settings"));
            return false;
        };
        if let Some(domain) = unquoted_domain(name, host) {
            let what = format!("[hosts.{domain}]: put the domain in quotes: [hosts.\"{domain}\"]");
            self.note(hosts, name, &what);
            return false;
        }
        let positions = hosts.and_then(|hosts| within(hosts, name)).and_then(DeValue::as_table);
        let of = |name| positions.and_then(|positions| within(positions, name));
        if let Some(xmpp) = host.get_mut("xmpp").and_then(Value::as_table_mut) {
            let positions = of("xmpp").and_then(DeValue::as_table);
            self.table::<Xmpp>(xmpp, positions, &format!("[hosts.\"{name}\".xmpp]"));
        }
        if let Some(limits) = host.get_mut("limits").and_then(Value::as_table_mut) {
            self.limits(
                limits,
                of("limits").and_then(DeValue::as_table),
                &format!("[hosts.\"{name}\".limits"),
            );
        }
        let apps = host.get_mut("apps").and_then(Value::as_array_mut);
        let list = of("apps").and_then(DeValue::as_array);
        for (index, app) in apps.into_iter().flatten().enumerate() {
            let Some(app) = app.as_table_mut() else { continue };
            let positions = list.and_then(|list| list.get(index)).and_then(|app| app.get_ref().as_table());
            self.table::<App>(app, positions, &format!("[[hosts.\"{name}\".apps]]"));
        }
        self.table::<Host>(host, positions, &section);
        true
    }

    /// Checks the limits of a host. `section` is their header without its last bracket.
    fn limits(&mut self, limits: &mut Table, positions: Option<&DeTable<'_>>, section: &str) {
        for kind in ["members", "roles"] {
            let Some(exceptions) = limits.get_mut(kind).and_then(Value::as_table_mut) else { continue };
            let positions = positions.and_then(|of| within(of, kind)).and_then(DeValue::as_table);
            for (name, exception) in exceptions.iter_mut() {
                let Some(exception) = exception.as_table_mut() else { continue };
                let positions = positions.and_then(|of| within(of, name)).and_then(DeValue::as_table);
                self.table::<LimitException>(exception, positions, &format!("{section}.{kind}.\"{name}\"]"));
            }
        }
        self.table::<InviterLimits>(limits, positions, &format!("{section}]"));
    }

    /// Removes the settings that are no fields of `T`, or have another type.
    fn table<T: DeserializeOwned>(
        &mut self,
        table: &mut Table,
        positions: Option<&DeTable<'_>>,
        section: &str,
    ) {
        table.retain(|name, value| {
            let typed = || {
                let single = Table::from_iter([(name.to_owned(), value.clone())]);
                let place = if section.is_empty() { String::new() } else { format!("{section} ") };
                single
                    .try_into::<T>()
                    .map(drop)
                    .map_err(|error| format!("{place}{name}: {}", error.message().replace('\n', " ")))
            };
            match setting_names::check::<T>(name, section).and_then(|()| typed()) {
                Ok(()) => true,
                Err(fault) => {
                    self.note(positions, name, &fault);
                    false
                }
            }
        });
    }

    /// Notes a fault of the setting `name`, with its line.
    fn note(&mut self, positions: Option<&DeTable<'_>>, name: &str, fault: &str) {
        let key = positions.and_then(|table| table.keys().find(|key| key.get_ref() == name));
        let line = key.map_or(1, |key| line_of(self.text, key.span().start));
        self.faults.push((line, fault.to_owned()));
    }
}

/// The domain of a section like `[hosts.example.com]`, whose dots separate tables in TOML.
fn unquoted_domain(first: &str, host: &Table) -> Option<String> {
    let inner = |table: &Table| {
        let is_label = |(name, value): &(&String, &Value)| value.is_table() && !resembles_host_setting(name);
        table.iter().find(is_label).map(|(name, _)| name.clone())
    };
    // In quotes, its dots separate nothing.
    if first.contains('.') {
        return None;
    }
    let mut labels = vec![first.to_owned(), inner(host)?];
    let mut table = host.get(&labels[1])?.as_table()?;
    while let Some(label) = inner(table) {
        table = table.get(&label)?.as_table()?;
        labels.push(label);
    }
    Some(labels.join("."))
}

/// The value of a setting, with the positions in it.
fn within<'a, 't>(table: &'a DeTable<'t>, name: &str) -> Option<&'a DeValue<'t>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value.get_ref())
}

/// The line of a position, from 1.
pub(super) fn line_of(text: &str, position: usize) -> usize {
    text.as_bytes().iter().take(position).filter(|byte| **byte == b'\n').count() + 1
}
