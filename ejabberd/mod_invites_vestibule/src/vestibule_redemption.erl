%% Redeems invites: a use is claimed before the account is created, and completed once it exists. One check of a token
%% permits one account, even for pipelined requests.
-module(vestibule_redemption).

-export([check/3, invite/2, is_valid/2, redeem/4]).
-export([claim_contact/4, is_contact_claimed/1, complete_contact/3]).
-export([availability/2, is_registering/0]).

-include("xmpp.hrl").

%% The flag of a process that runs a registration.
-define(REGISTERING, vestibule_registering).
%% The latest username of which this process knows that it is not reserved.
-define(FREE, vestibule_free).
%% Milliseconds for which it is not asked again: the modules of one registration ask several times.
-define(FREE_FOR, 2000).

-type refusal() :: vestibule_api:problem() | atom().

%% Checks a token. `Via` is how the account is going to be created, for the audit log.
-spec check(binary(), binary(), binary()) -> {ok, map()} | {error, vestibule_api:problem()}.
check(Host, Token, Via) ->
    vestibule_checked:remember(undefined),
    maybe
        IsChecked = fun vestibule_invite:is_checked/1,
        {ok, View} ?= vestibule_api:post(Host, "/v1/redemptions/check", #{token => Token}, IsChecked),
        vestibule_checked:remember(#{token => Token, view => View, via => Via, is_fresh => true, is_spent => false}),
        {ok, View}
    end.

%% Whether mod_invites may go on with this token.
-spec is_valid(binary(), binary()) -> boolean().
is_valid(Host, Token) ->
    case {vestibule_checked:take_listed(Token), vestibule_checked:find(Token)} of
        {{ok, IsValid}, _} ->
            IsValid;
        {none, #{is_fresh := true} = Checked} ->
            vestibule_checked:remember(Checked#{is_fresh := false}),
            true;
        {none, _} ->
            case check(Host, Token, <<"web">>) of
                {ok, _} ->
                    vestibule_checked:remember((vestibule_checked:find(Token))#{is_fresh := false}),
                    true;
                {error, Problem} ->
                    refuse(Problem),
                    false
            end
    end.

%% Returns the invite of a token.
-spec invite(binary(), binary()) -> mod_invites:invite_token() | {error, not_found}.
invite(Host, Token) ->
    case vestibule_checked:find(Token) of
        #{view := View} -> vestibule_invite:record(Host, View#{<<"token">> => Token});
        undefined ->
            case check(Host, Token, <<"web">>) of
                {ok, View} -> vestibule_invite:record(Host, View#{<<"token">> => Token});
                {error, _} -> {error, not_found}
            end
    end.

%% Claims one use for the username, runs the registration, and completes or releases the claim. Returns what the
%% registration returned, or an error.
-spec redeem(fun(() -> ok | {error, term()}), binary(), binary(), binary()) -> ok | {error, atom() | stanza_error()}.
redeem(Register, Host, Token, Username) ->
    Redeemed = maybe
                   {ok, Checked} ?= recheck(Host, Token),
                   ok ?= fits(Host, Checked, Username),
                   ok ?= vestibule_outbox:catch_up(Host),
                   ok ?= end_predecessor(Host, Checked, Username),
                   {ok, Claim, Claiming} ?= claim(Host, Checked, Username),
                   attempt(Register, Host, Claiming, Claim, Username)
               end,
    case Redeemed of
        ok -> ok;
        {error, Reason} ->
            refuse(Reason),
            {error, mod_invites_reason(Reason)}
    end.

recheck(Host, Token) ->
    case vestibule_checked:find(Token) of
        undefined ->
            maybe
                {ok, _} ?= check(Host, Token, <<"web">>),
                {ok, vestibule_checked:find(Token)}
            end;
        #{is_spent := true} -> {error, spent};
        Checked -> {ok, Checked}
    end.

fits(Host, #{view := #{<<"kind">> := Kind} = View}, Username) ->
    Exists = ejabberd_auth:user_exists(Username, Host),
    case maps:get(<<"username">>, View, null) of
        Bound when is_binary(Bound), Bound =/= Username -> {error, other_username};
        _ when Kind =:= <<"contact">> -> {error, contact_only};
        _ when Kind =:= <<"password-reset">>, not Exists -> {error, no_account};
        _ when Kind =/= <<"password-reset">>, Exists -> {error, username_taken};
        _ -> ok
    end.

%% An account can be deleted without a report, by other programs. Its invites do not belong to the next account of its
%% name.
end_predecessor(_, #{view := #{<<"kind">> := <<"password-reset">>}}, _) ->
    ok;
end_predecessor(Host, _, Username) ->
    Path = ["/v1/accounts/", uri_string:quote(Username)],
    case vestibule_api:post(Host, Path, #{change => <<"absent">>}, fun is_change/1) of
        {ok, _} -> ok;
        {error, Problem} ->
            case vestibule_api:is_passing(Problem) of
                true -> {error, Problem};
                false -> ok
            end
    end.

is_change(Answer) ->
    is_map_key(<<"revoked">>, Answer).

%% A claim whose answer was lost is found by repeating it, so that the next one can replace it.
claim(Host, #{unanswered := Other} = Checked, Username) when Other =/= Username ->
    case post_claim(Host, Checked, #{username => Other}) of
        {ok, Claim} ->
            claim(Host, (maps:remove(unanswered, Checked))#{unreleased => Claim}, Username);
        {error, Problem} ->
            case vestibule_api:is_passing(Problem) of
                true -> {error, Problem};
                false -> claim(Host, maps:remove(unanswered, Checked), Username)
            end
    end;
claim(Host, Checked, Username) ->
    case post_claim(Host, Checked, #{username => Username}) of
        {ok, Claim} ->
            Claiming = maps:without([unanswered, unreleased], Checked),
            vestibule_checked:remember(Claiming),
            {ok, Claim, Claiming};
        {error, #{type := <<"away">>} = Problem} ->
            vestibule_checked:remember(Checked#{unanswered => Username}),
            {error, Problem};
        {error, Problem} ->
            vestibule_checked:remember(Checked),
            {error, Problem}
    end.

post_claim(Host, #{token := Token, view := #{<<"admission">> := Admission}} = Checked, Whom) ->
    Replaced = case Checked of
                   #{unreleased := Earlier} -> #{replaces => Earlier};
                   _ -> #{}
               end,
    Body = maps:merge(Whom#{token => Token, admission => Admission}, Replaced),
    IsClaim = vestibule_api:has(<<"claim">>),
    maybe
        {ok, #{<<"claim">> := Claim}} ?= vestibule_api:post(Host, "/v1/redemptions", Body, IsClaim),
        {ok, Claim}
    end.

attempt(Register, Host, #{via := Via, view := View} = Checked, Claim, Username) ->
    Item = #{jid => <<Username/binary, "@", Host/binary>>, via => Via, username => Username, uncertain => true},
    case vestibule_outbox:write(Host, Claim, Item) of
        {error, _} ->
            release(Host, Checked, Claim),
            {error, vestibule_api:away()};
        ok ->
            try registered(Register) of
                ok ->
                    complete(Host, Checked, Claim),
                    vestibule_contacts:befriend(Host, View, Username);
                {error, Reason} ->
                    release(Host, Checked, Claim),
                    {error, {refused, Reason}}
            catch
                Class:Reason:Stack ->
                    settle_crash(Host, Checked, Claim, Username),
                    erlang:raise(Class, Reason, Stack)
            end
    end.

registered(Register) ->
    put(?REGISTERING, true),
    try Register() after erase(?REGISTERING) end.

%% Whether this process creates the account of a claimed invite.
-spec is_registering() -> boolean().
is_registering() ->
    get(?REGISTERING) =:= true.

complete(Host, Checked, Claim) ->
    vestibule_checked:remember(Checked#{is_spent := true}),
    vestibule_outbox:tell(Host, Claim).

release(Host, Checked, Claim) ->
    vestibule_outbox:forget(Host, Claim),
    case vestibule_api:delete(Host, ["/v1/redemptions/", Claim]) of
        {error, #{type := Type}} when Type =/= <<"not-found">> ->
            vestibule_checked:remember(Checked#{unreleased => Claim});
        _ -> vestibule_checked:remember(Checked)
    end.

%% A module failed after the account was created, or before.
settle_crash(Host, Checked, Claim, Username) ->
    case ejabberd_auth:user_exists(Username, Host) of
        true -> complete(Host, Checked, Claim);
        false -> release(Host, Checked, Claim)
    end.

%% Claims one use for a contact of the inviter. mod_invites adds the contact next, and then calls `complete_contact`.
-spec claim_contact(binary(), binary(), binary(), binary()) -> boolean().
claim_contact(Host, Token, Inviter, Contact) ->
    Claimed = maybe
                  {ok, #{<<"inviter">> := Inviter}} ?= check(Host, Token, <<"roster">>),
                  ok ?= vestibule_outbox:catch_up(Host),
                  Checked = vestibule_checked:find(Token),
                  {ok, Claim} ?= post_claim(Host, Checked, #{}),
                  Item = #{jid => Contact, via => <<"roster">>, username => Inviter, uncertain => true},
                  ok ?= vestibule_outbox:write(Host, Claim, Item),
                  vestibule_checked:remember(Checked#{contact => Claim}),
                  ok
              end,
    Claimed =:= ok.

%% Whether this process has claimed a contact with the token.
-spec is_contact_claimed(binary()) -> boolean().
is_contact_claimed(Token) ->
    case vestibule_checked:find(Token) of
        #{contact := _} -> true;
        _ -> false
    end.

%% Completes the claim of a contact; `none` if this process has none.
-spec complete_contact(binary(), binary(), fun(() -> ok | {error, term()})) -> ok | {error, term()} | none.
complete_contact(Host, Token, Add) ->
    case vestibule_checked:find(Token) of
        #{contact := Claim} = Checked ->
            vestibule_checked:remember(undefined),
            case Add() of
                ok -> vestibule_outbox:tell(Host, Claim);
                {error, _} = Error -> release(Host, Checked, Claim), vestibule_checked:remember(undefined), Error
            end;
        _ -> none
    end.

%% Whether somebody without an invite may register the username.
-spec availability(binary(), binary()) -> free | {error, vestibule_api:problem()}.
availability(Host, Username) ->
    Now = erlang:monotonic_time(millisecond),
    case get(?FREE) of
        {Username, At} when Now - At < ?FREE_FOR -> free;
        _ ->
            case vestibule_api:get(Host, ["/v1/usernames/", uri_string:quote(Username)], fun is_availability/1) of
                {ok, #{<<"reserved">> := false}} ->
                    put(?FREE, {Username, Now}),
                    free;
                {ok, _} -> {error, #{type => <<"username-reserved">>, title => <<>>, detail => <<>>, reason => <<>>}};
                {error, _} = Error -> Error
            end
    end.

is_availability(#{<<"reserved">> := IsReserved}) -> is_boolean(IsReserved);
is_availability(_) -> false.

%% Keeps the error for the answer to the client.
refuse(Reason) ->
    case error_of(Reason) of
        #stanza_error{} = Error -> vestibule_refusal:keep(Error);
        %% mod_invites has a text of its own for it.
        _ -> ok
    end.

error_of({refused, Reason}) -> Reason;
error_of(Reason) -> vestibule_refusal:stanza_error(Reason).

%% From 26.07 on, mod_invites takes an atom; before, the stanza error. `conflict` is not among the atoms, because
%% mod_invites would log the token with it.
-spec mod_invites_reason(refusal() | {refused, term()}) -> atom() | stanza_error().
mod_invites_reason(Reason) ->
    case {erlang:function_exported(mod_invites, generate_reset_token, 2), error_of(Reason)} of
        {false, Error} -> Error;
        {true, Atom} when is_atom(Atom) -> Atom;
        {true, #stanza_error{reason = 'not-acceptable'}} when element(1, Reason) =:= refused -> weak_password;
        {true, #stanza_error{reason = 'jid-malformed'}} -> invalid_jid;
        {true, _} -> not_allowed
    end.
