%% HTTP requests to Vestibule. Each has a connection of its own: it waits behind no other request, and a late answer is
%% never taken for that of another one.
%%
%% The calling process waits, and nobody else: the stream of a client is a process. `vestibule_limit` bounds the
%% connections of a host.
-module(vestibule_http).

-export([start/1, send/4]).

-export_type([answer/0]).

%% The most milliseconds that a registration waits for Vestibule.
-define(TIMEOUT, 5000).

-type answer() ::
    {ok, Status :: pos_integer(), Headers :: [{string(), string()}], Body :: binary()} | {error, Why :: why()}.
-type why() :: {unreachable | silent | tls | certificate, binary()} | overloaded.

%% Starts the HTTP client of a host, apart from those of other modules.
-spec start(binary()) -> ok.
start(Host) ->
    case inets:start(httpc, [{profile, profile(Host)}]) of
        {ok, _} -> ok;
        {error, {already_started, _}} -> ok
    end,
    %% Without cookies, and directly: the environment's proxies are for other programs.
    httpc:set_options([{cookies, disabled}, {max_sessions, 0}], profile(Host)).

%% Sends a request. `Body` is JSON, or `none`.
-spec send(binary(), get | post | delete, {binary(), [{string(), iodata()}]}, binary() | none) -> answer().
send(Host, Method, {Url, Headers}, Body) ->
    Until = erlang:monotonic_time(millisecond) + ?TIMEOUT,
    case vestibule_limit:acquire(Host, ?TIMEOUT) of
        {ok, Slot} ->
            try send_until(Until, Host, Method, {Url, Headers}, Body)
            after vestibule_limit:release(Host, Slot)
            end;
        overloaded -> {error, overloaded};
        timeout -> {error, silence()}
    end.

send_until(Until, Host, Method, {Url, Headers}, Body) ->
    Left = max(1, Until - erlang:monotonic_time(millisecond)),
    Fields = [{"connection", "close"} | [{Name, unicode:characters_to_list(Value)} || {Name, Value} <- Headers]],
    Request = case Body of
                  none when Method =/= post -> {binary_to_list(Url), Fields};
                  none -> {binary_to_list(Url), Fields, "application/json", <<>>};
                  _ -> {binary_to_list(Url), Fields, "application/json", Body}
              end,
    Options = [{timeout, Left}, {connect_timeout, Left}, {autoredirect, false}, {ssl, tls_options()}],
    case httpc:request(Method, Request, Options, [{body_format, binary}], profile(Host)) of
        {ok, {{_, Status, _}, AnswerHeaders, AnswerBody}} -> {ok, Status, AnswerHeaders, AnswerBody};
        {error, Reason} -> {error, why(Reason)}
    end.

%% The certificate must be valid for the name in the address, by an authority of the system or of ejabberd's `ca_file`.
tls_options() ->
    [{verify, verify_peer},
     {cacertfile, ejabberd_option:ca_file()},
     {depth, 5},
     {customize_hostname_check, [{match_fun, public_key:pkix_verify_hostname_match_fun(https)}]},
     {log_level, none}].

-spec why(term()) -> why().
why(timeout) -> silence();
why({failed_connect, Facts}) -> connection_failure([Reason || {inet, _, Reason} <- Facts]);
why(socket_closed_remotely) -> {unreachable, <<"the connection was closed without an answer">>};
why(_) -> {unreachable, <<"its answer is no HTTP">>}.

connection_failure([timeout | _]) -> silence();
connection_failure([{tls_alert, {Alert, _}} | _])
    when Alert =:= unknown_ca; Alert =:= bad_certificate; Alert =:= handshake_failure;
         Alert =:= certificate_expired; Alert =:= certificate_unknown ->
    {certificate, <<"the certificate is not trusted">>};
connection_failure([{tls_alert, _} | _]) -> {tls, <<"the server there does not speak TLS">>};
connection_failure([Reason | _]) when is_atom(Reason) -> {unreachable, describe(Reason)};
connection_failure(_) -> {unreachable, <<"no connection">>}.

describe(econnrefused) -> <<"connection refused">>;
describe(nxdomain) -> <<"the name is unknown">>;
describe(Reason) -> list_to_binary(inet:format_error(Reason)).

silence() ->
    {silent, <<"no answer within 5 seconds">>}.

profile(Host) ->
    gen_mod:get_module_proc(Host, ?MODULE).
