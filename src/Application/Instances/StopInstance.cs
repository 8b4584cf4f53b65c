using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Application.Recipients;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Instances;

/// <summary>
/// Ends one of the caller's instances for good. When the person does not want, or the address does not take, any more mail, the address is
/// suppressed as well: the person's other instances end as their next mails come due.
/// </summary>
/// <param name="Id">Which one.</param>
/// <param name="Reason">Why.</param>
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
