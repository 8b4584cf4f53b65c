namespace FollowUp.Application.Instances;

/// <summary>Records that a batch of a migration failed as a whole. An internal command of the engine.</summary>
internal sealed record NoteMigrationFailure(MigrationId Id, string Error) : ICommand<MigrationBatchResult>;

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
