namespace FollowUp.Application.Instances;

/// <summary>Performs an action on one of the caller's instances.</summary>
/// <param name="Of">The sequence that the instance must belong to, if the caller named one.</param>
public sealed record ActOnInstance(InstanceId Id, InstanceAction Action, SequenceId? Of = null) : ICommand<InstanceView>;

internal sealed class ActOnInstanceHandler(
    IInstanceRepository instances,
    ISuppressions suppressions,
    Timetables timetables,
    IDatabaseClock clock
) : ICommandHandler<ActOnInstance, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(ActOnInstance command, CancellationToken cancellationToken)
    {
        if (
            await instances.FindForChange(command.Id, cancellationToken) is not { } instance
            || (command.Of is { } sequence && sequence != instance.SequenceId)
        )
        {
            return InstanceErrors.NotFound;
        }

        // Another instance of the recipient may have been enrolled in the sequence since this one failed.
        if (
            command.Action.MakesActiveAgain
            && instance.Status == InstanceStatus.Failed
            && await instances.FindEnrolled(instance.SequenceId, instance.Recipient.Email, cancellationToken) is { } rival
        )
        {
            return InstanceErrors.AlreadyEnrolled(rival);
        }

        var timetable = command.Action.PlacesSteps ? await timetables.Of(instance, cancellationToken) : default;
        var now = await clock.Now(cancellationToken);
        var result = command.Action.Apply(instance, timetable, now);
        if (result.IsSuccess)
        {
            await suppressions.AddAfter(command.Action, instance, now, cancellationToken);
        }

        return result.Map(() => InstanceView.From(instance));
    }
}

internal static class StopSuppressions
{
    /// <summary>
    /// Suppresses the address when the instance was stopped for a reason that concerns it (unsubscribed, bounced, complained): the recipient's
    /// other instances end when their next mails come due.
    /// </summary>
    public static Task AddAfter(
        this ISuppressions suppressions,
        InstanceAction action,
        Instance instance,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (action.Kind != InstanceActionKind.Stop || !action.Reason.Suppresses())
        {
            return Task.CompletedTask;
        }

        var address = instance.Recipient.Email.Key;
        return suppressions.Add(
            Suppression.Create(instance.OwnerId, Channel.Email, address, action.Reason, SuppressionSource.User, now),
            cancellationToken
        );
    }
}
