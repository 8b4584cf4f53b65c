namespace FollowUp.Application.Recipients;

/// <summary>Lifts a suppression; the audit log records the user and the reason. Stopped instances stay stopped.</summary>
/// <param name="Confirm">Required when the recipient complained.</param>
public sealed record LiftSuppression(Guid Id, string? Reason, bool Confirm) : ICommand<Guid>;

internal sealed class LiftSuppressionValidator : AbstractValidator<LiftSuppression>
{
    public LiftSuppressionValidator() =>
        RuleFor(command => command.Reason)
            .Must(reason => !string.IsNullOrWhiteSpace(reason) && reason.Length <= AuditEntry.LongestReason && !reason.Any(char.IsControl))
            .WithMessage($"must have 1 to {AuditEntry.LongestReason} characters")
            .OverridePropertyName("reason");
}

internal sealed class LiftSuppressionHandler(ISuppressionList suppressions, IAuditLog audit, IDatabaseClock clock, ICaller caller)
    : ICommandHandler<LiftSuppression, Guid>
{
    public async Task<Result<Guid>> Handle(LiftSuppression command, CancellationToken cancellationToken)
    {
        if (await suppressions.FindForChange(command.Id, cancellationToken) is not { } suppression)
        {
            return SuppressionRules.NotFound;
        }

        if (suppression.Reason == StopReason.Complained && !command.Confirm)
        {
            return SuppressionRules.MustBeConfirmed;
        }

        suppressions.Remove(suppression);
        var channel = suppression.Channel == Channel.Sms ? "SMS" : "EMAIL";
        audit.Add(
            AuditEntry.Of(
                caller.OwnerId,
                caller.Credential,
                AuditEntry.SuppressionLifted,
                (suppression.Id, $"{channel} {suppression.Address} {CamelNames.Of(suppression.Reason)}"),
                command.Reason!,
                await clock.Now(cancellationToken)
            )
        );
        return suppression.Id;
    }
}
