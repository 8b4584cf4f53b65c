using Quartz;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Quartz job, every <c>Dispatcher:RenewInterval</c>: renews the leases of the steps that this node is carrying out.</summary>
[DisallowConcurrentExecution]
internal sealed class RenewJob(StepPump pump, StepOutbox outbox, DatabaseWatch watch) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (pump.Running is { Count: > 0 } steps)
        {
            await watch.Run("renew leases", cancelled => outbox.Renew([.. steps], cancelled), cancellationToken);
        }
    }
}
