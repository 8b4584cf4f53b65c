using Quartz;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Quartz job, every minute: deletes attempts, provider events, sessions and idempotency keys whose retention time is over. Events are kept.</summary>
[DisallowConcurrentExecution]
internal sealed class PruneJob(Pruner pruner, DatabaseReadiness database, DatabaseWatch watch) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (database.IsReady)
        {
            await watch.Run("delete expired rows", pruner.Prune, cancellationToken);
        }
    }
}
