namespace FollowUp.Application.Dispatch;

/// <summary>Figures about the caller's steps for the console, from kept counters and bounded reads, shared by the caller's requests on this node.</summary>
public interface IOwnerFeeds
{
    /// <summary>The present situation, at most two seconds old.</summary>
    Task<OverviewView> Overview(CancellationToken cancellationToken);

    /// <summary>The scheduled steps of the next hours, at most 60 seconds old.</summary>
    Task<ForecastView> Forecast(int hours, CancellationToken cancellationToken);
}
