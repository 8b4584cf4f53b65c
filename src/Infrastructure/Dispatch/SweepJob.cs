using Ardalis.Result;
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
        var recovered = await Recover(cancellationToken);
        foreach (var sequence in await stranded.Find(cancellationToken))
        {
            try
            {
                await Send(new ReleaseStranded(sequence), cancellationToken);
            }
            catch (Exception failure) when (IsOfOne(failure))
            {
                LogNotReleased(logger, failure, sequence.Id.Value);
            }
        }

        if (await blocked.Release(cancellationToken) + recovered > 0)
        {
            pump.Wake();
        }
    }

    /// <summary>
    /// One transaction and one scope each: a step that cannot be recovered does not prevent the recovery of the others. Returns how many were
    /// recovered. The result of the others is that they are locked, or no longer abandoned.
    /// </summary>
    private async Task<int> Recover(CancellationToken cancellationToken)
    {
        await using var looking = scopes.CreateAsyncScope();
        var abandoned = await looking
            .ServiceProvider.GetRequiredService<IAbandonedSteps>()
            .Find(options.ResendDoubts, MostAtOnce, cancellationToken);
        var recovered = 0;
        foreach (var id in abandoned)
        {
            try
            {
                if ((await Send(new RecoverStep(id), cancellationToken)).IsSuccess)
                {
                    recovered++;
                    LogRecovered(logger, id.Value);
                }
            }
            catch (Exception failure) when (IsOfOne(failure))
            {
                LogNotRecovered(logger, failure, id.Value);
            }
        }

        return recovered;
    }

    private async Task<Result<T>> Send<T>(IUseCase<T> request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Sender>().Send(request, cancellationToken);
    }

    /// <summary>Whether the next step or sequence may succeed. After the loss of the database it would fail as well.</summary>
    private bool IsOfOne(Exception failure) => failure is not OperationCanceledException && !watch.Explains(failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The sweep failed; the next one retries")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Recovered an abandoned step of instance {InstanceId}")]
    private static partial void LogRecovered(ILogger logger, Guid instanceId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Could not recover an abandoned step of instance {InstanceId}; the next sweep retries"
    )]
    private static partial void LogNotRecovered(ILogger logger, Exception failure, Guid instanceId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not release the parked steps of sequence {SequenceId}; a later sweep retries")]
    private static partial void LogNotReleased(ILogger logger, Exception failure, Guid sequenceId);
}
