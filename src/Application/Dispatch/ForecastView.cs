namespace FollowUp.Application.Dispatch;

/// <summary>The scheduled steps by hour. Each instance counts once, with its next step.</summary>
/// <param name="At">When it was read; at most 60 seconds ago.</param>
/// <param name="From">The start of the first hour, which is the current one. Overdue steps count in it.</param>
/// <param name="To">The end of the last hour.</param>
/// <param name="CompleteUntil">
/// Steps that are due before this instant are counted; null when all are. A forecast counts the first 100,000 steps of each type.
/// </param>
/// <param name="Hours">The hours with scheduled steps, in order.</param>
public sealed record ForecastView(
    DateTimeOffset At,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset? CompleteUntil,
    IReadOnlyList<ForecastHour> Hours
)
{
    /// <summary>The longest forecast: 31 days.</summary>
    public const int MostHours = 744;
}

/// <summary>The steps of an hour.</summary>
/// <param name="Hour">The start of the hour, in UTC.</param>
/// <param name="Email">Mails.</param>
/// <param name="Sms">Text messages.</param>
/// <param name="Wait">Waits that end; the step after them follows.</param>
public sealed record ForecastHour(DateTimeOffset Hour, int Email, int Sms, int Wait);
