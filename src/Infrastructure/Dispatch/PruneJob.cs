using Quartz;

namespace FollowUp.Infrastructure.Dispatch;

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
