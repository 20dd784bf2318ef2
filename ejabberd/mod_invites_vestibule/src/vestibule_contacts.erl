%% Makes the new account and its inviter contacts of each other.
-module(vestibule_contacts).

-export([befriend/3, is_needless/3]).

-include("logger.hrl").

%% Adds the inviter of an invite as a contact, and the new account as theirs.
-spec befriend(binary(), map(), binary()) -> ok.
befriend(Host, #{<<"kind">> := <<"account-and-contact">>, <<"inviter">> := Inviter}, Username) ->
    case ejabberd_auth:user_exists(Inviter, Host) of
        true -> subscribe_both(jid:make(Inviter, Host), jid:make(Username, Host));
        false ->
            ?INFO_MSG("~ts was invited by ~ts, whose account no longer exists: not added as contacts",
                      [Username, Inviter]),
            ok
    end;
befriend(_, _, _) ->
    ok.

%% A failure must not undo the registration.
subscribe_both(Inviter, Invitee) ->
    try
        ok = mod_invites:roster_add(Inviter, Invitee),
        ok = mod_invites:roster_add(Invitee, Inviter),
        mod_invites:send_presence(Inviter, Invitee, subscribed),
        mod_invites:send_presence(Invitee, Inviter, subscribed),
        ok
    catch
        _:Reason -> ?ERROR_MSG("The contact of ~ts was not added: ~p", [jid:encode(Invitee), Reason]),
            ok
    end.

%% Whether a contact request to this account takes no use of an invite: it is approved already, or nobody is there.
-spec is_needless(binary(), binary(), jid:jid()) -> boolean().
is_needless(Username, Host, From) ->
    not ejabberd_auth:user_exists(Username, Host) orelse
        begin
            {Subscription, _, _} =
                ejabberd_hooks:run_fold(roster_get_jid_info, Host, {none, none, []}, [Username, Host, From]),
            Subscription =:= both orelse Subscription =:= from
        end.
