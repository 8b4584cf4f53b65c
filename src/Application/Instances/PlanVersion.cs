namespace FollowUp.Application.Instances;

/// <summary>Returns what publishing steps would do with the running instances. Changes nothing.</summary>
/// <param name="Steps">1 to 50 steps.</param>
/// <param name="Map">For the policy <c>map</c>: maps ids of old steps to ids of the given steps, or to null when no steps remain.</param>
public sealed record PlanVersion(SequenceId Id, IReadOnlyList<StepInput?>? Steps, IReadOnlyDictionary<string, string?>? Map)
    : IQuery<PlanView>;

internal sealed class PlanVersionValidator : AbstractValidator<PlanVersion>
{
    public PlanVersionValidator(ITemplateRenderer templates)
    {
        RuleFor(query => query.Map).Must(StepMap.IsSmall).WithMessage(StepMap.SizeRule);
        SequenceRules.Steps(this, query => query.Steps, templates);
    }
}

internal sealed class PlanVersionHandler(IReadDb db, IVersionShapes shapes, IRunningInstances standings, IDatabaseClock clock)
    : IQueryHandler<PlanVersion, PlanView>
{
    /// <summary>The maximum number of rows of each list in the response. The totals count all instances.</summary>
    public const int MostRows = 1_000;

    /// <summary>The maximum number of running instances that a plan examines: a few seconds of database time.</summary>
    private const int MostLooked = 100_000;

    public async Task<Result<PlanView>> Handle(PlanVersion query, CancellationToken cancellationToken)
    {
        var found = await db.Of<Sequence>().Where(s => s.Id == query.Id).WithCurrentVersion(db).SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return SequenceErrors.NotFound;
        }

        var (given, current) = (query.Steps!.Select(step => step!.ToStep()).ToList(), found.Current);
        if (ScheduleRules.Check(found.Sequence.Schedule, given) is { Count: > 0 } wrong)
        {
            return Result.Invalid(wrong);
        }

        var steps = StepIds.Complete(given, current.Steps, await clock.Now(cancellationToken));
        var publishes = !steps.SequenceEqual(current.Steps);
        var version = current.Number + (publishes ? 1 : 0);
        var known = await shapes.Newest(query.Id, int.MaxValue, Sequence.MostVersions, cancellationToken);
        var versions = known.ToDictionary(v => v.Number, v => v.Steps);
        var map = query.Map ?? new Dictionary<string, string?>();
        var older = known.Where(v => v.Number < version).StepIds();
        if (StepMap.Check(map, older, steps.Select(step => step.Id).ToHashSet()) is { Count: > 0 } errors)
        {
            return Result.Invalid(errors);
        }

        // Ids generated for this response are not shown: publishing generates new ones.
        var knownIds = given.Where(step => step.Id.Length > 0).Concat(current.Steps).Select(step => step.Id).ToHashSet();
        // Instances of a version published after the versions were read are left to the next plan.
        var all = await standings.Count(query.Id, MostLooked + 1, cancellationToken);
        var groups = all.Where(group => versions.ContainsKey(group.Version)).ToList();
        PolicyView Policy(MigrationPolicy policy) =>
            new PolicyPlan(policy, versions, steps, map, knownIds).Of([.. groups.Where(group => group.Version < version)]);
        var running = Running(groups, versions);
        return new PlanView(
            version,
            publishes,
            [.. StepChange.Between(current.Steps, steps).Select(change => View(change, knownIds))],
            [.. running.Take(MostRows)],
            Policy(MigrationPolicy.Stay),
            Policy(MigrationPolicy.Content),
            Policy(MigrationPolicy.Map)
        )
        {
            RunningOmitted = Math.Max(0, running.Count - MostRows),
            Partial = all.Sum(group => group.Count) > MostLooked,
        };
    }

    private static StepChangeView View(StepChange change, HashSet<string> known)
    {
        var step = change.New ?? change.Old!;
        return new StepChangeView(
            known.Contains(step.Id) ? step.Id : null,
            TypeName(step),
            CamelNames.Of(change.Kind),
            change.From?.Value,
            change.To?.Value,
            change is { Old: { } old, New: { } now } ? Fields(old, now) : []
        );
    }

    /// <summary>The fields that differ, in the API's spelling.</summary>
    private static List<string> Fields(Step old, Step now)
    {
        var (left, right) = (Json(old), Json(now));
        return
        [
            .. left.Concat(right)
                .Select(field => field.Key)
                .Distinct()
                .Where(name => left.GetValueOrDefault(name).GetRawTextOrEmpty() != right.GetValueOrDefault(name).GetRawTextOrEmpty()),
        ];

        static Dictionary<string, JsonElement> Json(Step step) =>
            JsonSerializer
                .SerializeToElement(StepInput.From(step), ClientJson.Options)
                .EnumerateObject()
                .ToDictionary(field => field.Name, field => field.Value);
    }

    private static List<RunningView> Running(IReadOnlyList<RunningGroup> groups, Dictionary<int, IReadOnlyList<Step>> versions) =>
        [
            .. groups
                .GroupBy(group => (group.Version, group.At))
                .OrderBy(at => at.Key.Version)
                .ThenBy(at => at.Key.At.Value)
                .Select(at =>
                {
                    var step = versions[at.Key.Version][at.Key.At.Value];
                    return new RunningView(
                        at.Key.Version,
                        at.Key.At.Value,
                        step.Id,
                        TypeName(step),
                        Sum(group => group.Status == InstanceStatus.Active),
                        Sum(group => group.Status == InstanceStatus.Paused),
                        Sum(group => group.Status == InstanceStatus.Failed),
                        Sum(group => group.JobState == JobState.Leased)
                    );

                    int Sum(Func<RunningGroup, bool> those) => at.Where(those).Sum(group => group.Count);
                }),
        ];

    private static string TypeName(Step step) => step.Type.ToString().ToUpperInvariant();
}

/// <summary>What one policy would do with all groups of running instances.</summary>
internal sealed class PolicyPlan(
    MigrationPolicy policy,
    IReadOnlyDictionary<int, IReadOnlyList<Step>> versions,
    IReadOnlyList<Step> steps,
    IReadOnlyDictionary<string, string?> map,
    HashSet<string> known
)
{
    private readonly Dictionary<int, VersionPlan> _plans = [];

    public PolicyView Of(IReadOnlyList<RunningGroup> groups)
    {
        var moves = groups
            .Select(group => (Group: group, Move: Move(group)))
            .GroupBy(pair => (pair.Group.Version, From: pair.Group.At.Value, pair.Move.Reason, To: pair.Move.To?.Value))
            .OrderBy(move => move.Key.Version)
            .ThenBy(move => move.Key.From)
            .ThenBy(move => move.Key.To)
            .Select(move => View(move.Key, move.Sum(pair => pair.Group.Count)))
            .ToList();
        var staying = moves.Where(move => move is { To: null, Ends: false }).Sum(move => move.Instances);
        return new PolicyView(
            groups.Sum(group => group.Count) - staying,
            moves.Where(move => move.Ends).Sum(move => move.Instances),
            staying,
            [.. moves.Take(PlanVersionHandler.MostRows)]
        )
        {
            Omitted = Math.Max(0, moves.Count - PlanVersionHandler.MostRows),
        };
    }

    private (string Reason, StepIndex? To) Move(RunningGroup group)
    {
        if (policy != MigrationPolicy.Stay && group.JobState == JobState.InDoubt)
        {
            return ("inDoubt", null);
        }

        var from = versions[group.Version];
        if (!_plans.TryGetValue(group.Version, out var plan))
        {
            _plans[group.Version] = plan = new VersionPlan(policy, from, steps, map);
        }

        var had = group.Had is { } own
            ? own.Where(step => versions.ContainsKey(step.Version)).Select(step => versions[step.Version][step.Step].Id).ToHashSet()
            : VersionPlan.HadBefore(from, group.At);
        var move = plan.Move(group.At, had);
        return (CamelNames.Of(move.Reason), move.To);
    }

    private MoveView View((int Version, int From, string Reason, int? To) move, int instances)
    {
        var ends = move.To == steps.Count;
        var to = ends ? null : move.To;
        var id = to is { } index && known.Contains(steps[index].Id) ? steps[index].Id : null;
        return new MoveView(move.Version, move.From, versions[move.Version][move.From].Id, to, id, ends, move.Reason, instances);
    }
}

internal static class JsonTexts
{
    /// <summary>A field's JSON; empty when the field is absent.</summary>
    public static string GetRawTextOrEmpty(this JsonElement field) => field.ValueKind == JsonValueKind.Undefined ? "" : field.GetRawText();
}
