namespace FollowUp.Application.Instances;

/// <summary>Enrols a recipient in one of the caller's sequences.</summary>
public sealed record EnrollRecipient(SequenceId SequenceId, EnrolmentInput Input) : ICreateCommand<InstanceView>;

internal sealed class EnrollRecipientHandler(
    ISequenceRepository sequences,
    IInstanceRepository instances,
    ISuppressions suppressions,
    ISendingPlans plans,
    PreparedEnrolmentCheck check,
    ICaller caller,
    IDatabaseClock clock
) : ICommandHandler<EnrollRecipient, InstanceView>
{
    public async Task<Result<InstanceView>> Handle(EnrollRecipient command, CancellationToken cancellationToken)
    {
        if (await sequences.FindForEnrolment(command.SequenceId, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        var now = await clock.Now(cancellationToken);
        var read = command.Input.Read(now, sequence.Current.Steps.Any(step => step is SmsStep));
        if (!read.IsSuccess)
        {
            return Result.Invalid(read.ValidationErrors);
        }

        var (recipient, variables, offerId, startAt) = read.Value;
        if (!sequence.Enabled)
        {
            return SequenceErrors.Disabled;
        }

        if (await suppressions.Contains(sequence.OwnerId, Channel.Email, recipient.Email.Key, cancellationToken))
        {
            return InstanceErrors.Suppressed;
        }

        // A concurrent enrolment of the same recipient inserts into the unique index first; this command then runs again and finds it here.
        if (await instances.FindEnrolled(sequence.Id, recipient.Email, cancellationToken) is { } enrolled)
        {
            return InstanceErrors.AlreadyEnrolled(enrolled);
        }

        var plan = await plans.For(sequence.Schedule, recipient.TimeZone, cancellationToken);
        return Instance
            .Enroll(sequence, recipient, variables, offerId, startAt, now, plan, actor: caller.Actor)
            .Map(instance =>
            {
                instances.Add(instance);
                var warnings = check.Of(sequence.Current, sequence.Name, read.Value);
                return InstanceView.From(instance) with { Warnings = warnings.Count == 0 ? null : warnings };
            });
    }
}
