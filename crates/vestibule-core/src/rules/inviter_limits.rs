//! The limits for invites that members make.

use crate::{INVITER_MONTH, InviterLimit, InviterLimitReached, MadeInvite, Timestamp, Username};

/// A member can make this many times [`crate::InviterLimits::per_month`] invites in a month, including those that were
/// revoked or expired unused, and no more: otherwise one could fill the database by making and revoking invites.
pub const MADE_PER_USE: u32 = 4;

/// Whether a member may have `count` more pending invites. `expiries` are those of its pending invites, in any order.
pub fn within_live_limit(
    inviter: &Username,
    maximum: u32,
    mut expiries: Vec<Timestamp>,
    count: u32,
) -> Result<(), InviterLimitReached> {
    let used = len(&expiries);
    match used.saturating_add(count).saturating_sub(maximum) {
        0 => Ok(()),
        excess => {
            expiries.sort_unstable();
            let available_at = nth(&expiries, excess);
            Err(reached(inviter, InviterLimit::Live, maximum, used, available_at))
        }
    }
}

/// Whether a member may make `count` more invites in this month. `made` are its invites of the last
/// [`INVITER_MONTH`], in any order, at least those that were made last.
///
/// An invite that was revoked or expired before anyone used it does not count, within [`MADE_PER_USE`].
pub fn within_month_limit(
    inviter: &Username,
    maximum: u32,
    made: &[MadeInvite],
    count: u32,
    now: Timestamp,
) -> Result<(), InviterLimitReached> {
    let end_of_month = |invite: &MadeInvite| invite.created_at.plus(INVITER_MONTH);
    let made: Vec<_> = made.iter().filter(|invite| now < end_of_month(invite)).collect();
    let counted =
        made.iter().filter(|invite| invite.uses > 0 || !invite.is_revoked && now < invite.expires_at);
    // The time at which each of them stops to count.
    let mut ends: Vec<_> = counted
        .map(|invite| match invite.uses {
            0 => end_of_month(invite).min(invite.expires_at),
            _ => end_of_month(invite),
        })
        .collect();
    ends.sort_unstable();
    let used = len(&ends);
    let excess = used.saturating_add(count).saturating_sub(maximum);
    let made_maximum = maximum.saturating_mul(MADE_PER_USE);
    let excess_made = len(&made).saturating_add(count).saturating_sub(made_maximum);
    if excess == 0 && excess_made == 0 {
        return Ok(());
    }
    let mut made_ends: Vec<_> = made.into_iter().map(end_of_month).collect();
    made_ends.sort_unstable();
    // Both must be possible.
    let available_at = match (at(&ends, excess, now), at(&made_ends, excess_made, now)) {
        (Some(one), Some(other)) => Some(one.max(other)),
        _ => None,
    };
    if excess == 0 {
        let used = len(&made_ends);
        return Err(reached(inviter, InviterLimit::PerMonth, made_maximum, used, available_at));
    }
    Err(reached(inviter, InviterLimit::PerMonth, maximum, used, available_at))
}

fn reached(
    inviter: &Username,
    limit: InviterLimit,
    maximum: u32,
    used: u32,
    available_at: Option<Timestamp>,
) -> InviterLimitReached {
    InviterLimitReached { inviter: inviter.clone(), limit, maximum, used, available_at }
}

/// Time at which `excess` of these ends are over; `None` if there are not that many.
fn at(ends: &[Timestamp], excess: u32, now: Timestamp) -> Option<Timestamp> {
    if excess == 0 { Some(now) } else { nth(ends, excess) }
}

/// The `number`-th of these, from 1.
fn nth(times: &[Timestamp], number: u32) -> Option<Timestamp> {
    times.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

fn len<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn now() -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000)
    }

    fn ann() -> Username {
        Username::parse("ann").unwrap()
    }

    fn made(hours_ago: u32, uses: u32, is_revoked: bool) -> MadeInvite {
        let created_at = now().minus(HOUR * hours_ago);
        MadeInvite { created_at, expires_at: created_at.plus(HOUR * 24), is_revoked, uses }
    }

    #[test]
    fn a_pending_invite_counts_until_it_expires() {
        let at = |hours: u32| now().plus(HOUR * hours);
        let check = |maximum, expiries: &[u32], count| {
            let expiries = expiries.iter().map(|hours| at(*hours)).collect();
            within_live_limit(&ann(), maximum, expiries, count)
                .map_err(|error| (error.used, error.available_at))
        };
        assert_eq!(check(3, &[9, 2], 1), Ok(()));
        assert_eq!(check(3, &[9, 2, 5], 1), Err((3, Some(at(2)))));
        assert_eq!(check(3, &[9, 2, 5], 2), Err((3, Some(at(5)))));
        assert_eq!(check(3, &[9, 2, 5], 4), Err((3, None)), "never that many at once");
        assert_eq!(check(1, &[9, 2, 5], 1), Err((3, Some(at(9)))), "the limit was lowered");
        assert_eq!(check(0, &[], 1), Err((0, None)));
    }

    #[test]
    fn an_invite_that_nobody_used_does_not_count_once_it_is_over() {
        let check = |maximum, list: &[MadeInvite], count| {
            within_month_limit(&ann(), maximum, list, count, now())
                .map_err(|error| (error.maximum, error.used, error.available_at))
        };
        let (used, pending) = (made(48, 1, false), made(2, 0, false));
        let (expired, revoked, used_and_revoked) = (made(30, 0, false), made(1, 0, true), made(3, 1, true));
        let over = made(30 * 24, 1, false);
        let month = |invite: MadeInvite| Some(invite.created_at.plus(INVITER_MONTH));
        assert_eq!(check(2, &[expired, revoked, over, used], 1), Ok(()));
        assert_eq!(check(2, &[used, pending], 1), Err((2, 2, Some(pending.expires_at))));
        assert_eq!(check(2, &[used, pending], 2), Err((2, 2, month(used))));
        assert_eq!(check(2, &[used, used_and_revoked], 1), Err((2, 2, month(used))));
        assert_eq!(check(2, &[used, pending], 3), Err((2, 2, None)));
        // Revoking does not help for ever.
        let seven = [revoked; 7];
        assert_eq!(check(2, &seven, 1), Ok(()));
        assert_eq!(check(2, &[revoked; 8], 1), Err((8, 8, month(revoked))));
        assert_eq!(check(0, &[], 1), Err((0, 0, None)));
    }

    #[test]
    fn the_message_says_what_and_until_when() {
        let error = within_live_limit(&ann(), 1, vec![now()], 1).unwrap_err();
        let expected = "ann has 1 open invites, of at most 1; the next one is possible once one of them is used or \
                        revoked, or at 2027-01-15T08:00:00Z";
        assert_eq!(error.to_string(), expected);
        let used = MadeInvite { created_at: now(), expires_at: now(), is_revoked: false, uses: 1 };
        let error = within_month_limit(&ann(), 1, &[used], 1, now()).unwrap_err();
        let expected = "ann has made 1 invites within 30d, of at most 1; the next one is possible at \
                        2027-02-14T08:00:00Z";
        assert_eq!(error.to_string(), expected);
    }
}
