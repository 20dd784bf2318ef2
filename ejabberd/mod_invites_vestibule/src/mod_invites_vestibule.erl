%% A storage backend of ejabberd's mod_invites that stores the invites in Vestibule: `db_type: vestibule`.
%%
%% It serves ejabberd 26.01 and later. The names of some callbacks have changed since; it has all of them.
-module(mod_invites_vestibule).

-behaviour(mod_invites).

%% Storage of mod_invites.
-export([init/2, mod_options/1, mod_opt_type/1, transaction/2]).
-export([create_invite/1, create_invite_t/1, get_invite/2, is_token_valid/3, is_reserved/3, set_invitee/5]).
-export([get_invites/2, get_invites_t/2, get_invite_by_invitee_t/2]).
-export([list_invites/1, expire_tokens/2, expire_invite_by_token/2, delete_invite_by_token/2, cleanup_expired/1,
         remove_user/2]).

-include("logger.hrl").
-include("mod_invites.hrl").
-include("xmpp.hrl").

%% The most invites that a list shows.
-define(LISTED, 1000).
-define(PAGE, 500).

%%% Set-up

mod_options(_) ->
    [vestibule_key, {vestibule_url, <<"http://127.0.0.1:8280">>}].

mod_opt_type(vestibule_url) -> vestibule_options:url();
mod_opt_type(vestibule_key) -> vestibule_options:key().

init(Host, #{vestibule_url := Url, vestibule_key := Key}) ->
    vestibule_api:start(Host),
    vestibule_limit:start(Host),
    vestibule_outage:start(Host),
    vestibule_outbox:start(Host),
    vestibule_hooks:add(Host),
    ?INFO_MSG("Vestibule at ~ts keeps the invites of ~ts, by the key ~ts", [Url, Host, hd(binary:split(Key, <<"/">>))]).

%% Vestibule's changes are atomic by themselves.
transaction(_, Change) ->
    try {atomic, Change()}
    catch throw:{error, Reason} -> {aborted, Reason}
    end.

%%% Creating

create_invite_t(Invite) ->
    case create_invite(Invite) of
        #invite_token{} = Created -> Created;
        {error, Reason} -> throw({error, Reason})
    end.

%% Returns the invite with the token and the expiry of Vestibule.
create_invite(#invite_token{inviter = {_, Host}} = Invite) ->
    case vestibule_api:post(Host, "/v1/invites", vestibule_invite:new(Invite), fun vestibule_invite:is_created/1) of
        {ok, #{<<"token">> := Token} = View} ->
            #invite_token{expires = Expires} = vestibule_invite:listed(Host, View),
            Invite#invite_token{token = Token, expires = Expires};
        {error, #{detail := Detail} = Problem} ->
            vestibule_refusal:keep(vestibule_refusal:stanza_error(Problem)),
            {error, unicode:characters_to_list(Detail)}
    end.

%%% Redeeming

is_token_valid(Host, Token, {<<>>, _}) ->
    vestibule_redemption:is_valid(Host, Token);
%% A contact request, whose use `vestibule_hooks` has claimed.
is_token_valid(_, Token, {_, _}) ->
    vestibule_redemption:is_contact_claimed(Token).

get_invite(Host, Token) ->
    vestibule_redemption:invite(Host, Token).

%% With a token, the claim decides.
is_reserved(Host, <<>>, User) ->
    case vestibule_redemption:availability(Host, jid:nodeprep(User)) of
        free -> false;
        {error, Problem} ->
            vestibule_refusal:keep(vestibule_refusal:stanza_error(Problem)),
            true
    end;
is_reserved(_, _, _) ->
    false.

set_invitee(Register, Host, Token, Invitee, AccountName) ->
    case vestibule_redemption:complete_contact(Host, Token, Register) of
        none -> vestibule_redemption:redeem(Register, Host, Token, username(Invitee, AccountName));
        Result -> Result
    end.

username(<<>>, AccountName) -> jid:nodeprep(AccountName);
username(Invitee, _) -> (jid:decode(Invitee))#jid.luser.

%%% Limits of mod_invites, which count its own invites. The limits of keys in Vestibule apply instead.

get_invites(_, _) -> [].
get_invites_t(_, _) -> [].
get_invite_by_invitee_t(_, _) -> {error, not_found}.

%%% Administration

%% The newest invites, whatever their state.
list_invites(Host) ->
    Views = pages(Host, "/v1/invites?", ?LISTED),
    vestibule_checked:remember_states(Views),
    [vestibule_invite:listed(Host, View) || #{<<"token">> := Token} = View <- Views, is_binary(Token)].

%% Revokes the invites of a user, except those for contacts.
expire_tokens(User, Host) ->
    Views = pages(Host, ["/v1/invites?state=pending&inviter=", uri_string:quote(User), "&"], infinity),
    length([Id || #{<<"id">> := Id, <<"kind">> := Kind} <- Views, Kind =/= <<"contact">>,
                  vestibule_api:delete(Host, ["/v1/invites/", Id]) =:= ok]).

expire_invite_by_token(Host, Token) ->
    revoke(Host, Token).

%% Vestibule keeps revoked invites for as long as its configuration says.
delete_invite_by_token(Host, Token) ->
    revoke(Host, Token).

cleanup_expired(_) ->
    0.

remove_user(User, Host) ->
    vestibule_outbox:tell_change(Host, User, <<"deleted">>).

revoke(Host, Token) ->
    maybe
        {ok, #{<<"id">> := Id}} ?= vestibule_redemption:check(Host, Token, <<"api">>),
        ok ?= vestibule_api:delete(Host, ["/v1/invites/", Id])
    else
        {error, #{type := <<"token-unknown">>}} -> {error, not_found};
        {error, #{type := <<"token-", _/binary>>}} -> ok;
        {error, #{detail := Detail}} -> {error, unicode:characters_to_list(Detail)}
    end.

pages(Host, Path, Limit) ->
    pages(Host, Path, Limit, <<>>, []).

pages(Host, Path, Limit, Cursor, Read) ->
    Query = [Path, "limit=", integer_to_list(?PAGE), [["&cursor=", uri_string:quote(Cursor)] || Cursor =/= <<>>]],
    case vestibule_api:get(Host, Query, fun vestibule_invite:is_page/1) of
        {ok, #{<<"items">> := Items} = Page} ->
            All = Read ++ Items,
            case maps:get(<<"next_cursor">>, Page, null) of
                Next when is_binary(Next), length(All) < Limit -> pages(Host, Path, Limit, Next, All);
                _ -> All
            end;
        {error, #{detail := Detail}} ->
            throw({error, unicode:characters_to_list(Detail)})
    end.
