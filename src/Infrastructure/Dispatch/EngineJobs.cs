using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Messaging;
using FollowUp.Application.Operations;
using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Quartz job, every <c>Dispatcher:PollInterval</c>: wakes the pump.</summary>
[DisallowConcurrentExecution]
internal sealed class PumpJob(StepPump pump) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        pump.Wake();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Quartz job, every <c>Dispatcher:RenewInterval</c>: renews the leases of the steps that this node is carrying out.</summary>
[DisallowConcurrentExecution]
internal sealed partial class RenewJob(StepPump pump, StepOutbox outbox, DatabaseWatch watch, ILogger<RenewJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (pump.Running is not { Count: > 0 } steps)
        {
            return;
        }

        try
        {
            await outbox.Renew([.. steps], cancellationToken);
        }
        catch (NpgsqlException failure)
        {
            if (!watch.Explains(failure))
            {
                LogNotRenewed(logger, failure.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not renew leases: {Error}")]
    private static partial void LogNotRenewed(ILogger logger, string error);
}

/// <summary>Quartz job, every <c>Dispatcher:SweepInterval</c>: recovers the steps of workers that are gone, and settles steps in doubt.</summary>
[DisallowConcurrentExecution]
internal sealed partial class SweepJob(
    IServiceScopeFactory scopes,
    DatabaseReadiness database,
    DispatchOptions options,
    DatabaseWatch watch,
    StepPump pump,
    BlockedOwners blocked,
    StrandedSequences stranded,
    ILogger<SweepJob> logger
) : IJob
{
    private const int MostAtOnce = 500;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!database.IsReady)
        {
            return;
        }

        try
        {
            await Sweep(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (!watch.Explains(failure))
            {
                LogFailed(logger, failure);
            }
        }
    }

    private async Task Sweep(CancellationToken cancellationToken)
    {
        await using var looking = scopes.CreateAsyncScope();
        var abandoned = await looking
            .ServiceProvider.GetRequiredService<IAbandonedSteps>()
            .Find(options.ResendDoubts, MostAtOnce, cancellationToken);
        foreach (var id in abandoned)
        {
            // One transaction and one scope each: a step that cannot be recovered does not prevent the recovery of the others.
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                await scope.ServiceProvider.GetRequiredService<Sender>().Send(new RecoverStep(id), cancellationToken);
                LogRecovered(logger, id.Value);
            }
            catch (Exception failure) when (failure is not OperationCanceledException && !watch.Explains(failure))
            {
                LogNotRecovered(logger, failure, id.Value);
            }
        }

        foreach (var sequence in await stranded.Find(cancellationToken))
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Sender>().Send(new ReleaseStranded(sequence), cancellationToken);
        }

        if (await blocked.Release(cancellationToken) + abandoned.Count > 0)
        {
            pump.Wake();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The sweep failed; the next one retries")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Recovered an abandoned step of instance {InstanceId}")]
    private static partial void LogRecovered(ILogger logger, Guid instanceId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Could not recover an abandoned step of instance {InstanceId}; the next sweep retries"
    )]
    private static partial void LogNotRecovered(ILogger logger, Exception failure, Guid instanceId);
}

/// <summary>Quartz job, every minute: deletes attempts, provider events and idempotency keys whose retention time is over. Events are kept.</summary>
[DisallowConcurrentExecution]
internal sealed partial class PruneJob(Pruner pruner, DatabaseReadiness database, DatabaseWatch watch, ILogger<PruneJob> logger) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!database.IsReady)
        {
            return;
        }

        try
        {
            await pruner.Prune(cancellationToken);
        }
        catch (NpgsqlException failure)
        {
            if (!watch.Explains(failure))
            {
                LogFailed(logger, failure.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pruning failed; the next run retries: {Error}")]
    private static partial void LogFailed(ILogger logger, string error);
}

/// <summary>Deletes expired rows in small batches, so that no lock is held for long.</summary>
internal sealed class Pruner(NpgsqlDataSource dataSource, DispatchOptions options, OperationOptions operations)
{
    private const int BatchRows = 5_000;

    /// <summary>Deletes batches until no expired row is left.</summary>
    public async Task Prune(CancellationToken cancellationToken)
    {
        // An attempt whose step is still in doubt is kept, because the provider's event for it may still arrive. Ids begin with the time of the claim
        // (UUIDv7), so the oldest attempts are at the start of the primary key.
        await UntilEmpty(
            """
            DELETE FROM attempt WHERE id IN (
              SELECT a.id FROM attempt a
              WHERE a.id < (lpad(to_hex((extract(epoch FROM now() - least(@accepted, @failed)) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
                AND a.finished_at < now() - CASE a.status WHEN 'ACCEPTED' THEN @accepted ELSE @failed END
                AND NOT EXISTS (SELECT 1 FROM step_job j WHERE j.instance_id = a.instance_id AND j.id = a.step_job_id AND j.state = 'in_doubt')
              ORDER BY a.id LIMIT @batch FOR UPDATE OF a SKIP LOCKED)
            """,
            cancellationToken
        );
        await UntilEmpty(
            """
            DELETE FROM provider_event WHERE id IN (
              SELECT p.id FROM provider_event p
              WHERE p.received_at < now() - @accepted AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.id = p.attempt_id)
              LIMIT @batch)
            """,
            cancellationToken
        );
        // Two days, so that the day is over in every time zone.
        await UntilEmpty(
            """
            DELETE FROM recipient_count WHERE (owner_id, address, day) IN (
              SELECT owner_id, address, day FROM recipient_count WHERE day < (now() AT TIME ZONE 'UTC')::date - 2 LIMIT @batch)
            """,
            cancellationToken
        );
        await UntilEmpty(
            """
            DELETE FROM ceiling_count WHERE (owner_id, channel, day) IN (
              SELECT owner_id, channel, day FROM ceiling_count WHERE day < (now() AT TIME ZONE 'UTC')::date - 2 LIMIT @batch)
            """,
            cancellationToken
        );
        // Commit proofs are queried for at most half a minute.
        await UntilEmpty(
            """
            DELETE FROM commit_proof WHERE id IN (
              SELECT id FROM commit_proof WHERE created_at < now() - interval '1 hour' LIMIT @batch)
            """,
            cancellationToken
        );
        await UntilEmpty(
            """
            DELETE FROM idempotency_key WHERE (owner_id, key_hash) IN (
              SELECT owner_id, key_hash FROM idempotency_key WHERE created_at < now() - interval '24 hours' LIMIT @batch)
            """,
            cancellationToken
        );
        await UntilEmpty(
            "DELETE FROM operation WHERE id IN (SELECT id FROM operation WHERE finished_at < now() - @operations LIMIT @batch)",
            cancellationToken
        );
    }

    private async Task UntilEmpty(string sql, CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            await using var command = dataSource.CreateCommand(sql);
            command.Parameters.AddWithValue("accepted", options.AcceptedRetention);
            command.Parameters.AddWithValue("failed", options.FailedRetention);
            command.Parameters.AddWithValue("operations", operations.Retention);
            command.Parameters.AddWithValue("batch", BatchRows);
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        } while (deleted == BatchRows);
    }
}
