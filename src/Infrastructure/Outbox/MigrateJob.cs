using FollowUp.Application.Messaging;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>
/// Quartz, every <c>Dispatcher:PollInterval</c>: carries running migrations on, batch by batch. Any node may take the next batch; what it did is
/// in the migration's row, in the same transaction, so a node that dies takes at most the batch with it that was not committed.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class MigrateJob(
    IServiceScopeFactory scopes,
    DatabaseReadiness database,
    IHostApplicationLifetime lifetime,
    DatabaseWatch watch,
    ILogger<MigrateJob> logger
) : IJob
{
    private const int BatchSize = 200;

    /// <summary>So that one long migration does not keep others waiting.</summary>
    private const int MostBatchesInARow = 25;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await CarryOn(cancellationToken);

    /// <summary>Carries on what is running. In a sandbox, which has no timer, moving its clock calls it.</summary>
    public async Task CarryOn(CancellationToken cancellationToken)
    {
        if (!database.IsReady)
        {
            return;
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            foreach (var id in await Running(stopping.Token))
            {
                await Carry(id, stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was committed stands; this node or another goes on from there.
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (!watch.Explains(failure))
            {
                LogFailed(logger, failure);
            }
        }
    }

    private async Task<IReadOnlyList<MigrationId>> Running(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMigrationBatches>().Running(cancellationToken);
    }

    private async Task Carry(MigrationId id, CancellationToken cancellationToken)
    {
        var size = BatchSize;
        for (var batch = 0; batch < MostBatchesInARow; batch++)
        {
            var command = new MigrateBatch(id, size);
            MigrationProgress progress;
            try
            {
                progress = await Send(command, cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException && !PostgresFailures.IsTransient(failure))
            {
                // One instance must not hold up the others: from here on each alone, and the one that fails alone is passed over.
                LogBatchFailed(logger, failure, id.Value, size);
                if (size > 1)
                {
                    size = 1;
                    continue;
                }

                progress = await Send(command with { PassOver = Words(failure) }, cancellationToken);
            }

            if (progress != MigrationProgress.More)
            {
                return;
            }
        }
    }

    private async Task<MigrationProgress> Send(MigrateBatch command, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Sender>().Send(command, cancellationToken)).Value;
    }

    private static string Words(Exception failure)
    {
        var message = failure.GetBaseException().Message;
        return message.Length > 500 ? message[..500] : message;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Migrations could not be carried on; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of {Size} of migration {MigrationId} failed")]
    private static partial void LogBatchFailed(ILogger logger, Exception failure, Guid migrationId, int size);
}
