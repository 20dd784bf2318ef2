%% Errors for people who register or invite, the same as those of the bridge for Prosody.
%%
%% mod_invites knows only some atoms as reasons, so the stanza error of a refused request is kept in its process, and
%% replaces that of mod_invites on the way out.
-module(vestibule_refusal).

-export([stanza_error/1, probe_error/1, keep/1, take/0]).

-include("xmpp.hrl").

%% The condition of errors about tokens (RFC 6120 section 8.3.4). `vestibule doctor` reads the reason.
-define(NS_BRIDGE, <<"urn:vestibule:bridge:0">>).

-type reason() :: vestibule_api:problem() | atom().

%% Returns the error for a problem of the API, or for an atom that this backend decides on.
-spec stanza_error(reason()) -> stanza_error().
%% The API says which limit, and until when.
stanza_error(#{type := <<"limit-reached">>, detail := Detail}) ->
    error_of({wait, 'resource-constraint', <<"The invite could not be made: ", Detail/binary, ".">>});
stanza_error(#{type := Type}) ->
    error_of(error_parts(Type));
stanza_error(Reason) ->
    error_of(own_parts(Reason)).

%% Returns the error for a refused token, with the reason for `vestibule doctor`.
-spec probe_error(vestibule_api:problem()) -> stanza_error().
probe_error(#{type := Type, reason := Reason} = Problem) ->
    Parts = case vestibule_api:is_passing(Problem) of
                true -> error_parts(Type);
                false -> {cancel, forbidden, <<"This invite is no longer valid.">>}
            end,
    Element = #xmlel{name = <<"bridge">>, attrs = [{<<"xmlns">>, ?NS_BRIDGE}, {<<"reason">>, Reason}]},
    (error_of(Parts))#stanza_error{sub_els = [Element]}.

%% Keeps the error for the answer that this process sends next.
-spec keep(stanza_error()) -> ok.
keep(Error) ->
    put(?MODULE, Error),
    ok.

-spec take() -> stanza_error() | undefined.
take() ->
    erase(?MODULE).

error_of({Type, Condition, Text}) ->
    #stanza_error{type = Type, reason = Condition, text = xmpp:mk_text(Text, <<"en">>)}.

error_parts(<<"token-busy">>) ->
    {wait, 'resource-constraint',
     <<"Somebody is registering with this invite right now. Please try again in a minute.">>};
error_parts(<<"rate-limited">>) ->
    {wait, 'resource-constraint', <<"There were too many attempts. Please try again in a minute.">>};
error_parts(<<"token-expired">>) ->
    {cancel, forbidden, <<"This invite has expired.">>};
error_parts(<<"token-used">>) ->
    {cancel, forbidden, <<"This invite has been used.">>};
error_parts(<<"token-revoked">>) ->
    {cancel, forbidden, <<"This invite is no longer valid.">>};
error_parts(<<"token-unknown">>) ->
    {cancel, forbidden, <<"This invite is not known here.">>};
error_parts(<<"username-reserved">>) ->
    {cancel, conflict, <<"This username is reserved for somebody else.">>};
error_parts(<<"username-not-allowed">>) ->
    {modify, 'not-acceptable', <<"This username cannot be used on this server. Please choose another.">>};
error_parts(<<"inviter-stopped">>) ->
    {cancel, 'not-allowed', <<"You are not allowed to invite on this server.">>};
error_parts(<<"invalid">>) ->
    {modify, 'not-acceptable', <<"This username cannot be used.">>};
error_parts(_) ->
    {wait, 'service-unavailable', <<"Invites cannot be checked right now. Please try again later.">>}.

own_parts(spent) ->
    {cancel, forbidden, <<"An account was made with this invite already.">>};
own_parts(username_taken) ->
    {cancel, conflict, <<"This username is taken.">>};
own_parts(other_username) ->
    {modify, 'not-acceptable', <<"This invite is for another username.">>};
own_parts(no_account) ->
    {cancel, 'item-not-found', <<"There is no such account.">>};
own_parts(contact_only) ->
    {cancel, forbidden, <<"This invite is not for an account.">>}.
