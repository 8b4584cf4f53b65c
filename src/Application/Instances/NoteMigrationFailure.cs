using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;

namespace FollowUp.Application.Instances;

/// <summary>Notes that a batch of a migration failed as a whole. A command of the engine.</summary>
/// <param name="Id">Which migration.</param>
/// <param name="Error">Why.</param>
public sealed record NoteMigrationFailure(MigrationId Id, string Error) : ICommand<MigrationBatchResult>;

internal sealed class NoteMigrationFailureHandler(IMigrationBatches batches, IDatabaseClock clock)
    : ICommandHandler<NoteMigrationFailure, MigrationBatchResult>
{
    public async Task<Result<MigrationBatchResult>> Handle(NoteMigrationFailure command, CancellationToken cancellationToken)
    {
        if (await batches.LockAlone(command.Id, cancellationToken) is not { } migration)
        {
            return MigrationBatchResult.Busy;
        }

        migration.Fail(command.Error, await clock.Now(cancellationToken));
        return MigrationBatchResult.Waiting;
    }
}
