//! Limits on the forms in flight, so that the holder of one link cannot occupy the XMPP server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use vestibule_core::{Host, InviteId};

use crate::http::ClientGroup;

/// The maximum number of forms of one invite in flight, and of one client address: a class whose members register at
/// once, with one link, behind one address.
const MAX_OF_ONE: usize = 32;

/// The maximum number of forms of one host in flight.
const MAX_OF_HOST: usize = 96;

/// What forms in flight have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Group {
    Host(Host),
    Invite(InviteId),
    Client(Host, ClientGroup),
}

impl Group {
    const fn limit(&self) -> usize {
        match self {
            Self::Host(_) => MAX_OF_HOST,
            Self::Invite(_) | Self::Client(..) => MAX_OF_ONE,
        }
    }
}

/// The numbers of forms in flight.
#[derive(Clone, Debug, Default)]
pub(super) struct FormLimits(Arc<Mutex<HashMap<Group, usize>>>);

impl FormLimits {
    /// Counts a form until the slot is dropped; `None` if too many are in flight.
    pub(super) fn take(&self, client: ClientGroup, host: &Host, invite: InviteId) -> Option<FormSlot> {
        let groups = [Group::Host(host.clone()), Group::Invite(invite), Group::Client(host.clone(), client)];
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if groups.iter().any(|group| counts.get(group).is_some_and(|count| *count >= group.limit())) {
            return None;
        }
        for group in &groups {
            *counts.entry(group.clone()).or_default() += 1;
        }
        Some(FormSlot { limits: self.clone(), groups })
    }
}

/// A form in flight.
#[derive(Debug)]
pub(super) struct FormSlot {
    limits: FormLimits,
    groups: [Group; 3],
}

impl Drop for FormSlot {
    fn drop(&mut self) {
        let mut counts = self.limits.0.lock().unwrap_or_else(PoisonError::into_inner);
        for group in &self.groups {
            if let Some(count) = counts.get_mut(group) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(group);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn client(number: u8) -> ClientGroup {
        ClientGroup::Address(IpAddr::V4(Ipv4Addr::new(192, 0, 2, number)))
    }

    fn invite(number: u8) -> InviteId {
        InviteId::from_bytes([number; 16])
    }

    #[test]
    fn one_link_and_one_client_leave_places_for_others() {
        let limits = FormLimits::default();
        let (host, other) = (Host::parse("example.com").unwrap(), Host::parse("example.org").unwrap());
        let of_link: Vec<_> =
            (0..=255).map_while(|number| limits.take(client(number), &host, invite(0))).collect();
        assert_eq!(of_link.len(), MAX_OF_ONE);
        let of_client: Vec<_> =
            (1..=255).map_while(|number| limits.take(client(255), &host, invite(number))).collect();
        assert_eq!(of_client.len(), MAX_OF_ONE);
        let others: Vec<_> =
            (100..=254).map_while(|number| limits.take(client(number), &host, invite(number))).collect();
        assert_eq!(others.len(), MAX_OF_HOST - 2 * MAX_OF_ONE);
        assert!(limits.take(client(255), &other, invite(255)).is_some());
        drop((of_link, of_client, others));
        assert!(limits.0.lock().unwrap().is_empty());
    }
}
