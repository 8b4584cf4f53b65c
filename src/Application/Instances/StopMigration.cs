namespace FollowUp.Application.Instances;

/// <summary>Stops a running migration between two batches; moved instances stay moved.</summary>
public sealed record StopMigration(SequenceId Sequence, MigrationId Id) : ICommand<MigrationView>;

internal sealed class StopMigrationHandler(ISequenceMigrations migrations, IDatabaseClock clock)
    : ICommandHandler<StopMigration, MigrationView>
{
    public async Task<Result<MigrationView>> Handle(StopMigration command, CancellationToken cancellationToken) =>
        await migrations.FindForChange(command.Sequence, command.Id, cancellationToken) is { } migration
            ? migration.Stop(await clock.Now(cancellationToken)).Map(() => MigrationView.From(migration))
            : MigrationErrors.NotFound;
}
