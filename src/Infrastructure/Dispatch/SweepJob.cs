using Quartz;

namespace FollowUp.Infrastructure.Dispatch;

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
