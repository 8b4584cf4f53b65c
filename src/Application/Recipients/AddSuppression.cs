using Ardalis.Result;
using FollowUp.Application.Accounts;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Recipients;

namespace FollowUp.Application.Recipients;

/// <summary>
/// Suppresses an address for all of the caller's sequences. Running instances of the address stop as their next steps come due, and enrolments are
/// refused. An address that is suppressed already stays as it is.
/// </summary>
/// <param name="Input">The address.</param>
public sealed record AddSuppression(SuppressionInput Input) : ICreateCommand<AddedSuppression>;

internal sealed class AddSuppressionHandler(ISuppressionList suppressions, IDatabaseClock clock, ICaller caller)
    : ICommandHandler<AddSuppression, AddedSuppression>
{
    public async Task<Result<AddedSuppression>> Handle(AddSuppression command, CancellationToken cancellationToken)
    {
        var read = command.Input.Read();
        if (!read.IsSuccess)
        {
            return read.Map(_ => default(AddedSuppression)!);
        }

        var (channel, address, reason) = read.Value;
        var now = await clock.Now(cancellationToken);
        var wanted = Suppression.Create(caller.OwnerId, channel, address, reason, SuppressionSource.User, now);
        // Another transaction may have been faster, or the address was suppressed long ago: its row counts.
        var stored = await suppressions.AddOrLock(wanted, cancellationToken);
        return new AddedSuppression(SuppressionView.From(stored), stored.Id == wanted.Id);
    }
}
