using Quartz;

namespace FollowUp.Infrastructure.Dispatch;

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
