using Ardalis.Result;
using FollowUp.Application.Messaging;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Instances;

/// <summary>Goes on with a stopped migration where it stopped.</summary>
/// <param name="Sequence">One of the caller's sequences.</param>
/// <param name="Id">Which migration.</param>
public sealed record ContinueMigration(SequenceId Sequence, MigrationId Id) : ICommand<MigrationView>;

internal sealed class ContinueMigrationHandler(ISequenceRepository sequences, ISequenceMigrations migrations, IDatabaseClock clock)
    : ICommandHandler<ContinueMigration, MigrationView>
{
    public async Task<Result<MigrationView>> Handle(ContinueMigration command, CancellationToken cancellationToken)
    {
        // The sequence first, as a new migration does: of two that want to run, one sees the other.
        if (
            await sequences.FindForChange(command.Sequence, cancellationToken) is not { } sequence
            || await migrations.FindForChange(command.Sequence, command.Id, cancellationToken) is not { } migration
        )
        {
            return MigrationErrors.NotFound;
        }

        if (await migrations.FindRunning(command.Sequence, cancellationToken) is { } running && running != migration.Id)
        {
            return MigrationErrors.Running(running).ToResult();
        }

        if (migration.Version != sequence.CurrentVersion)
        {
            return MigrationErrors.VersionNotCurrent(migration.Version, sequence.CurrentVersion).ToResult();
        }

        return migration.Continue(await clock.Now(cancellationToken)).Map(() => MigrationView.From(migration));
    }
}
