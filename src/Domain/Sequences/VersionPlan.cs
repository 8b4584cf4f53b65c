namespace FollowUp.Domain.Sequences;

/// <summary>
/// Computes where the instances of one version continue in a newer one. Pure, so the plan shown to the user and the migration agree. A
/// recipient never receives a step twice: all steps from the target on are executed, so the target lies after every step already received.
/// </summary>
public sealed class VersionPlan
{
    private readonly MigrationPolicy _policy;
    private readonly IReadOnlyList<Step> _from;
    private readonly IReadOnlyList<Step> _to;
    private readonly IReadOnlyDictionary<string, string?> _map;
    private readonly Dictionary<string, int> _places;
    private readonly bool _sameShape;

    /// <summary>Plans the migration from one version to a newer one.</summary>
    /// <param name="map">
    /// For <see cref="MigrationPolicy.Map"/>: maps ids of old steps to ids of new ones; null means that no steps remain. Checked by
    /// <see cref="StepMap"/>.
    /// </param>
    public VersionPlan(MigrationPolicy policy, IReadOnlyList<Step> from, IReadOnlyList<Step> to, IReadOnlyDictionary<string, string?> map)
    {
        (_policy, _from, _to, _map) = (policy, from, to, map);
        _places = to.Select((step, i) => (step.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        _sameShape = from.Count == to.Count && from.Zip(to).All(pair => pair.First.HasShapeOf(pair.Second));
    }

    /// <summary>The target of an instance.</summary>
    /// <param name="at">Its current step, in its own version.</param>
    /// <param name="had">The ids of all steps executed for it, in any version.</param>
    public StepMove Move(StepIndex at, IReadOnlySet<string> had)
    {
        switch (_policy)
        {
            case MigrationPolicy.Stay:
                return new(StepMoveReason.Stays, null);
            case MigrationPolicy.Content when !_sameShape:
                return new(StepMoveReason.ShapeDiffers, null);
            default:
                var (reason, place) = Wanted(at.Value);
                var behind = BehindAll(had);
                return place < behind ? new(StepMoveReason.AlreadyHad, new(behind)) : new(reason, new(place));
        }
    }

    /// <summary>The steps that an instance has executed if it never changed its version: all before the current one.</summary>
    public static IReadOnlySet<string> HadBefore(IReadOnlyList<Step> steps, StepIndex at) =>
        steps.Take(at.Value).Select(step => step.Id).ToHashSet();

    private (StepMoveReason Reason, int Place) Wanted(int at)
    {
        if (Place(at) is { } own)
        {
            return own;
        }

        // The first in the new order, so that no remaining step is skipped.
        var next = Enumerable
            .Range(at + 1, _from.Count - at - 1)
            .Select(later => Place(later)?.Place ?? _to.Count)
            .DefaultIfEmpty(_to.Count)
            .Min();
        return next < _to.Count ? (StepMoveReason.NextSurviving, next) : (StepMoveReason.SamePlace, Math.Min(at, _to.Count));
    }

    private (StepMoveReason Reason, int Place)? Place(int at)
    {
        var id = _from[at].Id;
        return _policy == MigrationPolicy.Map && _map.TryGetValue(id, out var mapped)
                ? (StepMoveReason.Mapped, mapped is null ? _to.Count : _places[mapped])
            : _places.TryGetValue(id, out var same) ? (StepMoveReason.SameStep, same)
            : null;
    }

    private int BehindAll(IReadOnlySet<string> had)
    {
        var place = _to.Count;
        while (place > 0 && !had.Contains(_to[place - 1].Id))
        {
            place--;
        }

        return place;
    }
}
