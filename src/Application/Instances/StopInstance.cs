using FollowUp.Application.Recipients;

namespace FollowUp.Application.Instances;

/// <summary>
/// Ends one of the caller's instances permanently. When the reason concerns the address (unsubscribed, bounced, complained), the address is
/// suppressed as well: the recipient's other instances end when their next mails come due.
/// </summary>
public sealed record StopInstance(InstanceId Id, StopReason Reason) : ICommand<InstanceView>;

internal sealed class StopInstanceHandler(IInstanceRepository instances, ISuppressions suppressions, IDatabaseClock clock)
    : ICommandHandler<StopInstance, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(StopInstance command, CancellationToken cancellationToken)
    {
        if (await instances.FindForChange(command.Id, cancellationToken) is not { } instance)
        {
            return InstanceErrors.NotFound;
        }

        var now = await clock.Now(cancellationToken);
        var stopped = instance.Stop(command.Reason, now);
        if (stopped.IsSuccess && command.Reason.Suppresses())
        {
            await suppressions.Add(
                Suppression.Create(
                    instance.OwnerId,
                    Channel.Email,
                    instance.Recipient.Email.Key,
                    command.Reason,
                    SuppressionSource.User,
                    now
                ),
                cancellationToken
            );
        }

        return stopped.Map(() => InstanceView.From(instance));
    }
}
