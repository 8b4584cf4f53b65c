namespace FollowUp.Application.Quotas;

/// <summary>The caller's limits.</summary>
public sealed record GetLimits : IQuery<LimitsView>;

internal sealed class GetLimitsHandler(ICaller caller, ILimits limits, IDatabaseClock clock) : IQueryHandler<GetLimits, LimitsView>
{
    public async Task<Result<LimitsView>> Handle(GetLimits query, CancellationToken cancellationToken)
    {
        var (current, sent) = await limits.Get(caller.OwnerId, cancellationToken);
        return LimitsView.Of(current, sent, await clock.Now(cancellationToken));
    }
}
