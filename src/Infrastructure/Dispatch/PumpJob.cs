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
