using FollowUp.Application.Messaging;
using FollowUp.Application.Operations;
using FollowUp.Domain.Operations;
using FollowUp.Infrastructure.Outbox;
using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace FollowUp.Infrastructure.Operations;

/// <summary>
/// Quartz, every <c>Dispatcher:PollInterval</c>: runs operations batch by batch, owners in turn. The progress of a batch is written in its own
/// transaction, so a node that dies loses at most the batch that it had not committed.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class OperationJob(
    IServiceScopeFactory scopes,
    OperationTurns turns,
    DatabaseReadiness database,
    IHostApplicationLifetime lifetime,
    WakeUp wakeUp,
    NpgsqlDataSource dataSource,
    TimeProvider time,
    DatabaseWatch watch,
    ILogger<OperationJob> logger,
    StepPump? pump = null
) : IJob
{
    private const int LongestError = 500;

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

    /// <summary>Runs batches without a pause, as moving a sandbox's clock does. Tells whether any operation is left.</summary>
    public async Task<bool> RunAll(CancellationToken cancellationToken)
    {
        for (var batch = 0; batch < MostBatchesInSandbox; batch++)
        {
            if (await turns.Next(evenEarly: true, cancellationToken) is not { } next)
            {
                return false;
            }

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

            var began = time.GetTimestamp();
            var progress = OperationProgress.Busy;
            try
            {
                progress = await RunBatch(next, cancellationToken);
            }
            finally
            {
                await turns.End(time.GetElapsedTime(began), pump?.InHand.Count > 0, CancellationToken.None);
            }

            if (progress == OperationProgress.Busy)
            {
                // A request or another node holds it: look again at the next poll.
                return;
            }

            wakeUp.All();
        }
    }

    private async Task<OperationProgress> RunBatch(OperationId id, CancellationToken cancellationToken)
    {
        try
        {
            return await Send(new RunOperationBatch(id), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !PostgresFailures.IsTransient(failure))
        {
            LogBatchFailed(logger, failure, id.Value);
            return await RunRowByRow(id, failure, cancellationToken);
        }
    }

    /// <summary>One row must not hold up the others: the next row is tried alone, and passed over when it fails alone.</summary>
    private async Task<OperationProgress> RunRowByRow(OperationId id, Exception failure, CancellationToken cancellationToken)
    {
        if (!await PassesOver(id, cancellationToken))
        {
            return await Send(new NoteOperationFailure(id, Words(failure)), cancellationToken);
        }

        try
        {
            return await Send(new RunOperationBatch(id, 1), cancellationToken);
        }
        catch (Exception alone) when (alone is not OperationCanceledException && !PostgresFailures.IsTransient(alone))
        {
            return await Send(new RunOperationBatch(id, 1, Words(alone)), cancellationToken);
        }
    }

    private async Task<bool> PassesOver(OperationId id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var kind = await scope.ServiceProvider.GetRequiredService<FollowUpDbContext>().KindOf(id, cancellationToken);
        return scope.ServiceProvider.GetServices<IOperationRunner>().Any(runner => runner.Kind == kind && runner.PassesOver);
    }

    private async Task<OperationProgress> Send(IUseCase<OperationProgress> command, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Sender>().Send(command, cancellationToken)).Value;
    }

    private static string Words(Exception failure)
    {
        var message = failure.GetBaseException().Message;
        return message.Length > LongestError ? message[..LongestError] : message;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Operations could not be continued; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of operation {OperationId} failed")]
    private static partial void LogBatchFailed(ILogger logger, Exception failure, Guid operationId);
}
