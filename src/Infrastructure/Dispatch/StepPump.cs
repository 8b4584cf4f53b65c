using System.Threading.Channels;
using Channel = System.Threading.Channels.Channel;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Claims due steps for free lanes and runs each in one. Sleeps until the next job is due or the pump is woken by the Quartz trigger, which
/// correctness relies on, by a lane that became free, or by a notification after an enrolment.
/// </summary>
internal sealed partial class StepPump(
    StepOutbox outbox,
    EngineDatabase engine,
    DatabaseReadiness database,
    IServiceScopeFactory scopes,
    EngineMetrics metrics,
    LagWindow lag,
    DispatchOptions options,
    DatabaseWatch watch,
    TimeProvider time,
    ILogger<StepPump> logger
) : BackgroundService, IEngineLoad
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryGivingBack = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// While less than a quarter of the lanes is free, a claim waits this long for more of them: a claim of many steps costs little more than a claim
    /// of one.
    /// </summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(3);

    /// <summary>How many continuations of lanes run before other work of the thread pool has its turn.</summary>
    private const int ContinuationsPerTurn = 8;

    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>
    /// Runs the lanes' code. The thread pool alone would serve the continuations of hundreds of lanes in the order of arrival with those of requests,
    /// so that each await of a request would wait for all of them. The lanes take one place per processor in the pool's queue instead.
    /// </summary>
    private readonly TaskScheduler _scheduler = new ConcurrentExclusiveSchedulerPair(
        TaskScheduler.Default,
        Environment.ProcessorCount,
        ContinuationsPerTurn
    ).ConcurrentScheduler;

    private readonly ConcurrentDictionary<Guid, ClaimedStep> _running = new();
    private readonly ConcurrentDictionary<Task, byte> _lanes = new();
    private IReadOnlyList<ClaimedStep> _unstarted = [];
    private int _busy;

    public bool IsBusy => !_running.IsEmpty;
    public ICollection<ClaimedStep> Running => _running.Values;
    private int Free => options.Lanes - Volatile.Read(ref _busy);

    /// <summary>Makes the pump read the outbox now.</summary>
    public void Wake() => _wakeUps.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Only the end of the drain cancels sending.
        using var drained = new CancellationTokenSource();
        try
        {
            await database.Ready(stoppingToken);
            while (true)
            {
                var pause = await Fill(drained.Token, stoppingToken);
                await Sleep(pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Drain(drained);
        }
    }

    /// <summary>Fills the free lanes; returns how long the pump has nothing to do unless it is woken.</summary>
    private async Task<TimeSpan?> Fill(CancellationToken drained, CancellationToken stopping)
    {
        if (Free <= 0)
        {
            return null;
        }

        if (Free < options.Lanes / 4)
        {
            await Task.Delay(Together, time, stopping);
        }

        try
        {
            // Not cancelled by a stop: the drain gives the claimed steps back, which is faster when the response is known.
            var claim = await outbox.Claim(Free, drained, fromFront: false, [.. _running.Values]);
            if (stopping.IsCancellationRequested)
            {
                _unstarted = claim.Steps;
                return null;
            }

            foreach (var step in claim.Steps)
            {
                Start(step, drained);
            }

            return claim.NextDue;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            PostgresFailures.ForgetConnections(failure, engine.Connections);
            if (!watch.Explains(failure))
            {
                LogClaimFailed(logger, failure);
            }

            return AfterFailure;
        }
    }

    private void Start(ClaimedStep step, CancellationToken drained)
    {
        Interlocked.Increment(ref _busy);
        _running[step.Fence.JobId] = step;
        var late = step.ClaimedAt - step.Instance.Job!.DueAt;
        metrics.Claimed(late);
        lag.Note(late);
        var lane = Task
            .Factory.StartNew(() => CarryOut(step, drained), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler)
            .Unwrap();
        _lanes[lane] = 0;
        lane.ContinueWith(
            done => _lanes.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }

    private async Task CarryOut(ClaimedStep step, CancellationToken drained)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Sender>().Send(new ExecuteStep(step), drained);
        }
        catch (OperationCanceledException) when (drained.IsCancellationRequested)
        {
            LogCutOff(logger, step.Instance.Id.Value);
            await Unsent(step);
        }
        catch (Exception failure)
        {
            // The lease expires and the sweep recovers the step, counting an attempt: a step that fails here cannot loop indefinitely.
            LogFailed(logger, failure, step.Instance.Id.Value);
            await Unsent(step);
        }
        finally
        {
            // Removes only this claim: the node may have lost the job and claimed it again.
            _running.TryRemove(KeyValuePair.Create(step.Fence.JobId, step));
            Interlocked.Decrement(ref _busy);
            Wake();
        }
    }

    /// <summary>A failure before any provider was called does not put the step in doubt.</summary>
    private async Task Unsent(ClaimedStep step)
    {
        if (step.Lease.MayHaveSent)
        {
            return;
        }

        try
        {
            await outbox.Unsent(step, CancellationToken.None);
        }
        catch (Exception failure)
        {
            if (!watch.Explains(failure))
            {
                LogNotNoted(logger, failure, step.Instance.Id.Value);
            }
        }
    }

    private async Task Sleep(TimeSpan? pause, CancellationToken stopping)
    {
        if (pause <= TimeSpan.Zero && Free > 0)
        {
            return;
        }

        if (pause <= TimeSpan.Zero)
        {
            // More jobs are due: continue as soon as a lane is free, which wakes the pump.
            pause = null;
        }

        using var alarm = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var timer =
            pause is { } length && length < options.PollInterval
                // Rounded up to a whole millisecond, the resolution of a timer, so that it does not fire before the job is due.
                ? time.CreateTimer(
                    _ => Wake(),
                    null,
                    TimeSpan.FromMilliseconds(Math.Ceiling(length.TotalMilliseconds)),
                    Timeout.InfiniteTimeSpan
                )
                : null;
        await _wakeUps.Reader.ReadAsync(alarm.Token);
    }

    private async Task Drain(CancellationTokenSource drained)
    {
        LogDraining(logger, _lanes.Count);
        var finished = Finish(Task.WhenAll(_lanes.Keys), drained.Token);
        await Task.WhenAny(finished, Task.Delay(options.DrainTimeout, time, CancellationToken.None));
        await drained.CancelAsync();
        await finished.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Finish(Task lanes, CancellationToken drained)
    {
        var givingBack = GiveBackUnstarted(_unstarted, drained);
        await lanes;
        // A lane that failed may have left an attempt to delete.
        await Task.WhenAll(givingBack, GiveBackUnstarted([], drained));
    }

    /// <summary>
    /// Gives back steps that this node claimed and never started. Retries until the drain is over; otherwise these steps would be in doubt.
    /// </summary>
    private async Task GiveBackUnstarted(IReadOnlyList<ClaimedStep> steps, CancellationToken drained)
    {
        while (true)
        {
            try
            {
                await outbox.GiveBackUnstarted(steps, drained);
                return;
            }
            catch (Exception failure) when (!drained.IsCancellationRequested)
            {
                PostgresFailures.ForgetConnections(failure, engine.Connections);
                if (!watch.Explains(failure))
                {
                    LogNotGivenBack(logger, failure.Message, steps.Count);
                }

                await Task.Delay(RetryGivingBack, time, drained);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not claim due steps; retrying in 1 s")]
    private static partial void LogClaimFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not carry out a step of instance {InstanceId}; the sweep will recover it")]
    private static partial void LogFailed(ILogger logger, Exception failure, Guid instanceId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A step of instance {InstanceId} failed before anything was sent, and that could not be stored yet; retrying with the next claim"
    )]
    private static partial void LogNotNoted(ILogger logger, Exception failure, Guid instanceId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The shutdown timeout ended before a step of instance {InstanceId} was finished")]
    private static partial void LogCutOff(ILogger logger, Guid instanceId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not give back {Count} claimed steps yet; retrying: {Error}")]
    private static partial void LogNotGivenBack(ILogger logger, string error, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: no more claims; finishing {Count} steps")]
    private static partial void LogDraining(ILogger logger, int count);
}
