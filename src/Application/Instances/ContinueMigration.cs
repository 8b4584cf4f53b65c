namespace FollowUp.Application.Instances;

/// <summary>Continues a stopped migration.</summary>
public sealed record ContinueMigration(SequenceId Sequence, MigrationId Id) : ICommand<MigrationView>;

internal sealed class ContinueMigrationHandler(ISequenceRepository sequences, ISequenceMigrations migrations, IDatabaseClock clock)
    : ICommandHandler<ContinueMigration, MigrationView>
{
    public async Task<Result<MigrationView>> Handle(ContinueMigration command, CancellationToken cancellationToken)
    {
        // Locks the sequence first, as a new migration does: of two concurrent starts, the second sees the first.
        if (
            await sequences.FindForChange(command.Sequence, cancellationToken) is not { } sequence
            || await migrations.FindForChange(command.Sequence, command.Id, cancellationToken) is not { } migration
        )
        {
            return MigrationErrors.NotFound;
        }

        if (await migrations.FindRunning(command.Sequence, cancellationToken) is { } running && running != migration.Id)
        {
            return MigrationErrors.Running(running);
        }

        if (migration.Version != sequence.CurrentVersion)
        {
            return MigrationErrors.VersionNotCurrent(migration.Version, sequence.CurrentVersion);
        }

        return migration.Continue(await clock.Now(cancellationToken)).Map(() => MigrationView.From(migration));
    }
}
