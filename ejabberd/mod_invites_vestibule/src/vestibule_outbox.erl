%% Pending messages to Vestibule: created accounts, and changes of accounts. Each is on disk before the account is
%% created, and until Vestibule has accepted it, so that neither an outage nor a crash loses it.
-module(vestibule_outbox).

-behaviour(gen_server).

-export([start/1, start_link/1, write/3, forget/2, tell/2, tell_change/3, catch_up/1, hurry/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-include("logger.hrl").

%% Milliseconds between attempts while something is overdue.
-define(RETRY, 5000).
%% Milliseconds for which a failed round answers for those that wait for it.
-define(ROUND, 1000).
%% The longest wait for a round.
-define(PATIENCE, 15000).

%% A pending message of a node: in a cluster, all nodes have the table. `id` is that of a claim or an account.
-record(vestibule_outbox, {id :: {Host :: binary(), node(), id()}, item :: item()}).

-type id() :: binary() | {account, binary()}.
%% `uncertain` is a completion before the account exists.
-type item() ::
    #{jid := binary(), via := binary(), username := binary(), uncertain => true} |
    #{username := binary(), change := binary()}.

-record(state, {
    host :: binary(),
    %% 1 if a claim must wait for `catch_up`.
    flag :: counters:counters_ref(),
    is_read_back = false :: boolean(),
    overdue = #{} :: #{id() => item()},
    failed_at :: undefined | integer(),
    timer :: undefined | reference()
}).

-spec start(binary()) -> ok.
start(Host) ->
    Table = [{disc_copies, [node()]}, {attributes, record_info(fields, vestibule_outbox)}],
    {atomic, ok} = ejabberd_mnesia:create(?MODULE, ?MODULE, Table),
    vestibule_process:start(?MODULE, Host).

-spec start_link(binary()) -> {ok, pid()} | {error, term()}.
start_link(Host) ->
    gen_server:start_link({local, vestibule_process:name(?MODULE, Host)}, ?MODULE, Host, []).

%% Stores a message. It is on disk when this returns.
-spec write(binary(), id(), item()) -> ok | {error, term()}.
write(Host, Id, Item) ->
    try
        ok = mnesia:dirty_write(#vestibule_outbox{id = {Host, node(), Id}, item = Item}),
        ok = mnesia:sync_log()
    catch
        _:Reason ->
            ?ERROR_MSG("Nothing can be written to Mnesia: ~p", [Reason]),
            {error, Reason}
    end.

-spec forget(binary(), id()) -> ok.
forget(Host, Id) ->
    mnesia:dirty_delete(?MODULE, {Host, node(), Id}).

%% Sends a stored message. Returns at once.
-spec tell(binary(), id()) -> ok.
tell(Host, Id) ->
    gen_server:cast(vestibule_process:name(?MODULE, Host), {tell, Id}).

%% Stores and sends a change of an account. Returns at once.
-spec tell_change(binary(), binary(), binary()) -> ok.
tell_change(Host, Username, Change) ->
    Id = {account, Username},
    _ = write(Host, Id, #{username => Username, change => Change}),
    tell(Host, Id).

%% Sends everything that is overdue. Returns `ok` if no completion is overdue any more: a use that is not recorded could
%% be granted again.
-spec catch_up(binary()) -> ok | {error, vestibule_api:problem()}.
catch_up(Host) ->
    case counters:get(persistent_term:get({?MODULE, Host}), 1) of
        0 -> ok;
        _ ->
            try gen_server:call(vestibule_process:name(?MODULE, Host), catch_up, ?PATIENCE)
            catch exit:_ -> {error, vestibule_api:away()}
            end
    end.

%% Vestibule answers again.
-spec hurry(binary()) -> ok.
hurry(Host) ->
    gen_server:cast(vestibule_process:name(?MODULE, Host), hurry).

init(Host) ->
    Flag = counters:new(1, []),
    counters:put(Flag, 1, 1),
    persistent_term:put({?MODULE, Host}, Flag),
    %% Accounts are not available before all modules have started.
    {ok, retry_later(#state{host = Host, flag = Flag})}.

handle_call(catch_up, _, #state{failed_at = FailedAt} = State) ->
    case FailedAt =/= undefined andalso now_ms() - FailedAt < ?ROUND of
        true -> {reply, {error, vestibule_api:away()}, State};
        false ->
            Next = send_overdue(read_back(State)),
            Reply = case is_completion_overdue(Next) of
                        true -> {error, vestibule_api:away()};
                        false -> ok
                    end,
            {reply, Reply, settled(Next)}
    end.

handle_cast({tell, Id}, #state{host = Host, overdue = Overdue} = State) ->
    %% Mnesia writes with a delay. A crash must not lose an account whose use is spent.
    _ = mnesia:sync_log(),
    case mnesia:dirty_read(?MODULE, {Host, node(), Id}) of
        [#vestibule_outbox{item = Item}] when map_size(Overdue) > 0 ->
            {noreply, settled(State#state{overdue = Overdue#{Id => certain(Item)}})};
        [#vestibule_outbox{item = Item}] ->
            {noreply, settled(send(Id, certain(Item), State))};
        [] ->
            {noreply, State}
    end;
handle_cast(hurry, State) ->
    {noreply, settled(send_overdue(read_back(State)))}.

handle_info(retry, State) ->
    {noreply, settled(send_overdue(read_back(State#state{timer = undefined})))}.

certain(Item) ->
    maps:remove(uncertain, Item).

%% Reads the messages that were stored before a restart. A registration that it interrupted is completed if the account
%% exists; otherwise its claim is released.
read_back(#state{is_read_back = true} = State) ->
    State;
read_back(#state{host = Host} = State) ->
    Ids = [Id || {Owner, Node, Id} <- mnesia:dirty_all_keys(?MODULE), Owner =:= Host, Node =:= node()],
    lists:foldl(fun read_back/2, State#state{is_read_back = true}, Ids).

read_back(Id, #state{host = Host, overdue = Overdue} = State) ->
    case mnesia:dirty_read(?MODULE, {Host, node(), Id}) of
        [#vestibule_outbox{item = #{uncertain := true, username := Username} = Item}] ->
            case ejabberd_auth:user_exists(Username, Host) of
                true -> State#state{overdue = Overdue#{Id => certain(Item)}};
                false ->
                    _ = vestibule_api:delete(Host, ["/v1/redemptions/", Id]),
                    forget(Host, Id),
                    State
            end;
        [#vestibule_outbox{item = Item}] -> State#state{overdue = Overdue#{Id => Item}};
        [] -> State
    end.

%% Completions first.
send_overdue(#state{overdue = Overdue} = State) ->
    {Changes, Completions} = lists:partition(fun({_, Item}) -> is_map_key(change, Item) end, maps:to_list(Overdue)),
    send_all(Completions ++ Changes, State#state{failed_at = undefined}).

%% Stops at the first failure.
send_all([{Id, Item} | Rest], State) ->
    case send(Id, Item, State) of
        #state{failed_at = undefined} = Next -> send_all(Rest, Next);
        Failed -> Failed
    end;
send_all([], State) ->
    State.

send(Id, Item, #state{host = Host, overdue = Overdue} = State) ->
    case post(Host, Id, Item) of
        {ok, _} ->
            forget(Host, Id),
            State#state{overdue = maps:remove(Id, Overdue)};
        {error, Problem} ->
            case vestibule_api:is_passing(Problem) of
                true -> State#state{overdue = Overdue#{Id => Item}, failed_at = now_ms()};
                false ->
                    ?ERROR_MSG("Vestibule did not record that ~ts: ~ts", [event(Item), maps:get(detail, Problem)]),
                    forget(Host, Id),
                    State#state{overdue = maps:remove(Id, Overdue)}
            end
    end.

post(Host, _, #{change := Change, username := Username}) ->
    vestibule_api:post(Host, ["/v1/accounts/", uri_string:quote(Username)], #{change => Change}, fun is_change/1);
post(Host, Claim, #{jid := Jid, via := Via}) ->
    Path = ["/v1/redemptions/", Claim, "/complete"],
    vestibule_api:post(Host, Path, #{jid => Jid, via => Via}, vestibule_api:has(<<"claim">>)).

is_change(Answer) ->
    is_map_key(<<"revoked">>, Answer).

event(#{change := Change, username := Username}) -> [Username, " is ", Change];
event(#{jid := Jid}) -> [Jid, " redeemed an invite"].

is_completion_overdue(#state{overdue = Overdue}) ->
    lists:any(fun(Item) -> not is_map_key(change, Item) end, maps:values(Overdue)).

%% After each round: claims wait while a completion is overdue, and what is overdue is sent again.
settled(#state{flag = Flag, overdue = Overdue} = State) ->
    counters:put(Flag, 1, case is_completion_overdue(State) of true -> 1; false -> 0 end),
    case map_size(Overdue) of
        0 -> State;
        _ -> retry_later(State)
    end.

retry_later(#state{timer = undefined} = State) ->
    State#state{timer = erlang:send_after(?RETRY, self(), retry)};
retry_later(State) ->
    State.

now_ms() ->
    erlang:monotonic_time(millisecond).
