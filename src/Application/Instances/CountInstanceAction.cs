namespace FollowUp.Application.Instances;

/// <summary>Counts what an action on many of the caller's instances would do. Changes and locks nothing.</summary>
public sealed record CountInstanceAction(InstanceActionInput Input) : IQuery<InstanceActionCounts>;

internal sealed class CountInstanceActionValidator : AbstractValidator<CountInstanceAction>
{
    public CountInstanceActionValidator() => InstanceActionRules.AddTo(this, query => query.Input);
}

internal sealed class CountInstanceActionHandler(ICaller caller, IInstanceGroups groups)
    : IQueryHandler<CountInstanceAction, InstanceActionCounts>
{
    public async Task<Result<InstanceActionCounts>> Handle(CountInstanceAction query, CancellationToken cancellationToken)
    {
        var action = query.Input.ToAction();
        var found = await groups.Count(
            caller.OwnerId,
            query.Input.Filter ?? new InstanceFilter(),
            query.Input.Ids,
            action,
            cancellationToken
        );
        var refused = found
            .GroupBy(group => action.RefusalFor(group.Status, group.IsInDoubt, group.HasRival), group => group.Count)
            .ToDictionary(group => group.Key ?? "", group => group.Sum());
        var unknown = query.Input.Ids is { } ids ? ids.Distinct().Count() - found.Sum(group => group.Count) : 0;
        if (unknown > 0)
        {
            refused[Error.NotFoundCode] = unknown;
        }

        return new InstanceActionCounts(
            found.Sum(group => group.Count),
            refused.GetValueOrDefault(""),
            [
                .. refused
                    .Where(group => group.Key.Length > 0)
                    .OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new RefusalCount(group.Key, group.Value)),
            ]
        );
    }
}
