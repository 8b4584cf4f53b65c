namespace FollowUp.Application.Instances;

/// <summary>Starts to move the running instances of a sequence's older versions to its current one. The engine moves them in batches.</summary>
/// <param name="Version">
/// The current version's number. It must be given, so that a version published in the meantime is not mistaken for the planned one.
/// </param>
/// <param name="Policy"><c>stay</c>, <c>content</c> or <c>map</c>.</param>
/// <param name="Map">For the policy <c>map</c>: maps ids of old steps to ids of new ones, or to null when no steps remain.</param>
public sealed record MigrateInstances(SequenceId Id, int Version, string? Policy, IReadOnlyDictionary<string, string?>? Map)
    : ICreateCommand<MigrationView>;

internal sealed class MigrateInstancesValidator : AbstractValidator<MigrateInstances>
{
    public MigrateInstancesValidator()
    {
        RuleFor(command => command.Policy).Must(word => word is "stay" or "content" or "map").WithMessage("must be stay, content or map");
        RuleFor(command => command.Map)
            .NotNull()
            .WithMessage("is required with the policy map; {} moves each instance to the same step, or past a removed one")
            .When(command => command.Policy == "map");
        RuleFor(command => command.Map)
            .Null()
            .WithMessage("is only allowed with the policy map")
            .When(command => command.Policy is "stay" or "content");
        RuleFor(command => command.Map).Must(StepMap.IsSmall).WithMessage(StepMap.SizeRule);
    }
}

internal sealed class MigrateInstancesHandler(
    ISequenceRepository sequences,
    ISequenceMigrations migrations,
    IVersionShapes shapes,
    ICaller caller,
    IDatabaseClock clock
) : ICommandHandler<MigrateInstances, MigrationView>
{
    /// <summary>The maximum number of running instances that the request examines to return a total. More are counted by the first batch.</summary>
    private const int MostLooked = 1_000;

    public async Task<Result<MigrationView>> Handle(MigrateInstances command, CancellationToken cancellationToken)
    {
        if (await sequences.FindForChange(command.Id, cancellationToken) is not { } sequence)
        {
            return SequenceErrors.NotFound;
        }

        if (command.Version < 1 || command.Version > sequence.CurrentVersion)
        {
            return SequenceErrors.VersionNotFound;
        }

        if (command.Version != sequence.CurrentVersion)
        {
            return MigrationErrors.VersionNotCurrent(command.Version, sequence.CurrentVersion);
        }

        var map = command.Map ?? new Dictionary<string, string?>();
        var older = await shapes.Newest(command.Id, command.Version, Sequence.MostVersions, cancellationToken);
        if (StepMap.Check(map, older.StepIds(), sequence.Current.Steps.Select(step => step.Id).ToHashSet()) is { Count: > 0 } errors)
        {
            return Result.Invalid(errors);
        }

        var policy = Enum.Parse<MigrationPolicy>(command.Policy!, ignoreCase: true);
        if (policy != MigrationPolicy.Stay && await migrations.FindRunning(command.Id, cancellationToken) is { } running)
        {
            return MigrationErrors.Running(running);
        }

        var total = await migrations.CountOlder(command.Id, command.Version, MostLooked, cancellationToken);
        var migration = SequenceMigration.Begin(sequence, policy, map, total, await clock.Now(cancellationToken), caller.Actor);
        migrations.Add(migration);
        return MigrationView.From(migration);
    }
}
