using Quartz;

namespace FollowUp.Infrastructure.Operations;

/// <summary>
/// Quartz job, every <c>Dispatcher:PollInterval</c>: runs operations and migrations in batches, in a round-robin over owners. A batch writes its
/// progress in its own transaction, so a node that dies loses at most the uncommitted batch.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class OperationJob(
    OperationScheduler scheduler,
    IEnumerable<IBatchWork> works,
    DatabaseReadiness database,
    IHostApplicationLifetime lifetime,
    WakeUp wakeUp,
    NpgsqlDataSource dataSource,
    TimeProvider time,
    DatabaseWatch watch,
    ILogger<OperationJob> logger,
    IEngineLoad? load = null
) : IJob
{
    private const int LongestError = 500;

    /// <summary>How many consecutive timeouts a batch of one row may have before the row is skipped.</summary>
    private const int MostTimeoutsAlone = 3;

    private static readonly string TookTooLong = $"changing it took longer than a statement may take, {MostTimeoutsAlone} times in a row";

    /// <summary>Maximum number of batches of one call in a sandbox, which checks the clock in between.</summary>
    private const int MostBatchesInSandbox = 25;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!database.IsReady)
        {
            return;
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            await RunAtPace(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Committed batches are kept; this node or another one continues from there.
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            PostgresFailures.ForgetConnections(failure, dataSource);
            if (!watch.Explains(failure))
            {
                LogFailed(logger, failure);
            }
        }
    }

    /// <summary>Runs batches without pauses, for a move of a sandbox's clock. Returns whether any are left.</summary>
    public async Task<bool> RunAll(CancellationToken cancellationToken)
    {
        for (var batch = 0; batch < MostBatchesInSandbox; batch++)
        {
            if (await scheduler.Next(evenEarly: true, cancellationToken) is not { } next)
            {
                return false;
            }

            scheduler.Serve(next.Owner);
            await RunBatch(next, cancellationToken);
        }

        return await scheduler.Next(evenEarly: true, cancellationToken) is not null;
    }

    private async Task RunAtPace(CancellationToken cancellationToken)
    {
        while (await scheduler.Next(evenEarly: false, cancellationToken) is { } next)
        {
            if (await scheduler.Begin(cancellationToken) is { } wait)
            {
                await Task.Delay(wait, time, cancellationToken);
                continue;
            }

            scheduler.Serve(next.Owner);
            var began = time.GetTimestamp();
            var outcome = new BatchOutcome(OperationProgress.Busy);
            try
            {
                outcome = await RunBatch(next, cancellationToken);
            }
            finally
            {
                await scheduler.End(time.GetElapsedTime(began), outcome.MadeDue, load?.IsBusy == true, CancellationToken.None);
            }

            if (outcome.Progress == OperationProgress.Busy)
            {
                // A request or another node holds it: retry at the next poll.
                return;
            }

            wakeUp.All();
        }
    }

    private async Task<BatchOutcome> RunBatch(DueBatch batch, CancellationToken cancellationToken)
    {
        var (id, most) = (batch.Id, scheduler.Sizes.Of(batch.Id));
        var work = works.Single(work => work.IsOfMigrations == batch.IsOfMigration);
        try
        {
            var outcome = await work.Run(id, most, null, cancellationToken);
            if (outcome.Progress == OperationProgress.Done)
            {
                scheduler.Sizes.Forget(id);
            }
            else if (most is not null && outcome.Progress == OperationProgress.More)
            {
                scheduler.Sizes.Raise(id, (await work.Size(id, cancellationToken)).Rows);
            }

            return outcome;
        }
        catch (Exception failure) when (IsOfTheBatch(failure))
        {
            LogBatchFailed(logger, failure, id);
            return await TryFewerRows(work, id, failure, cancellationToken);
        }
    }

    /// <summary>
    /// Halves the next batch. If the kind allows it, a row that fails alone, or times out alone several times in a row, is skipped, so that it does
    /// not block the others. Everything else counts as a failure of the whole operation, with its backoff: without it, a batch that always fails
    /// would be repeated at each poll.
    /// </summary>
    private async Task<BatchOutcome> TryFewerRows(IBatchWork work, Guid id, Exception failure, CancellationToken cancellationToken)
    {
        var (rows, passesOver) = await work.Size(id, cancellationToken);
        var isAlone = !scheduler.Sizes.Halve(id, rows);
        var isTimeout = PostgresFailures.IsTimeout(failure);
        if (passesOver && !isAlone && !isTimeout)
        {
            return new(OperationProgress.More);
        }

        // A temporarily slow database makes a single row time out too, so one timeout is not enough to skip the row.
        if (passesOver && isAlone && (!isTimeout || scheduler.Sizes.TimedOutAlone(id) >= MostTimeoutsAlone))
        {
            try
            {
                return await work.Run(id, 1, isTimeout ? TookTooLong : MessageOf(failure), cancellationToken);
            }
            catch (Exception again) when (IsOfTheBatch(again))
            {
                LogBatchFailed(logger, again, id);
                return new(await work.NoteFailure(id, MessageOf(again), cancellationToken));
            }
        }

        return new(await work.NoteFailure(id, MessageOf(failure), cancellationToken));
    }

    /// <summary>Whether the batch itself caused the failure, rather than the connection or a concurrent transaction.</summary>
    private static bool IsOfTheBatch(Exception failure) =>
        failure is not OperationCanceledException && (PostgresFailures.IsTimeout(failure) || !PostgresFailures.IsTransient(failure));

    private static string MessageOf(Exception failure)
    {
        var message = failure.GetBaseException().Message;
        return message.Length > LongestError ? message[..LongestError] : message;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not continue operations and migrations; the next run retries")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of operation or migration {Id} failed")]
    private static partial void LogBatchFailed(ILogger logger, Exception failure, Guid id);
}
