%% Logs an outage: one line at its begin, one at its end, and one for each further reason. Intermittent failures are a
%% single outage.
-module(vestibule_outage).

-behaviour(gen_server).

-export([start/1, start_link/1, failed/2, succeeded/1, overloaded/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-include("logger.hrl").

%% Milliseconds without a failure after which an outage is over.
-define(QUIET, 10000).
%% Milliseconds between two warnings of too many requests.
-define(WARNING_INTERVAL, 60000).

-record(state, {
    host :: binary(),
    %% 1 while the latest request has failed, read by every successful one.
    flag :: counters:counters_ref(),
    reasons = #{} :: #{binary() => []},
    failed_at = 0 :: integer(),
    warned_at :: undefined | integer(),
    is_waiting = false :: boolean()
}).

-spec start(binary()) -> ok.
start(Host) ->
    vestibule_process:start(?MODULE, Host).

-spec start_link(binary()) -> {ok, pid()} | {error, term()}.
start_link(Host) ->
    gen_server:start_link({local, vestibule_process:name(?MODULE, Host)}, ?MODULE, Host, []).

%% A request had no usable answer.
-spec failed(binary(), binary()) -> ok.
failed(Host, Reason) ->
    counters:put(flag(Host), 1, 1),
    gen_server:cast(vestibule_process:name(?MODULE, Host), {failed, Reason}).

%% Vestibule has answered.
-spec succeeded(binary()) -> ok.
succeeded(Host) ->
    Flag = flag(Host),
    case counters:get(Flag, 1) of
        0 -> ok;
        _ ->
            counters:put(Flag, 1, 0),
            gen_server:cast(vestibule_process:name(?MODULE, Host), succeeded)
    end.

%% A request was not sent.
-spec overloaded(binary()) -> ok.
overloaded(Host) ->
    gen_server:cast(vestibule_process:name(?MODULE, Host), overloaded).

flag(Host) ->
    persistent_term:get({?MODULE, Host}).

init(Host) ->
    Flag = persistent_term:get({?MODULE, Host}, counters:new(1, [])),
    persistent_term:put({?MODULE, Host}, Flag),
    {ok, #state{host = Host, flag = Flag}}.

handle_call(_, _, State) ->
    {reply, ok, State}.

handle_cast({failed, Reason}, #state{host = Host, reasons = Reasons} = State) ->
    is_map_key(Reason, Reasons)
        orelse ?ERROR_MSG("Vestibule is unreachable; registrations by invite on ~ts are disabled: ~ts", [Host, Reason]),
    {noreply, State#state{reasons = Reasons#{Reason => []}, failed_at = now_ms()}};
handle_cast(succeeded, #state{host = Host} = State) ->
    vestibule_outbox:hurry(Host),
    {noreply, wait_for_quiet(State)};
handle_cast(overloaded, #state{host = Host, warned_at = Warned} = State) ->
    case Warned =:= undefined orelse now_ms() - Warned >= ?WARNING_INTERVAL of
        true ->
            ?WARNING_MSG("Too many requests of ~ts to Vestibule are under way; some registrations were asked to wait",
                         [Host]),
            {noreply, State#state{warned_at = now_ms()}};
        false -> {noreply, State}
    end.

handle_info(quiet, #state{host = Host, flag = Flag, failed_at = FailedAt} = State) ->
    Left = FailedAt + ?QUIET - now_ms(),
    case counters:get(Flag, 1) of
        0 when Left =< 0 ->
            ?INFO_MSG("Vestibule answers again for ~ts", [Host]),
            {noreply, State#state{reasons = #{}, is_waiting = false}};
        0 -> {noreply, wait_for_quiet(State#state{is_waiting = false}, Left)};
        %% The next success starts the wait again.
        _ -> {noreply, State#state{is_waiting = false}}
    end.

wait_for_quiet(State) ->
    wait_for_quiet(State, ?QUIET).

wait_for_quiet(#state{is_waiting = true} = State, _) -> State;
wait_for_quiet(State, Milliseconds) ->
    erlang:send_after(Milliseconds, self(), quiet),
    State#state{is_waiting = true}.

now_ms() ->
    erlang:monotonic_time(millisecond).
