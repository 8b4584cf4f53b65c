namespace FollowUp.Application.Recipients;

/// <summary>
/// Suppresses an address for all of the caller's sequences. Running instances of the address stop when their next steps come due, and
/// enrolments are rejected. An existing suppression stays unchanged.
/// </summary>
public sealed record AddSuppression(SuppressionInput Input) : ICreateCommand<AddedSuppression>;

internal sealed class AddSuppressionHandler(ISuppressionList suppressions, IDatabaseClock clock, ICaller caller)
    : ICommandHandler<AddSuppression, AddedSuppression>
{
    public async Task<Result<AddedSuppression>> Handle(AddSuppression command, CancellationToken cancellationToken)
    {
        var read = command.Input.Read();
        if (!read.IsSuccess)
        {
            return Result.Invalid(read.ValidationErrors);
        }

        var (channel, address, reason) = read.Value;
        var now = await clock.Now(cancellationToken);
        var wanted = Suppression.Create(caller.OwnerId, channel, address, reason, SuppressionSource.User, now);
        // Another transaction may have suppressed the address, now or long ago: the stored row counts.
        var stored = await suppressions.AddOrLock(wanted, cancellationToken);
        return new AddedSuppression(SuppressionView.From(stored), stored.Id == wanted.Id);
    }
}
