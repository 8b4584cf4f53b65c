using System.Collections.Concurrent;
using System.Threading.Channels;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Messaging;
using FollowUp.Application.Operations;
using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Claims due steps for free lanes and has each carried out. Sleeps until the next job is due or somebody wakes it: the Quartz trigger, which
/// correctness rests on, a lane that became free, or a notification after an enrolment.
/// </summary>
internal sealed partial class StepPump(
    StepOutbox outbox,
    EngineDatabase engine,
    DatabaseReadiness database,
    IServiceScopeFactory scopes,
    EngineMetrics metrics,
    DispatchOptions options,
    DatabaseWatch watch,
    TimeProvider time,
    ILogger<StepPump> logger
) : BackgroundService, IEngineLoad
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryGivingBack = TimeSpan.FromMilliseconds(250);

    /// <summary>While less than a quarter of the lanes is free, a claim waits so long for more of them: a claim of many costs little more than one.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(3);

    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly ConcurrentDictionary<Guid, ClaimedStep> _inHand = new();
    private readonly ConcurrentDictionary<Task, byte> _lanes = new();
    private readonly LowWaterMarks _marks = new(time, options.PollInterval);
    private IReadOnlyList<ClaimedStep> _unstarted = [];
    private int _busy;

    public bool IsBusy => !_inHand.IsEmpty;

    /// <summary>The steps that are being carried out.</summary>
    public ICollection<ClaimedStep> InHand => _inHand.Values;

    private int Free => options.Lanes - Volatile.Read(ref _busy);

    /// <summary>Makes the pump look at the outbox now.</summary>
    public void Wake() => _wakeUps.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Only the end of the drain cancels what is being sent.
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

    /// <summary>Fills the free lanes; tells how long there is nothing to do unless somebody wakes the pump.</summary>
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
            // Not cancelled by a stop: the drain gives back what a claim brings, and that is quicker when the answer is known.
            var claim = await outbox.Claim(Free, drained, _marks, [.. _inHand.Values]);
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
        _inHand[step.Fence.JobId] = step;
        metrics.Claimed(step.ClaimedAt - step.Instance.Job!.DueAt);
        var lane = Task.Run(() => CarryOut(step, drained), CancellationToken.None);
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
            // The lease runs out and the sweep takes the step back, counting a try: a step that fails here cannot loop for ever.
            LogFailed(logger, failure, step.Instance.Id.Value);
            await Unsent(step);
        }
        finally
        {
            // Only itself: this node may have claimed the job again, after it lost it.
            _inHand.TryRemove(KeyValuePair.Create(step.Fence.JobId, step));
            Interlocked.Decrement(ref _busy);
            Wake();
        }
    }

    /// <summary>What failed before any provider was called is no doubt.</summary>
    private async Task Unsent(ClaimedStep step)
    {
        if (step.Handover.IsBegun)
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
            // More is due: go on as soon as a lane is free, which wakes the pump.
            pause = null;
        }

        using var alarm = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var timer =
            pause is { } length && length < options.PollInterval
                // To the next whole millisecond, which is as exact as a timer is: not too early, when nothing is due yet.
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
        // A lane that failed has perhaps left an attempt to delete.
        await Task.WhenAll(givingBack, GiveBackUnstarted([], drained));
    }

    /// <summary>Gives back what this node claimed and never began. Tries again until the drain is over: otherwise these steps would be in doubt.</summary>
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not claim due steps; trying again in a second")]
    private static partial void LogClaimFailed(ILogger logger, Exception failure);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A step of instance {InstanceId} could not be carried out; the sweep will take it back"
    )]
    private static partial void LogFailed(ILogger logger, Exception failure, Guid instanceId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Nothing was sent for a step of instance {InstanceId}; that could not be recorded yet and is tried again with the next claim"
    )]
    private static partial void LogNotNoted(ILogger logger, Exception failure, Guid instanceId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stop's time was over before a step of instance {InstanceId} was finished")]
    private static partial void LogCutOff(ILogger logger, Guid instanceId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} claimed steps could not be given back yet; trying again: {Error}")]
    private static partial void LogNotGivenBack(ILogger logger, string error, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: no more claims, {Count} steps are being finished")]
    private static partial void LogDraining(ILogger logger, int count);
}
