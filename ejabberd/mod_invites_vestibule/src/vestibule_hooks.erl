%% Hooks around mod_invites, for what its storage backend is not asked: proper errors, reserved usernames on every path,
%% and changes of accounts. Without this backend in the configuration they do nothing.
-module(vestibule_hooks).

-export([add/1]).
-export([features/2, before_packet/2, before_send/1, before_command/4, before_presence/1, before_s2s_packet/1,
         check_register_user/4, password_changed/2]).

-include("xmpp.hrl").
-include("mod_invites.hrl").

%% Before mod_invites (10) and mod_register (50).
-define(BEFORE_PACKET, 5).
%% Before the hooks of mod_invites (50).
-define(BEFORE, 45).

-spec add(binary()) -> ok.
add(Host) ->
    lists:foreach(fun({Hook, Function, Priority}) -> ejabberd_hooks:add(Hook, Host, ?MODULE, Function, Priority) end,
                  [{c2s_pre_auth_features, features, 60},
                   {c2s_unauthenticated_packet, before_packet, ?BEFORE_PACKET},
                   {c2s_filter_send, before_send, 50},
                   {adhoc_local_commands, before_command, ?BEFORE},
                   {sm_receive_packet, before_presence, ?BEFORE},
                   {s2s_receive_packet, before_s2s_packet, ?BEFORE},
                   {check_register_user, check_register_user, 50},
                   {set_password, password_changed, 50}]).

is_active(Host) ->
    gen_mod:is_loaded(Host, mod_invites) andalso gen_mod:db_mod(Host, mod_invites) =:= mod_invites_vestibule.

%% Clients look for one feature or the other. mod_invites offers the first only if members may invite.
features(Features, Host) ->
    case is_active(Host) of
        true ->
            Offered = lists:keymember(feature_register_ibr_token, 1, Features),
            [#xmlel{name = <<"register">>, attrs = [{<<"xmlns">>, <<"urn:xmpp:invite">>}]}
             | [#feature_register_ibr_token{} || not Offered] ++ Features];
        false -> Features
    end.

%% Tokens and registrations on a stream without authentication.
before_packet(#{lserver := Host} = State, #iq{type = set, sub_els = [Payload]} = Iq) ->
    case is_active(Host) of
        true ->
            _ = vestibule_refusal:take(),
            before_set(State, Iq, payload(Payload));
        false -> State
    end;
before_packet(State, _) ->
    State.

payload(Element) ->
    try xmpp:decode(Element)
    catch _:_ -> undefined
    end.

%% A second token on a stream replaces the first one.
before_set(#{lserver := Host} = State, Iq, #preauth{token = Token}) ->
    case vestibule_redemption:check(Host, Token, <<"ibr">>) of
        {ok, #{<<"kind">> := <<"contact">>}} -> answer(State, Iq, vestibule_refusal:stanza_error(contact_only));
        {ok, _} -> maps:remove(invite, State);
        {error, Problem} -> answer(State, Iq, vestibule_refusal:probe_error(Problem))
    end;
before_set(#{invite := _} = State, _, _) ->
    State;
before_set(#{lserver := Host} = State, Iq, #register{username = User}) when is_binary(User) ->
    case jid:nodeprep(User) of
        error -> State;
        Username ->
            case vestibule_redemption:availability(Host, Username) of
                free -> State;
                {error, Problem} -> answer(State, Iq, vestibule_refusal:stanza_error(Problem))
            end
    end;
before_set(State, _, _) ->
    State.

answer(#{lserver := Host} = State, Iq, Error) ->
    Reply = xmpp:make_error(Iq#iq{sub_els = [], from = jid:make(Host), to = undefined}, Error),
    {stop, ejabberd_c2s:send(State, xmpp:set_from_to(Reply, jid:make(Host), undefined))}.

%% Replaces the error of mod_invites for a refused registration.
before_send({#iq{type = error} = Iq, #{stream_authenticated := false} = State}) ->
    case vestibule_refusal:take() of
        undefined -> {Iq, State};
        Error -> {Iq#iq{sub_els = [Error]}, State}
    end;
before_send(Acc) ->
    Acc.

%% Creates by ad-hoc command (XEP-0401). mod_invites fails on reasons that it does not know.
before_command(Acc, From, #jid{lserver = Host} = To, #adhoc_command{node = Node} = Command)
    when Node =:= ?NS_INVITE_INVITE; Node =:= ?NS_INVITE_CREATE_ACCOUNT ->
    case is_active(Host) of
        true ->
            _ = vestibule_refusal:take(),
            try mod_invites:adhoc_commands(Acc, From, To, Command) of
                Result -> refused_command(vestibule_refusal:take(), Result)
            catch
                Class:Reason:Stack ->
                    case vestibule_refusal:take() of
                        undefined -> erlang:raise(Class, Reason, Stack);
                        Error -> {stop, {error, Error}}
                    end
            end;
        false -> Acc
    end;
before_command(Acc, _, _, _) ->
    Acc.

refused_command(undefined, Result) -> Result;
refused_command(Error, _) -> {stop, {error, Error}}.

%% Contact requests with a token (XEP-0379). A use is claimed before mod_invites adds the contact. With an invalid token
%% or during an outage it is an ordinary request, and mod_invites does not see the token.
before_presence(#presence{type = subscribe, to = #jid{luser = Username, lserver = Host}, from = From,
                          sub_els = Elements} = Presence) when Username =/= <<>> ->
    case is_active(Host) andalso [Token || #preauth{token = Token} <- lists:map(fun payload/1, Elements)] of
        [Token | _] ->
            Contact = jid:encode(jid:remove_resource(From)),
            IsClaimed = not vestibule_contacts:is_needless(Username, Host, From)
                andalso vestibule_redemption:claim_contact(Host, Token, Username, Contact),
            case IsClaimed of
                true -> Presence;
                false -> Presence#presence{sub_els = [Other || Other <- Elements, not is_preauth(payload(Other))]}
            end;
        _ -> Presence
    end;
before_presence(Stanza) ->
    Stanza.

before_s2s_packet({Stanza, State}) ->
    {before_presence(Stanza), State}.

is_preauth(#preauth{}) -> true;
is_preauth(_) -> false.

%% Refuses reserved usernames on every path, and all of them during an outage.
check_register_user(true, User, Server, _) ->
    Host = jid:nameprep(Server),
    case is_active(Host) andalso not vestibule_redemption:is_registering() of
        true ->
            case jid:nodeprep(User) of
                error -> false;
                Username -> vestibule_redemption:availability(Host, Username) =:= free
            end;
        false -> true
    end;
check_register_user(Acc, _, _, _) ->
    Acc.

%% A password reset with an invite changes it too.
password_changed(User, Server) ->
    case is_active(Server) andalso not vestibule_redemption:is_registering() of
        true -> vestibule_outbox:tell_change(Server, User, <<"password-changed">>);
        false -> ok
    end.
