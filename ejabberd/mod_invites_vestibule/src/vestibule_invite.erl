%% Converts invites between the record of mod_invites and the JSON of Vestibule's API.
-module(vestibule_invite).

-export([new/1, record/2, listed/2, is_created/1, is_checked/1, is_page/1]).

-include("mod_invites.hrl").

%% Returns the body of `POST /v1/invites` for an invite that mod_invites creates.
-spec new(mod_invites:invite_token()) -> map().
new(#invite_token{type = Type, inviter = {Inviter, Host}, account_name = Username} = Invite) ->
    Seconds = max(1, seconds(Invite#invite_token.expires) - seconds(Invite#invite_token.created_at)),
    Kind = kind(Type, Inviter, Host),
    Named = case Kind of
                <<"contact">> -> #{};
                _ -> present(username, Username)
            end,
    Invited = case Kind of
                  <<"password-reset">> -> #{};
                  _ -> present(inviter, Inviter)
              end,
    maps:merge(Named, Invited#{kind => Kind, expires_in => <<(integer_to_binary(Seconds))/binary, "s">>}).

%% Whether an answer is a created invite.
-spec is_created(map()) -> boolean().
is_created(#{<<"token">> := Token} = Value) -> is_binary(Token) andalso is_invite(Value);
is_created(_) -> false.

%% Whether the functions below can read it.
-spec is_invite(map()) -> boolean().
is_invite(#{<<"id">> := Id, <<"state">> := State, <<"kind">> := Kind} = Value) when is_binary(Id), is_binary(State) ->
    lists:member(Kind, [<<"account">>, <<"account-and-contact">>, <<"contact">>, <<"password-reset">>])
        andalso is_time(maps:get(<<"created_at">>, Value, undefined))
        andalso is_time(maps:get(<<"expires_at">>, Value, undefined));
is_invite(_) ->
    false.

%% Whether an answer is that to the check of a token.
-spec is_checked(map()) -> boolean().
is_checked(#{<<"admission">> := Admission} = Value) -> is_binary(Admission) andalso is_invite(Value);
is_checked(_) -> false.

%% Whether an answer is a page of invites.
-spec is_page(map()) -> boolean().
is_page(#{<<"items">> := Items}) when is_list(Items) ->
    lists:all(fun(Item) -> is_map(Item) andalso is_invite(Item) end, Items);
is_page(_) ->
    false.

is_time(Text) ->
    try is_integer(calendar:rfc3339_to_system_time(binary_to_list(Text)))
    catch _:_ -> false
    end.

%% An invite that mod_invites calls `roster_only` creates an account too if its inviter may invite to the server.
kind(reset_token, _, _) -> <<"password-reset">>;
kind(account_only, _, _) -> <<"account">>;
kind(account_subscription, <<>>, _) -> <<"account">>;
kind(account_subscription, _, _) -> <<"account-and-contact">>;
kind(roster_only, Inviter, Host) ->
    case mod_invites:create_account_allowed(Host, jid:make(Inviter, Host)) of
        ok -> <<"account-and-contact">>;
        {error, _} -> <<"contact">>
    end.

present(_, <<>>) -> #{};
present(Name, Value) -> #{Name => Value}.

%% Returns an invite for the registration in mod_invites. An invite to an account has no inviter there: who may invite
%% was decided when it was created, and this backend adds the contact, because mod_invites would need a second use.
-spec record(binary(), map()) -> mod_invites:invite_token().
record(Host, View) ->
    Invite = listed(Host, View),
    case Invite#invite_token.type of
        roster_only -> Invite;
        reset_token -> Invite;
        _ -> Invite#invite_token{type = account_only, inviter = {<<>>, Host}}
    end.

%% Returns an invite with everything that mod_invites shows of it.
-spec listed(binary(), map()) -> mod_invites:invite_token().
listed(Host, #{<<"kind">> := Kind} = View) ->
    #invite_token{token = text(View, <<"token">>),
                  type = type(Kind),
                  inviter = {text(View, <<"inviter">>), Host},
                  account_name = text(View, <<"username">>),
                  created_at = datetime(View, <<"created_at">>),
                  expires = datetime(View, <<"expires_at">>)}.

type(<<"account">>) -> account_only;
type(<<"account-and-contact">>) -> account_subscription;
type(<<"contact">>) -> roster_only;
type(<<"password-reset">>) -> reset_token.

text(View, Name) ->
    case View of
        #{Name := Text} when is_binary(Text) -> Text;
        _ -> <<>>
    end.

datetime(View, Name) ->
    Seconds = calendar:rfc3339_to_system_time(binary_to_list(maps:get(Name, View))),
    calendar:system_time_to_universal_time(Seconds, second).

seconds(DateTime) ->
    calendar:datetime_to_gregorian_seconds(DateTime).
