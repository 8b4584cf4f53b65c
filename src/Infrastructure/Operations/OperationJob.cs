using FollowUp.Application.Operations;
using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace FollowUp.Infrastructure.Operations;

/// <summary>
/// Quartz, every <c>Dispatcher:PollInterval</c>: runs operations and migrations batch by batch, owners in turn. The progress of a batch is written
/// in its own transaction, so a node that dies loses at most the batch that it had not committed.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class OperationJob(
    OperationScheduler turns,
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

    /// <summary>How often in a row a batch of one row may take too long before the row is passed over.</summary>
    private const int MostTimeoutsAlone = 3;

    private static readonly string TookTooLong = $"changing it took longer than a statement may take, {MostTimeoutsAlone} times in a row";

    /// <summary>The most batches that one call runs in a sandbox, which looks at the clock in between.</summary>
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
            // What was committed stays; this node or another continues from there.
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

    /// <summary>Runs batches without a pause, as moving a sandbox's clock does. Tells whether any is left.</summary>
    public async Task<bool> RunAll(CancellationToken cancellationToken)
    {
        for (var batch = 0; batch < MostBatchesInSandbox; batch++)
        {
            if (await turns.Next(evenEarly: true, cancellationToken) is not { } next)
            {
                return false;
            }

            turns.Serve(next.Owner);
            await RunBatch(next, cancellationToken);
        }

        return await turns.Next(evenEarly: true, cancellationToken) is not null;
    }

    private async Task RunAtPace(CancellationToken cancellationToken)
    {
        while (await turns.Next(evenEarly: false, cancellationToken) is { } next)
        {
            if (await turns.Begin(cancellationToken) is { } wait)
            {
                await Task.Delay(wait, time, cancellationToken);
                continue;
            }

            turns.Serve(next.Owner);
            var began = time.GetTimestamp();
            var progress = OperationProgress.Busy;
            try
            {
                progress = await RunBatch(next, cancellationToken);
            }
            finally
            {
                await turns.End(time.GetElapsedTime(began), load?.IsBusy == true, CancellationToken.None);
            }

            if (progress == OperationProgress.Busy)
            {
                // A request or another node holds it: look again at the next poll.
                return;
            }

            wakeUp.All();
        }
    }

    private async Task<OperationProgress> RunBatch(DueBatch batch, CancellationToken cancellationToken)
    {
        var (id, most) = (batch.Id, turns.Sizes.Of(batch.Id));
        var work = works.Single(work => work.IsOfMigrations == batch.IsOfMigration);
        try
        {
            var progress = await work.Run(id, most, null, cancellationToken);
            if (progress == OperationProgress.Done)
            {
                turns.Sizes.Forget(id);
            }
            else if (most is not null && progress == OperationProgress.More)
            {
                turns.Sizes.Raise(id, (await work.Size(id, cancellationToken)).Rows);
            }

            return progress;
        }
        catch (Exception failure) when (IsOfTheBatch(failure))
        {
            LogBatchFailed(logger, failure, id);
            return await TryFewerRows(work, id, failure, cancellationToken);
        }
    }

    /// <summary>
    /// Halves the next batch. A row that fails alone, or takes too long alone several times in a row, is passed over, so that it does not hold up the
    /// others, when the kind allows it. Everything else counts as a failure of the whole, with its backoff: without that a batch that always fails
    /// would be repeated at each poll.
    /// </summary>
    private async Task<OperationProgress> TryFewerRows(IBatchWork work, Guid id, Exception failure, CancellationToken cancellationToken)
    {
        var (rows, passesOver) = await work.Size(id, cancellationToken);
        var isAlone = !turns.Sizes.Halve(id, rows);
        var isTimeout = PostgresFailures.IsTimeout(failure);
        if (passesOver && !isAlone && !isTimeout)
        {
            return OperationProgress.More;
        }

        // A database that is slow for a while makes one row time out too, so one timeout is not enough to give the row up.
        if (passesOver && isAlone && (!isTimeout || turns.Sizes.TimedOutAlone(id) >= MostTimeoutsAlone))
        {
            try
            {
                return await work.Run(id, 1, isTimeout ? TookTooLong : Words(failure), cancellationToken);
            }
            catch (Exception again) when (IsOfTheBatch(again))
            {
                LogBatchFailed(logger, again, id);
                return await work.NoteFailure(id, Words(again), cancellationToken);
            }
        }

        return await work.NoteFailure(id, Words(failure), cancellationToken);
    }

    /// <summary>Whether the batch itself is at fault, and not the connection or a rival transaction.</summary>
    private static bool IsOfTheBatch(Exception failure) =>
        failure is not OperationCanceledException && (PostgresFailures.IsTimeout(failure) || !PostgresFailures.IsTransient(failure));

    private static string Words(Exception failure)
    {
        var message = failure.GetBaseException().Message;
        return message.Length > LongestError ? message[..LongestError] : message;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Operations and migrations could not be continued; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of operation or migration {Id} failed")]
    private static partial void LogBatchFailed(ILogger logger, Exception failure, Guid id);
}
