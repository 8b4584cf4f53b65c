namespace FollowUp.Application.Dispatch;

/// <summary>The caller's present situation: what needs attention, what is sent, and how late.</summary>
public sealed record GetOverview : IQuery<OverviewView>;

internal sealed class GetOverviewHandler(IOwnerFeeds feeds) : IQueryHandler<GetOverview, OverviewView>
{
    public async Task<Result<OverviewView>> Handle(GetOverview query, CancellationToken cancellationToken) =>
        await feeds.Overview(cancellationToken);
}
