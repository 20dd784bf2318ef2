%% What a check of a token has answered, in the process that asked: the stream of a client, or the request of a form.
%%
%% It is kept in a function, because reports of crashes show the dictionary of a process.
-module(vestibule_checked).

-export([find/1, remember/1, remember_states/1, take_listed/1]).

-export_type([checked/0]).

%% The states of listed tokens.
-define(LISTED, vestibule_listed).

%% `is_fresh` until mod_invites asks for the first time; `unreleased` is a claim without an account whose release
%% failed; `unanswered` the username of a claim whose answer was lost; `contact` a claim for a contact.
-type checked() ::
    #{token := binary(), view := map(), via := binary(), is_fresh := boolean(), is_spent := boolean(),
      unreleased => binary(), unanswered => binary(), contact => binary()}.

%% Returns the latest check, if it was of this token.
-spec find(binary()) -> checked() | undefined.
find(Token) ->
    case get(?MODULE) of
        undefined -> undefined;
        Kept ->
            case Kept() of
                #{token := Token} = Checked -> Checked;
                _ -> undefined
            end
    end.

-spec remember(checked() | undefined) -> ok.
remember(undefined) ->
    _ = erase(?MODULE),
    ok;
remember(Checked) ->
    _ = put(?MODULE, fun() -> Checked end),
    ok.

%% Keeps the states of listed invites: mod_invites asks about each of their tokens next, once.
-spec remember_states([map()]) -> ok.
remember_states(Views) ->
    keep_listed(#{Token => State =:= <<"pending">>
                  || #{<<"token">> := Token, <<"state">> := State} <- Views, is_binary(Token)}).

%% Returns whether a listed token is valid, once.
-spec take_listed(binary()) -> {ok, boolean()} | none.
take_listed(Token) ->
    case get(?LISTED) of
        undefined -> none;
        Listed ->
            case maps:take(Token, Listed()) of
                {IsValid, Rest} -> keep_listed(Rest), {ok, IsValid};
                error -> none
            end
    end.

keep_listed(Listed) when map_size(Listed) =:= 0 ->
    _ = erase(?LISTED),
    ok;
keep_listed(Listed) ->
    _ = put(?LISTED, fun() -> Listed end),
    ok.
