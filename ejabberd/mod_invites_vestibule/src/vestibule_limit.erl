%% Bounds the connections of a host to Vestibule, and the requests that wait for one.
-module(vestibule_limit).

-behaviour(gen_server).

-export([start/1, start_link/1, acquire/2, release/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

%% Connections at a time.
-define(SLOTS, 16).
%% Requests that wait for one. More are refused at once.
-define(WAITING, 2048).

-record(state, {
    %% Monitors of the processes that hold a connection.
    held = #{} :: #{reference() => []},
    waiting = queue:new() :: queue:queue({gen_server:from(), Until :: integer()})
}).

-spec start(binary()) -> ok.
start(Host) ->
    vestibule_process:start(?MODULE, Host).

-spec start_link(binary()) -> {ok, pid()} | {error, term()}.
start_link(Host) ->
    gen_server:start_link({local, vestibule_process:name(?MODULE, Host)}, ?MODULE, [], []).

%% Waits at most this many milliseconds for a slot, which the caller must release. It is released if the caller ends.
-spec acquire(binary(), pos_integer()) -> {ok, reference()} | overloaded | timeout.
acquire(Host, Milliseconds) ->
    Until = erlang:monotonic_time(millisecond) + Milliseconds,
    try gen_server:call(vestibule_process:name(?MODULE, Host), {acquire, Until}, Milliseconds)
    catch
        exit:{timeout, _} -> timeout;
        exit:{noproc, _} -> overloaded
    end.

-spec release(binary(), reference()) -> ok.
release(Host, Slot) ->
    gen_server:cast(vestibule_process:name(?MODULE, Host), {release, Slot}).

init([]) ->
    {ok, #state{}}.

handle_call({acquire, _}, From, #state{held = Held} = State) when map_size(Held) < ?SLOTS ->
    {noreply, grant(From, State)};
handle_call({acquire, Until}, From, #state{waiting = Waiting} = State) ->
    case queue:len(Waiting) < ?WAITING of
        true -> {noreply, State#state{waiting = queue:in({From, Until}, Waiting)}};
        false -> {reply, overloaded, State}
    end.

handle_cast({release, Slot}, State) ->
    true = erlang:demonitor(Slot, [flush]),
    {noreply, free(Slot, State)}.

handle_info({'DOWN', Slot, process, _, _}, State) ->
    {noreply, free(Slot, State)}.

grant({Pid, _} = From, #state{held = Held} = State) ->
    Slot = erlang:monitor(process, Pid),
    gen_server:reply(From, {ok, Slot}),
    State#state{held = Held#{Slot => []}}.

free(Slot, #state{held = Held} = State) ->
    serve_next(State#state{held = maps:remove(Slot, Held)}).

%% Callers whose time is over have left.
serve_next(#state{waiting = Waiting} = State) ->
    case queue:out(Waiting) of
        {empty, _} -> State;
        {{value, {From, Until}}, Rest} ->
            case erlang:monotonic_time(millisecond) < Until of
                true -> grant(From, State#state{waiting = Rest});
                false -> serve_next(State#state{waiting = Rest})
            end
    end.
