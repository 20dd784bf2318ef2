%% Requests to Vestibule's API, and its problems (RFC 9457).
-module(vestibule_api).

-export([start/1, post/4, get/3, delete/2]).
-export([has/1, away/0, is_passing/1]).

-export_type([problem/0]).

-include("logger.hrl").

%% The version of Vestibule with which this module was released.
-define(VERSION, "0.1.0").

%% The type without its prefix; `away` without a usable answer, with a word for `vestibule doctor`.
-type problem() :: #{type := binary(), title := binary(), detail := binary(), reason := binary()}.
-type result() :: {ok, map()} | {error, problem()}.

-spec start(binary()) -> ok.
start(Host) ->
    vestibule_http:start(Host).

%% Tells an answer of Vestibule from other JSON.
-type proof() :: fun((map()) -> boolean()).

%% All requests are safe to repeat: those that create something carry an idempotency key or an `admission`.
-spec post(binary(), iodata(), map(), proof()) -> result().
post(Host, Path, Body, Proof) ->
    ask(Host, post, Path, misc:json_encode(Body), Proof).

-spec get(binary(), iodata(), proof()) -> result().
get(Host, Path, Proof) ->
    ask(Host, get, Path, none, Proof).

-spec delete(binary(), iodata()) -> ok | {error, problem()}.
delete(Host, Path) ->
    case ask(Host, delete, Path, none, none) of
        {ok, _} -> ok;
        {error, _} = Error -> Error
    end.

%% Returns the proof that a field is text.
-spec has(binary()) -> proof().
has(Name) ->
    fun(Value) ->
       case Value of
           #{Name := Text} -> is_binary(Text);
           _ -> false
       end
    end.

%% The problem without a usable answer.
-spec away() -> problem().
away() ->
    away(<<"unavailable">>).

away(Reason) ->
    problem(<<"away">>, <<"Vestibule is unreachable">>, <<"Vestibule is unreachable">>, Reason).

%% Whether the same request may succeed later.
-spec is_passing(problem()) -> boolean().
is_passing(#{type := Type}) ->
    Type =:= <<"away">> orelse Type =:= <<"rate-limited">>.

ask(Host, Method, Path, Body, Proof) ->
    {Base, Key} = vestibule_options:settings(Host),
    Url = iolist_to_binary([Base, Path]),
    Headers = [{"authorization", ["Bearer ", Key]}, {"accept", "application/json"}, {"user-agent", user_agent()}
               | idempotency(Body, Path)],
    case vestibule_http:send(Host, Method, {Url, Headers}, Body) of
        {ok, Status, AnswerHeaders, Answer} ->
            compare_version(Host, proplists:get_value("vestibule-version", AnswerHeaders)),
            read(Host, Base, Status, Answer, Proof);
        {error, overloaded} ->
            vestibule_outage:overloaded(Host),
            {error, away(<<"overloaded">>)};
        {error, {Reason, Words}} ->
            vestibule_outage:failed(Host, <<Words/binary, " (vestibule_url is ", Base/binary, ")">>),
            {error, away(atom_to_binary(Reason))}
    end.

idempotency(Body, "/v1/invites") when Body =/= none ->
    [{"idempotency-key", base64:encode(crypto:strong_rand_bytes(24))}];
idempotency(_, _) ->
    [].

user_agent() ->
    ["vestibule-ejabberd/" ?VERSION " ejabberd/", visible(ejabberd_option:version()),
     registration_timeout(ejabberd_option:registration_timeout())].

%% For `vestibule doctor`: all registrations on Vestibule's pages come from one address, which this limits.
registration_timeout(infinity) ->
    [];
registration_timeout(Milliseconds) ->
    [" registration_timeout/", integer_to_list(Milliseconds div 1000)].

read(Host, _, 204, _, none) ->
    vestibule_outage:succeeded(Host),
    {ok, #{}};
read(Host, Base, Status, Answer, Proof) ->
    Value = try misc:json_decode(Answer) catch _:_ -> undefined end,
    case {Status, Value} of
        {_, #{<<"type">> := <<"urn:vestibule:problem:", Type/binary>>}} when Status >= 400 ->
            refused(Host, Base, Status, Type, Value);
        {_, #{}} when Status >= 200, Status < 300, is_function(Proof) ->
            case Proof(Value) of
                true -> accepted(Host, Value);
                false -> not_vestibule(Host, Base, Status)
            end;
        _ ->
            not_vestibule(Host, Base, Status)
    end.

%% The key of another host must not permit registrations.
accepted(Host, Value) ->
    case other_host(Host, Value) of
        none ->
            vestibule_outage:succeeded(Host),
            {ok, Value};
        Other ->
            vestibule_outage:failed(Host, iolist_to_binary(["it answers for the host \"", visible(Other),
                                                            "\": vestibule_key is the key of another host"])),
            {error, away(<<"other-host">>)}
    end.

other_host(Host, #{<<"host">> := Other}) when is_binary(Other) ->
    case jid:nameprep(Other) of
        Host -> none;
        _ -> case ascii(Other) =:= ascii(Host) of
                 true -> none;
                 false -> Other
             end
    end;
other_host(Host, #{<<"items">> := [#{<<"host">> := _} = First | _]}) ->
    other_host(Host, First);
other_host(_, _) ->
    none.

ascii(Host) ->
    try list_to_binary(idna:utf8_to_ascii(Host))
    catch _:_ -> Host
    end.

refused(Host, Base, Status, Type, Value) when Status >= 500 ->
    #{detail := Detail} = problem_of(Type, Value),
    vestibule_outage:failed(Host, iolist_to_binary(io_lib:format("status ~b from ~ts: ~ts", [Status, Base, Detail]))),
    {error, away()};
refused(Host, _, _, Type, Value) when Type =:= <<"unauthorized">>; Type =:= <<"forbidden">> ->
    #{title := Title} = problem_of(Type, Value),
    Remedy = [" (vestibule_key; make one with: vestibule keys create ", Host, " ejabberd --scope bridge)"],
    vestibule_outage:failed(Host, iolist_to_binary([Title | Remedy])),
    {error, away(Type)};
refused(Host, _, _, Type, Value) ->
    %% An unknown ID has the same answer as an unknown path, so it proves nothing.
    Type =:= <<"not-found">> orelse vestibule_outage:succeeded(Host),
    {error, problem_of(Type, Value)}.

not_vestibule(Host, Base, Status) ->
    Words = io_lib:format("status ~b from ~ts, which is no answer of Vestibule's API", [Status, Base]),
    vestibule_outage:failed(Host, iolist_to_binary(Words)),
    {error, away(<<"not-vestibule">>)}.

problem_of(Type, Value) ->
    Title = text(Value, <<"title">>, Type),
    Detail = case Value of
                 #{<<"errors">> := [#{<<"field">> := Field, <<"message">> := Message} | _]}
                     when is_binary(Field), is_binary(Message) -> <<Field/binary, ": ", Message/binary>>;
                 _ -> text(Value, <<"detail">>, Title)
             end,
    problem(visible(Type), visible(Title), visible(Detail), <<"token">>).

problem(Type, Title, Detail, Reason) ->
    #{type => Type, title => Title, detail => Detail, reason => Reason}.

text(Value, Name, Default) ->
    case Value of
        #{Name := Text} when is_binary(Text) -> Text;
        _ -> Default
    end.

%% Text from outside for logs and answers: without control characters, and characters that change the direction of
%% writing.
visible(Text) ->
    re:replace(Text, <<"[\\p{C}\\p{Zl}\\p{Zp}]">>, <<"?">>, [unicode, ucp, global, {return, binary}]).

%% Logs once if Vestibule has another version.
compare_version(_, Theirs) when Theirs =:= undefined; Theirs =:= ?VERSION ->
    ok;
compare_version(Host, Theirs) ->
    case persistent_term:get({?MODULE, Host}, undefined) of
        Theirs -> ok;
        _ ->
            persistent_term:put({?MODULE, Host}, Theirs),
            ?WARNING_MSG("mod_invites_vestibule has version " ?VERSION ", Vestibule ~ts: install that of this version",
                         [visible(list_to_binary(Theirs))])
    end.
